"""The table of moves: whole, owned in every state, and the same in Python and in the database."""

from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.working_days import add_working_days
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.moves import TOLD_TO_EMPLOYER
from medical.referrals.reasons import action_label, state_label, task_label
from medical.referrals.states import (
    RULES,
    STOPPED_BY_SYSTEM,
    Action,
    possible_actions,
)
from medical.referrals.terms import LEFT_ALONE, WAITS, access_until, due_on, start_by
from medical.tables import Referral, ReferralState
from network.tables import ArbodienstSettings, PriceUnit
from network.taxonomy import Disclosure, ReferralClass, interventions
from tests.medical.stage import Stage

OVER = {ReferralState.COMPLETED, ReferralState.WITHDRAWN}
DAY = date(2026, 11, 20)  # a Friday
SETTINGS = ArbodienstSettings(tenant_id=uuid4(), answer_working_days=3, provider_access_days=30)


def actor(role: Role) -> Actor:
    return Actor(role, uuid4(), uuid4(), account_id=uuid4())


def referral(state: ReferralState, **changes: object) -> Referral:
    made = Referral(
        tenant_id=uuid4(),
        employer_id=uuid4(),
        employee_id=uuid4(),
        case_id=uuid4(),
        number="V-1",
        provider_id=uuid4(),
        offering_id=uuid4(),
        intervention="ADO",
        disclosure=Disclosure.OPEN,
        referral_class=ReferralClass.NON_MEDICAL,
        state=state,
        drafted_by=uuid4(),
        units=1,
        unit_price_cents=1,
        price_unit=PriceUnit.HOUR,
        vat_rate=21,
        sickness_week=1,
        sickness_year=1,
        due_on=DAY if state in WAITS else None,
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_the_database_keeps_the_same_list(stage: Stage) -> None:
    """R4."""
    mine = {(before, after, role) for r in RULES.values() for before, after in r.moves.items() for role in r.roles}
    mine |= {(before, after, Role.SYSTEM) for before, after in STOPPED_BY_SYSTEM.items()}
    every = list(product(ReferralState, ReferralState, Role))
    allowed = text("SELECT medical.may_become(:before, :after, :role)")
    with stage.acting(stage.physician) as session:
        theirs = {
            (before, after, role)
            for before, after, role in every
            if session.execute(allowed, {"before": before, "after": after, "role": role}).scalar_one()
        }
    assert theirs == mine
    assert len(every) == 1584


def test_the_database_knows_the_taxonomy(stage: Stage) -> None:
    asked = text("SELECT medical.needs_physician(:code), medical.is_confidential(:code)")
    with stage.acting(stage.physician) as session:
        for code, kind in interventions().items():
            medical, confidential = session.execute(asked, {"code": code}).one()
            assert medical == (kind.referral_class is ReferralClass.MEDICAL), code
            assert confidential == (kind.disclosure is Disclosure.CONF), code
        assert tuple(session.execute(asked, {"code": "NEW"}).one()) == (True, True)


def test_every_state_but_the_last_has_an_owner_and_a_term() -> None:
    assert set(WAITS) == set(ReferralState) - OVER
    for state in ReferralState:
        assert (due_on(state, DAY, SETTINGS, None) is None) == (state in OVER)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {after for rule in RULES.values() for after in rule.moves.values()} | {ReferralState.DRAFT}
    left = {before for rule in RULES.values() for before in rule.moves}
    assert reached == set(ReferralState)
    assert left == set(ReferralState) - OVER


@pytest.mark.parametrize(
    ("role", "state", "expected"),
    [
        (Role.PHYSICIAN, ReferralState.DRAFT, {Action.REVISE, Action.RETURN, Action.ISSUE, Action.WITHDRAW}),
        (Role.PHYSICIAN, ReferralState.RETURNED, {Action.REVISE, Action.WITHDRAW}),
        (Role.PHYSICIAN, ReferralState.ISSUED, {Action.REDIRECT, Action.WITHDRAW}),
        (Role.PHYSICIAN, ReferralState.RUNNING, {Action.INTERRUPT, Action.WITHDRAW}),
        (Role.PHYSICIAN, ReferralState.INTERRUPTED, {Action.RESUME, Action.WITHDRAW}),
        (Role.PHYSICIAN, ReferralState.REPORTED, {Action.COMPLETE}),
        (Role.PHYSICIAN, ReferralState.DECLINED, {Action.REDIRECT, Action.WITHDRAW}),
        (Role.PHYSICIAN, ReferralState.COMPLETED, set()),
        (Role.PROVIDER, ReferralState.ISSUED, {Action.ACCEPT, Action.DECLINE, Action.ASK}),
        (Role.PROVIDER, ReferralState.ACCEPTED, {Action.SCHEDULE, Action.ASK}),
        (Role.PROVIDER, ReferralState.SCHEDULED, {Action.SCHEDULE, Action.START, Action.ASK}),
        (Role.PROVIDER, ReferralState.RUNNING, {Action.REPORT, Action.INTERRUPT, Action.ASK}),
        (Role.PROVIDER, ReferralState.INTERRUPTED, {Action.RESUME, Action.ASK}),
        (Role.PROVIDER, ReferralState.REPORTED, set()),
        (Role.DELEGATE, ReferralState.DRAFT, {Action.REVISE, Action.ISSUE, Action.WITHDRAW}),
        (Role.DELEGATE, ReferralState.RETURNED, {Action.REVISE, Action.WITHDRAW}),
        (Role.DELEGATE, ReferralState.ISSUED, set()),
        (Role.SYSTEM, ReferralState.ISSUED, {Action.EXPIRE}),
    ],
)
def test_what_a_role_can_do(role: Role, state: ReferralState, expected: set[Action]) -> None:
    assert set(possible_actions(referral(state), actor(role))) == expected


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.EMPLOYEE, Role.CASE_MANAGER, Role.EMPLOYER, Role.INSURER])
def test_others_can_do_nothing_ever(role: Role) -> None:
    """R4."""
    assert [state for state in ReferralState if possible_actions(referral(state), actor(role))] == []


