"""The hatch towards insurers and the employer's side: requests and progress."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlmodel import Session, select

from billing.cofinancing.hindrance import cofinancing_hindrance
from billing.tables import CofinancingRequest, CofinancingState
from cases.tables import ConsentScope, OpenProgress, ProgressState
from core.clock import today
from core.errors import Forbidden
from identity.actor import Actor
from medical.referrals.reasons import WithdrawReason
from medical.referrals.run import schedule_referral, start_referral, withdraw_referral
from medical.release import (
    lapse_after_withdrawal,
    lapse_ended,
    release_cofinancing,
    release_progress,
)
from medical.tables import Referral
from network.taxonomy import Disclosure
from tests.billing.office import CONF, OPEN, Office, Referred

BOTH = (ConsentScope.EMPLOYER, ConsentScope.INSURER)


def asked(
    office: Office, employer: Actor, *scopes: ConsentScope, intervention: str = CONF
) -> CofinancingRequest | None:
    sick = office.sick(employer, *scopes)
    return office.request_of(office.referred(sick, intervention, cofinancing=True))


def test_a_request_is_neutral(office: Office, employer: Actor) -> None:
    """R58: of a confidential intervention class, week, price and days, and nothing of what it is or who gives it."""
    insurer = office.insurer(employer, 50, cap_cents=400_00)
    request = asked(office, employer, *BOTH)
    assert request is not None
    assert (request.disclosure, request.intervention, request.state) == ("CONF", None, CofinancingState.PREPARED)
    assert (request.price_cents, request.percentage, request.requested_cents) == (1_000_00, 50, 400_00)
    assert (request.sickness_week, request.sickness_year, request.expected_days) == (22, 1, 20)
    assert request.insurer_id == insurer.organisation_id
    assert request.number.startswith("CF-")


@pytest.mark.parametrize(
    ("scopes", "intervention", "goes"),
    [
        ((), OPEN, False),
        ((ConsentScope.EMPLOYER,), OPEN, False),
        ((ConsentScope.INSURER,), OPEN, True),
        ((ConsentScope.INSURER,), CONF, False),
        ((ConsentScope.EMPLOYER,), CONF, False),
        (BOTH, CONF, True),
    ],
)
def test_no_request_leaves_without_consent(
    office: Office, employer: Actor, scopes: tuple[ConsentScope, ...], intervention: str, goes: bool
) -> None:
    """R25, R57: (c) always, and (b) for what the employer's case manager may not know otherwise."""
    office.insurer(employer)
    sick = office.sick(employer, *scopes)
    disclosure = Disclosure.OPEN if intervention == OPEN else Disclosure.CONF
    with office.care(office.physician) as session:
        hindrance = cofinancing_hindrance(session, sick.case_id, sick.employer_id, disclosure)
    assert (hindrance is None) is goes
    request = office.request_of(office.referred(sick, intervention, cofinancing=True))
    assert (request is not None) is goes


def test_no_request_without_a_policy_of_that_day(office: Office, employer: Actor) -> None:
    """R57."""
    sick = office.sick(employer, *BOTH)
    other = office.employer("Andere firma")
    office.insurer(other)
    office.insurer(employer, valid_until=today() - timedelta(days=1))
    with office.care(office.physician) as session:
        hindrance = cofinancing_hindrance(session, sick.case_id, sick.employer_id, Disclosure.CONF)
    assert hindrance is not None
    assert "polis" in hindrance
    assert office.request_of(office.referred(sick, cofinancing=True)) is None


def test_the_policy_that_pays_most_is_asked_and_its_rules_are_data(office: Office, employer: Actor) -> None:
    """R61: 75% for an open ADO before week 35 beats a flat 60%; a confidential one falls under no named rule."""
    early = office.insurer(employer, 50, rules=[{"intervention": OPEN, "before_week": 35, "percentage": 75}])
    flat = office.insurer(employer, 60)
    open_one = asked(office, employer, *BOTH, intervention=OPEN)
    confidential = asked(office, employer, *BOTH)
    assert open_one is not None
    assert confidential is not None
    assert (open_one.insurer_id, open_one.requested_cents) == (early.organisation_id, 750_00)
    assert (confidential.insurer_id, confidential.requested_cents) == (flat.organisation_id, 600_00)


def test_a_referral_has_one_request(office: Office, employer: Actor) -> None:
    office.insurer(employer)
    referred = office.referred(office.sick(employer, *BOTH), cofinancing=True)
    with office.care(office.physician) as session:
        referral = session.exec(select(Referral).where(Referral.id == referred.id)).one()
        again = release_cofinancing(session, office.physician, referral)
    request = office.request_of(referred)
    assert request is not None
    assert again == request.id


