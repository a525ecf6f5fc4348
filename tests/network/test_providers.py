"""Admitting providers, and how they stand in the network."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from core.clock import now, today
from core.database import Door
from core.errors import Conflict, Forbidden, NotFound
from core.validation import field_errors
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from identity.tables import AuditEvent, Organisation
from network.contracts import list_contracts
from network.offerings_read import get_offering
from network.providers import Admitted, NewProvider, ProviderFacts, admit_provider, change_provider
from network.providers_read import find_provider, list_providers
from network.tables import OfferingState, RegistrationKind
from network.taxonomy import Disclosure
from tests.network.offers import add_offering, add_provider, registration
from tests.world import World

FACTS: dict[str, Any] = {
    "name": "Mediation Midden",
    "kvk": "1234 5678",
    "iban": "NL91 ABNA 0417 1643 00",
    "vat_id": "NL123456782B12",
    "agb": "90101901",
    "street": "Oudegracht 1",
    "postcode": "3511ab",
    "city": "Utrecht",
    "email": "post@mediation-midden.test",
    "name_reveals_care": False,
}


def admit(world: World, manager: Actor, **changes: Any) -> Admitted:
    """Let the network manager admit a provider from today on."""
    new = NewProvider.model_validate({"starts_on": today(), **FACTS, **changes})
    with world.acting(Door.OPEN, manager) as session:
        return admit_provider(session, manager, new)


@pytest.fixture
def manager(world: World) -> Actor:
    """The network manager."""
    return world.actor(Role.NETWORK_MANAGER)


def test_a_provider_enters_with_its_numbers_and_contract(world: World, manager: Actor) -> None:
    provider = admit(world, manager, ends_on=today() + timedelta(days=365)).provider
    assert (provider.kvk, provider.iban, provider.postcode) == ("12345678", "NL91ABNA0417164300", "3511 AB")
    assert provider.under_contract is True
    with world.acting(Door.OPEN, manager) as session:
        contracts = list_contracts(session, manager, provider.id, 1, 10)
    assert [(one.starts_on, one.is_running) for one in contracts.items] == [(today(), True)]


def test_the_same_provider_again_is_recognised(world: World, manager: Actor) -> None:
    first, second = admit(world, manager), admit(world, manager, name="MEDIATION midden")
    assert (first.known, second.known) == (False, True)
    assert first.provider.id == second.provider.id


def test_the_same_name_and_number_with_other_facts_is_refused(world: World, manager: Actor) -> None:
    admit(world, manager)
    with pytest.raises(Conflict) as refused:
        admit(world, manager, city="Zeist")
    assert refused.value.possible == ("change",)


def test_two_locations_of_one_company_may_both_enter(world: World, manager: Actor) -> None:
    assert admit(world, manager).provider.id != admit(world, manager, name="Mediation Zuid").provider.id


def test_every_fault_is_told_at_once_with_its_field() -> None:
    wrong = {
        "name": "",
        "kvk": "1",
        "iban": "NL00 ABNA 0417 1643 00",
        "vat_id": "NL123456789B01",
        "agb": "abc",
        "street": "x\ny",
        "postcode": "3511",
        "email": "nobody",
        "starts_on": "1980-01-01",
        "diagnosis": "x",
    }
    with pytest.raises(ValidationError) as refused:
        NewProvider.model_validate(wrong)
    assert {error.field for error in field_errors(refused.value)} == {*wrong, "city", "name_reveals_care"}


def test_a_contract_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValidationError, match="eindigt voordat"):
        NewProvider.model_validate(FACTS | {"starts_on": today(), "ends_on": today() - timedelta(days=1)})


def test_a_changed_name_that_tells_of_care_closes_its_offerings(world: World, manager: Actor) -> None:
    provider_id = add_provider(world, "Mediation", RegistrationKind.MFN)
    offering_id = add_offering(world, provider_id, intervention="MED")
    facts = ProviderFacts.model_validate(FACTS | {"name": "Psychologen Midden", "name_reveals_care": True})
    with world.acting(Door.OPEN, manager) as session:
        assert get_offering(session, manager, offering_id).disclosure is Disclosure.OPEN
        assert change_provider(session, manager, provider_id, facts).name == "Psychologen Midden"
        assert get_offering(session, manager, offering_id).disclosure is Disclosure.CONF


def test_only_a_provider_is_changed_so(world: World, manager: Actor) -> None:
    employer = world.organisation(OrganisationKind.EMPLOYER, "Werkgever")
    with world.acting(Door.OPEN, manager) as session, pytest.raises(NotFound):
        change_provider(session, manager, employer, ProviderFacts.model_validate(FACTS))
    with Session(world.database.owner) as session:
        assert session.get_one(Organisation, employer).name == "Werkgever"


def test_the_list_tells_how_each_stands(world: World, manager: Actor) -> None:
    busy, new = add_provider(world, "Bezig"), world.organisation(OrganisationKind.PROVIDER, "Nieuw")
    world.organisation(OrganisationKind.EMPLOYER, "Geen aanbieder")
    world.add(registration(world, busy, RegistrationKind.NIP, days=20))
    for state in (OfferingState.APPROVED, OfferingState.APPROVED, OfferingState.SUBMITTED, OfferingState.WITHDRAWN):
        add_offering(world, busy, state=state)
    with world.acting(Door.OPEN, manager) as session:
        page = list_providers(session, manager, "", 1, 10)
        assert [(one.id, one.offerings, one.waiting) for one in page.items] == [(busy, 2, 1), (new, 0, 0)]
        assert page.items[0].expires_on == today() + timedelta(days=20)
        assert page.items[1].expires_on is None
        assert [one.id for one in list_providers(session, manager, "BEZ", 1, 10).items] == [busy]
        assert list_providers(session, manager, "%", 1, 10).total == 0
        assert list_providers(session, manager, "utrecht", 2, 1).items[0].id == new


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.NETWORK_MANAGER, Role.SYSTEM)])
def test_only_the_network_manager_admits_and_lists(world: World, role: Role) -> None:
    actor = world.actor(role)
    with pytest.raises((Forbidden, NotFound)):
        admit(world, actor)
    with world.acting(Door.OPEN, actor) as session, pytest.raises((Forbidden, NotFound)):
        list_providers(session, actor, "", 1, 10)


def test_a_provider_finds_itself_and_nobody_else(world: World) -> None:
    mine, theirs = add_provider(world, "Mijn"), add_provider(world, "Hun")
    actor = world.actor(Role.PROVIDER, mine)
    with world.acting(Door.OPEN, actor) as session:
        assert find_provider(session, actor, mine).name == "Mijn"
        for other in (theirs, uuid4(), world.tenant_id):
            with pytest.raises(NotFound):
                find_provider(session, actor, other)


def test_tenants_admit_apart(world: World, manager: Actor) -> None:
    other = World(world.database)
    stranger = other.actor(Role.NETWORK_MANAGER)
    provider_id = admit(world, manager).provider.id
    assert admit(other, stranger).known is False
    with other.acting(Door.OPEN, stranger) as session, pytest.raises(NotFound):
        find_provider(session, stranger, provider_id)


def test_admission_is_recorded(world: World, manager: Actor) -> None:
    provider_id: UUID = admit(world, manager).provider.id
    with Session(world.database.owner) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.subject_id == provider_id)).one()
    assert (event.tag, event.account_id) == ("network:provider:admitted", manager.account_id)
    assert event.at <= now()