def test_a_delegate_goes_on_with_what_he_issued_himself() -> None:
    delegate = actor(Role.DELEGATE)
    mine = referral(ReferralState.REPORTED, issued_by=delegate.account_id)
    assert possible_actions(mine, delegate) == (Action.COMPLETE,)


def test_a_delegate_never_issues_what_is_medical() -> None:
    """R1, R6."""
    medical = referral(ReferralState.DRAFT, referral_class=ReferralClass.MEDICAL)
    assert Action.ISSUE not in possible_actions(medical, actor(Role.DELEGATE))


@pytest.mark.parametrize("state", sorted(LEFT_ALONE))
def test_what_was_redirected_is_over(state: ReferralState) -> None:
    """R11."""
    assert possible_actions(referral(state, due_on=None), actor(Role.PHYSICIAN)) == ()


def test_terms() -> None:
    """R10."""
    planned = DAY + timedelta(days=14)
    assert due_on(ReferralState.ISSUED, DAY, SETTINGS, None) == date(2026, 11, 25)  # three working days
    assert due_on(ReferralState.ACCEPTED, DAY, SETTINGS, None) == date(2026, 11, 27)  # five
    assert due_on(ReferralState.SCHEDULED, DAY, SETTINGS, planned) == add_working_days(planned, 1)
    assert due_on(ReferralState.SCHEDULED, DAY, SETTINGS, DAY - timedelta(days=9)) == add_working_days(DAY, 1)
    assert due_on(ReferralState.INTERRUPTED, DAY, SETTINGS, planned) == add_working_days(planned, 1)
    assert start_by(date(2026, 12, 23), SETTINGS) == date(2026, 12, 31)  # neither the weekend nor the two feast days


@pytest.mark.parametrize(
    ("state", "asked", "setting"),
    [
        (ReferralState.DRAFT, False, "sign_working_days"),
        (ReferralState.RETURNED, False, "revise_working_days"),
        (ReferralState.ISSUED, False, "answer_working_days"),
        (ReferralState.ACCEPTED, False, "start_working_days"),
        (ReferralState.ISSUED, True, "inform_working_days"),
        (ReferralState.RUNNING, True, "inform_working_days"),
        (ReferralState.RUNNING, False, "report_working_days"),
        (ReferralState.REPORTED, False, "close_working_days"),
        (ReferralState.DECLINED, False, "choose_again_working_days"),
        (ReferralState.EXPIRED, False, "choose_again_working_days"),
    ],
)
def test_every_term_is_a_setting_of_the_arbodienst(state: ReferralState, asked: bool, setting: str) -> None:
    """R10."""
    others = ArbodienstSettings.model_validate({"tenant_id": uuid4(), setting: 17})
    assert due_on(state, DAY, others, None, asked=asked) == add_working_days(DAY, 17)


def test_access_ends_with_the_referral_and_not_before() -> None:
    ended = {state for state in ReferralState if access_until(state, DAY, SETTINGS)}
    assert ended == OVER | LEFT_ALONE
    assert access_until(ReferralState.COMPLETED, DAY, SETTINGS) == DAY + timedelta(days=30)


def test_everything_has_words() -> None:
    assert all(state_label(state) for state in ReferralState)
    assert all(action_label(action) for action in Action)
    assert {state for state in ReferralState if task_label(state)} == set(WAITS)


def test_planning_is_not_told_to_the_employer() -> None:
    assert set(ReferralState) - TOLD_TO_EMPLOYER == {
        ReferralState.DRAFT,
        ReferralState.RETURNED,
        ReferralState.ACCEPTED,
        ReferralState.SCHEDULED,
        ReferralState.INTERRUPTED,
    }