def states(office: Office, *referred: Referred) -> list[CofinancingState]:
    return [found.state for each in referred if (found := office.request_of(each)) is not None]


@pytest.mark.parametrize(
    ("scope", "lapsed"), [(ConsentScope.INSURER, [True, True]), (ConsentScope.EMPLOYER, [True, False])]
)
def test_withdrawal_lets_undecided_requests_lapse(
    office: Office, employer: Actor, scope: ConsentScope, lapsed: list[bool]
) -> None:
    """R24, R25: without (c) all of them, without (b) the confidential ones."""
    office.insurer(employer)
    sick = office.sick(employer, *BOTH)
    referred = [office.referred(sick, intervention, cofinancing=True) for intervention in (CONF, OPEN)]
    office.withdraw(sick, scope)
    assert [state is CofinancingState.LAPSED for state in states(office, *referred)] == lapsed


def test_only_jobs_let_requests_lapse(office: Office, employer: Actor) -> None:
    for act in (lapse_ended, lambda session, actor: lapse_after_withdrawal(session, actor, UUID(int=0))):
        with pytest.raises(Forbidden), office.care(office.physician) as session:
            act(session, office.physician)


def test_a_referral_that_came_to_nothing_leaves_no_request(office: Office, employer: Actor) -> None:
    office.insurer(employer)
    gone, going = (office.referred(office.sick(employer, *BOTH), cofinancing=True) for _each in range(2))
    with office.care(office.physician) as session:
        withdraw_referral(session, office.physician, gone.id, WithdrawReason.NOT_NEEDED)
    with office.care(office.system) as session:
        assert lapse_ended(session, office.system) == 1
    assert states(office, gone, going) == [CofinancingState.LAPSED, CofinancingState.PREPARED]


def progress(office: Office, referred: Referred) -> list[tuple[str, ProgressState]]:
    with office.care(office.system) as session:
        release_progress(session, office.system, referred.id)
    with Session(office.world.database.owner) as session:
        found = session.exec(select(OpenProgress).where(OpenProgress.case_id == referred.sick.case_id)).all()
    return [(each.intervention, each.state) for each in found]


def test_progress_of_an_open_intervention_follows_it(office: Office, employer: Actor) -> None:
    referred = office.referred(office.sick(employer), OPEN)
    assert progress(office, referred) == [(OPEN, ProgressState.REQUESTED)]
    with office.care(office.provider) as session:
        schedule_referral(session, office.provider, referred.id, today() + timedelta(days=1))
        start_referral(session, office.provider, referred.id)
    assert progress(office, referred) == progress(office, referred) == [(OPEN, ProgressState.RUNNING)]
    with office.care(office.physician) as session:
        withdraw_referral(session, office.physician, referred.id, WithdrawReason.NOT_NEEDED)
    assert progress(office, referred) == [(OPEN, ProgressState.STOPPED)]


def test_two_jobs_at_once_show_it_once(office: Office, employer: Actor) -> None:
    referred, start = office.referred(office.sick(employer), OPEN), Barrier(2)

    def show(_nth: int) -> list[tuple[str, ProgressState]]:
        start.wait(timeout=20)
        return progress(office, referred)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(show, range(2)))
    assert progress(office, referred) == [(OPEN, ProgressState.REQUESTED)]


def test_who_stopped_an_open_one_and_why_is_not_told(office: Office, employer: Actor) -> None:
    """R13: that the employee did not want it looks the same as any other end."""
    for reason in WithdrawReason:
        referred = office.referred(office.sick(employer), OPEN)
        with office.care(office.physician) as session:
            withdraw_referral(session, office.physician, referred.id, reason)
        assert progress(office, referred) == [(OPEN, ProgressState.STOPPED)]
    with Session(office.world.database.owner) as session:
        rows = session.exec(select(OpenProgress).where(OpenProgress.employer_id == employer.organisation_id)).all()
    assert len(rows) == len(WithdrawReason)
    assert len({row.model_dump_json(exclude={"id", "created_at", "case_id"}) for row in rows}) == 1


def test_of_a_confidential_one_there_is_no_progress(office: Office, employer: Actor) -> None:
    """R18, also with consent (b): what takes place is not told."""
    assert progress(office, office.referred(office.sick(employer, *BOTH))) == []


def test_only_the_system_shows_progress(office: Office, employer: Actor) -> None:
    referred = office.referred(office.sick(employer), OPEN)
    with pytest.raises(Exception, match="row-level security"), office.care(office.physician) as session:
        release_progress(session, office.physician, referred.id)
