"""What makes an offering visible, one rule at a time, and who sees which part of the network."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from core.clock import now, today
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from identity.roles import OrganisationKind, Role
from identity.tables import Organisation
from network.offering_view import STALE_AFTER_DAYS, OfferingView
from network.offering_visibility import Obstacle
from network.offerings_read import (
    OfferingFilter,
    describe_offerings,
    get_offering,
    list_offerings,
    referable_offering,
)
from network.settings import arbodienst_settings
from network.tables import (
    ArbodienstSettings,
    Contract,
    MeasuredOutcome,
    MeasuredWait,
    OfferingState,
    OrganisationProfile,
    RegistrationKind,
)
from network.taxonomy import Disclosure, ReferralClass
from tests.network.offers import add_offering, add_provider, registration
from tests.world import World

YESTERDAY = -1


def look(world: World, offering_id: UUID, role: Role = Role.NETWORK_MANAGER) -> OfferingView:
    """Return an offering as `role` sees it."""
    actor = world.actor(role)
    with world.acting(Door.OPEN, actor) as session:
        return get_offering(session, actor, offering_id)


def change_contract(world: World, provider_id: UUID, **changes: object) -> None:
    """Change the contract of a provider past every rule."""
    with Session(world.database.owner) as session:
        contract = session.exec(select(Contract).where(col(Contract.provider_id) == provider_id)).one()
        for name, value in changes.items():
            setattr(contract, name, value)
        session.commit()


def test_an_approved_offering_with_everything_in_order_is_visible(world: World) -> None:
    found = look(world, add_offering(world, add_provider(world)), Role.PHYSICIAN)
    assert found.is_visible
    assert (found.provider_name, found.disclosure, found.referral_class) == (
        "Praktijk De Brug",
        Disclosure.CONF,
        ReferralClass.MEDICAL,
    )


@pytest.mark.parametrize("state", [state for state in OfferingState if state is not OfferingState.APPROVED])
def test_only_an_approved_offering_is_visible(world: World, state: OfferingState) -> None:
    """R29."""
    offering_id = add_offering(world, add_provider(world), state=state)
    assert look(world, offering_id).obstacles == (Obstacle.NOT_APPROVED,)
    with pytest.raises(NotFound):
        look(world, offering_id, Role.PHYSICIAN)


@pytest.mark.parametrize("changes", [{"starts_on": today() + timedelta(days=1)}, {"ends_on": today() - timedelta(1)}])
def test_without_a_running_contract_it_is_hidden(world: World, changes: dict[str, object]) -> None:
    provider_id = add_provider(world)
    offering_id = add_offering(world, provider_id)
    change_contract(world, provider_id, **changes)
    assert look(world, offering_id).obstacles == (Obstacle.NO_CONTRACT,)


def test_a_contract_counts_on_its_last_day(world: World) -> None:
    provider_id = add_provider(world)
    offering_id = add_offering(world, provider_id)
    change_contract(world, provider_id, ends_on=today())
    assert look(world, offering_id).is_visible


def test_a_suspended_contract_hides_it(world: World) -> None:
    provider_id = add_provider(world)
    offering_id = add_offering(world, provider_id)
    change_contract(world, provider_id, suspended_at=now())
    assert look(world, offering_id).obstacles == (Obstacle.SUSPENDED,)


def test_a_medical_offering_needs_a_care_registration(world: World) -> None:
    """R31."""
    provider_id = add_provider(world, "Zonder BIG", RegistrationKind.NIP)
    offering_id = add_offering(world, provider_id)
    assert look(world, offering_id).obstacles == (Obstacle.NO_CARE_REGISTRATION,)
    world.add(registration(world, provider_id, RegistrationKind.AGB))
    assert look(world, offering_id).is_visible


def test_an_expired_care_registration_hides_it_until_one_is_valid(world: World) -> None:
    """R30."""
    provider_id = world.organisation(OrganisationKind.PROVIDER, "Verlopen")
    world.add(registration(world, provider_id, RegistrationKind.BIG, YESTERDAY))
    offering_id = add_offering(world, provider_id)
    assert look(world, offering_id).obstacles == (Obstacle.REGISTRATION_EXPIRED,)
    world.add(registration(world, provider_id, RegistrationKind.BIG, 0))
    assert look(world, offering_id).is_visible


def test_an_expired_mark_hides_only_what_it_stands_behind(world: World) -> None:
    """R30."""
    provider_id = world.organisation(OrganisationKind.PROVIDER, "Arbeidsdeskundigen")
    world.add(registration(world, provider_id, RegistrationKind.SRA, YESTERDAY))
    research = add_offering(world, provider_id, intervention="ADO", causes=["W03"])
    coaching = add_offering(world, provider_id, intervention="COA", causes=["G01"])
    assert look(world, research).obstacles == (Obstacle.REGISTRATION_EXPIRED,)
    assert look(world, coaching).is_visible


def test_expired_insurance_hides_everything(world: World) -> None:
    """R30."""
    provider_id = add_provider(world)
    world.add(registration(world, provider_id, RegistrationKind.INSURANCE, YESTERDAY))
    offering_id = add_offering(world, provider_id, intervention="COA")
    assert look(world, offering_id).obstacles == (Obstacle.INSURANCE_EXPIRED,)


@pytest.mark.parametrize(
    "changes",
    [{"price_valid_from": today() + timedelta(1)}, {"price_valid_until": today() - timedelta(1)}],
)
def test_a_price_that_does_not_hold_today_hides_it(world: World, changes: dict[str, object]) -> None:
    """R35."""
    offering_id = add_offering(world, add_provider(world), **changes)
    assert look(world, offering_id).obstacles == (Obstacle.PRICE_NOT_VALID,)


def test_referring_is_refused_with_every_reason(world: World) -> None:
    """R30."""
    provider_id = add_provider(world)
    offering_id = add_offering(world, provider_id, price_valid_until=today() - timedelta(1))
    change_contract(world, provider_id, suspended_at=now())
    physician = world.actor(Role.PHYSICIAN)
    with world.acting(Door.CARE, physician) as session, pytest.raises(Conflict) as refused:
        referable_offering(session, physician, offering_id)
    assert refused.value.code == "suspended"
    assert "opgeschort" in refused.value.message
    assert "prijs" in refused.value.message


def test_referring_behind_the_care_door_gets_the_offering(world: World) -> None:
    offering_id = add_offering(world, add_provider(world))
    for role in (Role.PHYSICIAN, Role.DELEGATE):
        actor = world.actor(role)
        with world.acting(Door.CARE, actor) as session:
            assert referable_offering(session, actor, offering_id).id == offering_id


def test_an_unknown_or_foreign_offering_is_not_there(world: World) -> None:
    foreign = World(world.database)
    for offering_id in (uuid4(), add_offering(foreign, add_provider(foreign))):
        for role in (Role.PHYSICIAN, Role.NETWORK_MANAGER, Role.CASE_MANAGER):
            with pytest.raises(NotFound):
                look(world, offering_id, role)


def test_a_case_manager_sees_open_offerings_only(world: World) -> None:
    """R18."""
    provider_id = add_provider(world)
    confidential = add_offering(world, provider_id)
    mediation = add_offering(world, provider_id, intervention="MED", causes=["V01"])
    assert look(world, mediation, Role.CASE_MANAGER).disclosure is Disclosure.OPEN
    with pytest.raises(NotFound):
        look(world, confidential, Role.CASE_MANAGER)


def test_a_name_that_tells_of_care_makes_all_confidential(world: World) -> None:
    """R18."""
    provider_id = add_provider(world, "Psychologenpraktijk")
    mediation = add_offering(world, provider_id, intervention="MED", causes=["V01"])
    with Session(world.database.owner) as session:
        session.get_one(OrganisationProfile, provider_id).name_reveals_care = True
        session.commit()
    assert look(world, mediation, Role.PHYSICIAN).disclosure is Disclosure.CONF
    with pytest.raises(NotFound):
        look(world, mediation, Role.CASE_MANAGER)


def test_a_provider_without_a_profile_is_taken_to_tell_of_care(world: World) -> None:
    provider = Organisation(tenant_id=world.tenant_id, kind=OrganisationKind.PROVIDER, name="Zonder profiel")
    world.add(provider)
    offering_id = add_offering(world, provider.id, intervention="MED")
    assert look(world, offering_id).disclosure is Disclosure.CONF


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER])
def test_strangers_see_no_offering(world: World, role: Role) -> None:
    """R70."""
    offering_id = add_offering(world, add_provider(world))
    with pytest.raises(NotFound):
        look(world, offering_id, role)


def test_an_employee_sees_visible_offerings(world: World) -> None:
    offering_id = add_offering(world, add_provider(world))
    assert look(world, offering_id, Role.EMPLOYEE).provider_name == "Praktijk De Brug"


def test_a_provider_sees_its_own_in_every_state_and_no_others(world: World) -> None:
    mine, theirs = add_provider(world, "Mijn"), add_provider(world, "Hun")
    own = {add_offering(world, mine, state=state) for state in OfferingState}
    foreign = add_offering(world, theirs)
    actor = world.actor(Role.PROVIDER, mine)
    with world.acting(Door.OPEN, actor) as session:
        page = list_offerings(session, actor, OfferingFilter(), 1, 10)
        assert {view.id for view in page.items} == own
        with pytest.raises(NotFound):
            get_offering(session, actor, foreign)


def test_lists_are_filtered_paged_and_ordered_by_what_waits_longest(world: World) -> None:
    provider_id = add_provider(world)
    waiting = [
        add_offering(world, provider_id, state=OfferingState.SUBMITTED, submitted_at=now() - timedelta(days=days))
        for days in (1, 3, 2)
    ]
    add_offering(world, provider_id)
    manager = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, manager) as session:
        first = list_offerings(session, manager, OfferingFilter(state=OfferingState.SUBMITTED), 1, 2)
        second = list_offerings(session, manager, OfferingFilter(state=OfferingState.SUBMITTED), 2, 2)
    assert (first.total, first.pages) == (3, 2)
    assert [view.id for view in (*first.items, *second.items)] == [waiting[1], waiting[2], waiting[0]]


def test_a_wait_is_stale_after_thirty_days(world: World) -> None:
    """R32."""
    provider_id = add_provider(world)
    limit = today() - timedelta(days=STALE_AFTER_DAYS)
    add_offering(world, provider_id, stated_on=limit)
    older = add_offering(world, provider_id, stated_on=limit - timedelta(days=1))
    add_offering(world, provider_id, stated_on=limit - timedelta(days=9), state=OfferingState.WITHDRAWN)
    manager = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, manager) as session:
        page = list_offerings(session, manager, OfferingFilter(stale=True), 1, 10)
    assert [(view.id, view.wait_is_stale) for view in page.items] == [(older, True)]


def test_a_list_is_not_for_those_who_search(world: World) -> None:
    physician = world.actor(Role.PHYSICIAN)
    with world.acting(Door.OPEN, physician) as session, pytest.raises(Forbidden):
        list_offerings(session, physician, OfferingFilter(), 1, 10)


def test_measured_waits_stand_beside_stated_ones(world: World) -> None:
    """R32."""
    offering_id = add_offering(world, add_provider(world), stated_wait_days=5)
    world.add(MeasuredWait(offering_id=offering_id, tenant_id=world.tenant_id, median_days=12, p80_days=20, n=9))
    found = look(world, offering_id, Role.PHYSICIAN)
    assert (found.stated_wait_days, found.median_wait_days, found.p80_wait_days, found.measured_n) == (5, 12, 20, 9)


def test_how_often_a_goal_is_reached_is_told_on_the_careful_side(world: World) -> None:
    """R34: nothing is said before it was measured, and the same share of fewer people counts for less."""
    provider_id = add_provider(world)
    unmeasured, few, many = (add_offering(world, provider_id, title=title) for title in ("Geen", "Weinig", "Veel"))
    for offering_id, n in ((few, 10), (many, 500)):
        world.add(MeasuredOutcome(offering_id=offering_id, tenant_id=world.tenant_id, reached_percent=80, n=n))
    assert look(world, unmeasured).likely_outcome is None
    told = [look(world, offering_id).likely_outcome or 0 for offering_id in (few, many)]
    assert 0 < told[0] < told[1] <= 80


def test_an_own_organisation_is_told(world: World) -> None:
    """R36."""
    provider_id = add_provider(world)
    offering_id = add_offering(world, provider_id)
    assert not look(world, offering_id).own_organisation
    change_contract(world, provider_id, own_organisation=True)
    assert look(world, offering_id).own_organisation


def test_what_already_refers_to_an_offering_can_always_name_it(world: World) -> None:
    withdrawn = add_offering(world, add_provider(world), state=OfferingState.WITHDRAWN, title="Voorbij")
    physician = world.actor(Role.PHYSICIAN)
    with world.acting(Door.CARE, physician) as session:
        assert describe_offerings(session, [withdrawn, uuid4()])[withdrawn].title == "Voorbij"


def test_settings_are_those_of_the_own_arbodienst(world: World) -> None:
    other = World(world.database)
    with Session(world.database.owner) as session:
        session.get_one(ArbodienstSettings, world.tenant_id).suppression_k = 9
        session.commit()
    for place, expected in ((world, 9), (other, 5)):
        actor = place.actor(Role.NETWORK_MANAGER)
        with place.acting(Door.OPEN, actor) as session:
            assert arbodienst_settings(session, actor).suppression_k == expected
