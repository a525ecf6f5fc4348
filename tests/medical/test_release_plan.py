"""What is charged, how, and what waits: for anything that can wait, whatever the consents and decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charging.charge_terms import invoice_due_by, warns_from
from billing.tables import ChargeKind, CofinancingState
from medical.hatch.plan import CarryReason, Plan, RequestFacts, Waiting, plan_employer
from network.taxonomy import Disclosure

EMPLOYER = uuid4()
TODAY = date(2026, 11, 22)
K = 5


def waiting(**changes: Any) -> Waiting:
    facts: dict[str, Any] = {
        "release_id": uuid4(),
        "referral_id": uuid4(),
        "case_id": uuid4(),
        "employee_id": uuid4(),
        "employer_id": EMPLOYER,
        "disclosure": Disclosure.CONF,
        "intervention": "PSY",
        "employee_reference": "M-1",
        "net_cents": 100_00,
        "supplied_on": TODAY,
        "employer_may_know": False,
    }
    return Waiting(**(facts | changes))


def request(**changes: Any) -> RequestFacts:
    facts: dict[str, Any] = {
        "id": uuid4(),
        "insurer_id": uuid4(),
        "state": CofinancingState.APPROVED,
        "insurer_may_know": True,
        "price_cents": 1_000_00,
        "granted_cents": 500_00,
        "charged_cents": 0,
        "is_final": False,
    }
    return RequestFacts(**(facts | changes))


def plan(*waiting_now: Waiting, k: int = K, today: date = TODAY) -> Plan:
    return plan_employer(waiting_now, k, today)


def kinds(found: Plan) -> list[ChargeKind]:
    return [charge.kind for charge in found.charges]


def test_a_pool_of_one_short_waits_and_one_of_k_goes() -> None:
    """R46, R47: k - 1 persons are carried over; with the k-th all go in one sum."""
    few = [waiting() for _person in range(K - 1)]
    short = plan(*few)
    assert short.charges == ()
    assert {each.reason for each in short.carried} == {CarryReason.POOL}
    enough = plan(*few, waiting(net_cents=7))
    assert kinds(enough) == [ChargeKind.POOLED]
    assert (enough.charges[0].net_cents, enough.charges[0].persons, enough.carried) == (400_07, K, ())


def test_a_pool_counts_persons_and_not_invoices() -> None:
    """R46."""
    one = uuid4()
    assert plan(*(waiting(employee_id=one) for _invoice in range(20))).charges == ()


def test_who_is_known_outside_hides_nobody() -> None:
    """R47: the case manager has seen the price of a request: k - 1 others beside him would be a pool of k - 1."""
    asked = waiting(requests=(request(),))
    others = [waiting() for _person in range(K - 1)]
    assert plan(asked, *others).charges == ()
    full = plan(asked, waiting(), *others)
    assert kinds(full) == [ChargeKind.POOLED]
    assert full.charges[0].persons == K + 1


def test_a_pool_shows_no_contribution() -> None:
    """R25: as a line of its own it would be the amount of one person; it is taken off the sum instead (R51)."""
    asked = waiting(requests=(request(price_cents=100_00, granted_cents=40_00),))
    found = plan(asked, *(waiting() for _person in range(K)))
    assert [(charge.net_cents, charge.insurer_cents) for charge in found.charges] == [(560_00, 0)]
    assert [share.cents for share in found.shares] == [40_00]


def test_open_goes_by_itself_whatever_the_consent() -> None:
    """R45."""
    found = plan(waiting(disclosure=Disclosure.OPEN, intervention="ADO"))
    assert kinds(found) == [ChargeKind.OPEN]


def test_consent_gives_a_line_of_its_own_for_each_case() -> None:
    """R25, R46, L4: how many invoices a case had in the month is not told."""
    case = uuid4()
    ours = [waiting(employer_may_know=True, case_id=case, net_cents=cents) for cents in (100, 20, 3)]
    found = plan(*ours, waiting(employer_may_know=True))
    assert sorted(charge.net_cents for charge in found.charges) == [123, 100_00]
    assert set(kinds(found)) == {ChargeKind.OWN_LINE}


@pytest.mark.parametrize("state", [CofinancingState.PREPARED, CofinancingState.SUBMITTED])
def test_what_awaits_a_decision_waits_until_the_invoice_is_due(state: CofinancingState) -> None:
    """R52."""
    undecided = waiting(employer_may_know=True, requests=(request(state=state, granted_cents=0),))
    assert [each.reason for each in plan(undecided).carried] == [CarryReason.DECISION]
    due_by = invoice_due_by(TODAY)
    assert plan(undecided, today=due_by - timedelta(days=1)).charges == ()
    late = plan(undecided, today=due_by)
    assert [(charge.net_cents, charge.insurer_cents) for charge in late.charges] == [(100_00, 0)]
    assert [share.cents for share in late.shares] == [0]


def test_nobody_waits_for_an_insurer_that_may_not_be_asked() -> None:
    ended = request(state=CofinancingState.SUBMITTED, granted_cents=0, insurer_may_know=False)
    assert kinds(plan(waiting(employer_may_know=True, requests=(ended,)))) == [ChargeKind.OWN_LINE]


def test_parts_of_a_referral_share_what_was_granted_to_the_cent() -> None:
    """R51: three parts of 333.33, 333.33 and 333.34 get exactly the 500.00 that was granted for 1,000.00."""
    asked = request(price_cents=1_000_00, granted_cents=500_00)
    case, referral = uuid4(), uuid4()
    ours = {"employer_may_know": True, "case_id": case, "referral_id": referral, "requests": (asked,)}
    parts = [
        waiting(**ours, net_cents=cents, supplied_on=TODAY - timedelta(days=days))
        for days, cents in ((3, 333_33), (2, 333_33), (1, 333_34))
    ]
    whole = plan(*parts)
    assert [share.cents for share in whole.shares] == [500_00]
    assert whole.charges[0].insurer_cents == 500_00
    in_turn = 0
    for position, part in enumerate(parts):
        before = sum(each.net_cents for each in parts[:position])
        earlier = replace(asked, charged_cents=before, paid_cents=in_turn, is_final=position > 0)
        now = plan(replace(part, requests=(earlier,)))
        in_turn += now.shares[0].cents
    assert in_turn == 500_00


def test_what_is_charged_beyond_the_price_is_the_employers() -> None:
    asked = request(price_cents=100_00, granted_cents=100_00, charged_cents=99_99, paid_cents=99_99, is_final=True)
    found = plan(waiting(disclosure=Disclosure.OPEN, intervention="ADO", net_cents=50_00, requests=(asked,)))
    assert [(charge.net_cents, charge.insurer_cents) for charge in found.charges] == [(50_00, 1)]


@pytest.mark.parametrize(
    ("supplied", "warned", "due"),
    [
        (date(2026, 11, 1), date(2026, 12, 10), date(2026, 12, 15)),
        (date(2026, 11, 30), date(2026, 12, 10), date(2026, 12, 15)),
        (date(2026, 12, 31), date(2027, 1, 10), date(2027, 1, 15)),
    ],
)
def test_the_term_runs_to_the_fifteenth_of_the_month_after(supplied: date, warned: date, due: date) -> None:
    """R52: warned from the 10th, due by the 15th, overdue after it; and never issued silently."""
    assert (warns_from(supplied), invoice_due_by(supplied)) == (warned, due)
    alone = waiting(supplied_on=supplied)
    days = [(due - timedelta(days=6)), warned, due, due + timedelta(days=1)]
    carried = [plan(alone, today=day).carried[0] for day in days]
    assert [each.is_warned for each in carried] == [False, True, True, True]
    assert [each.is_overdue for each in carried] == [False, False, False, True]


PEOPLE = [UUID(int=number) for number in range(1, 9)]
STATES = st.sampled_from(list(CofinancingState))


@st.composite
def anything(draw: st.DrawFn) -> Waiting:
    person = draw(st.sampled_from(PEOPLE))
    state = draw(STATES)
    decided = state in (CofinancingState.APPROVED, CofinancingState.PARTIAL)
    price = draw(st.integers(1, 2_000_00))
    asked = RequestFacts(
        id=uuid4(),
        insurer_id=uuid4(),
        state=state,
        insurer_may_know=draw(st.booleans()),
        price_cents=price,
        granted_cents=draw(st.integers(0, price)) if decided else 0,
        charged_cents=draw(st.integers(0, price)),
        is_final=draw(st.booleans()),
    )
    return waiting(
        employee_id=person,
        case_id=person,
        disclosure=draw(st.sampled_from(Disclosure)),
        net_cents=draw(st.integers(1, 2_000_00)),
        supplied_on=TODAY - timedelta(days=draw(st.integers(0, 90))),
        employer_may_know=draw(st.booleans()),
        requests=(asked,) if draw(st.booleans()) else (),
    )


@given(st.lists(anything(), max_size=30), st.integers(5, 10))
def test_whatever_waits_is_charged_once_or_carried_and_nobody_stands_alone(
    everything: Sequence[Waiting], k: int
) -> None:
    """R46, R47."""
    found = plan(*everything, k=k)
    charged = [each for charge in found.charges for each in charge.releases]
    carried = [each.waiting for each in found.carried]
    assert sorted(each.release_id for each in (*charged, *carried)) == sorted(each.release_id for each in everything)
    for charge in found.charges:
        if charge.kind is ChargeKind.POOLED:
            assert len({each.employee_id for each in charge.releases if not each.requests}) >= k
        elif charge.kind is ChargeKind.OWN_LINE:
            assert all(each.employer_may_know for each in charge.releases)
            assert charge.persons == 1
        assert 0 <= charge.insurer_cents <= charge.net_cents
        assert charge.net_cents > 0
    assert sum(charge.net_cents - charge.insurer_cents for charge in found.charges) + sum(
        share.cents for share in found.shares
    ) == sum(each.net_cents for each in charged)
