"""Several insurers of one referral: whatever the order of decisions and invoices, everybody pays what he granted."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from billing.tables import CofinancingState
from medical.hatch.plan import Plan, RequestFacts, Waiting, plan_employer
from tests.medical.test_release_plan import TODAY, K, request, waiting

PRICE = 1_000_00


@dataclass
class Course:
    """One referral of which parts are charged, while insurers are asked one after another."""

    requests: list[RequestFacts] = field(default_factory=list)
    charged: int = 0
    paid: dict[UUID, int] = field(default_factory=dict)
    employer: int = 0
    referral: UUID = field(default_factory=uuid4)

    def granted(self, cents: int) -> RequestFacts:
        """Let one more insurer grant an amount."""
        self.requests.append(request(price_cents=PRICE, granted_cents=cents))
        return self.requests[-1]

    def asked(self) -> RequestFacts:
        """Send a request that nobody has decided on yet."""
        self.requests.append(request(price_cents=PRICE, granted_cents=0, state=CofinancingState.SUBMITTED))
        return self.requests[-1]

    def part(self, cents: int, days_ago: int = 60) -> Waiting:
        """Return a part of the intervention, by default one whose invoice is overdue."""
        return waiting(
            referral_id=self.referral,
            employer_may_know=True,
            net_cents=cents,
            supplied_on=TODAY - timedelta(days=days_ago),
            requests=tuple(
                RequestFacts(**{**vars(each), "charged_cents": self.charged, "paid_cents": self.paid.get(each.id, 0)})
                for each in self.requests
            ),
        )

    def charge(self, *cents: int) -> Plan:
        """Charge parts of these amounts in one run."""
        plan = plan_employer([self.part(each) for each in cents], K, TODAY)
        for share in plan.shares:
            self.paid[share.request.id] = self.paid.get(share.request.id, 0) + share.cents
        self.charged += sum(charge.net_cents for charge in plan.charges)
        self.employer += sum(charge.net_cents - charge.insurer_cents for charge in plan.charges)
        return plan


def test_two_insurers_pay_what_they_granted() -> None:
    """R51: 500.00 and 200.00 of 1,000.00, in parts of 333.33, 333.33 and 333.34."""
    course = Course()
    first, second = course.granted(500_00), course.granted(200_00)
    for cents in (333_33, 333_33, 333_34):
        course.charge(cents)
    assert (course.paid[first.id], course.paid[second.id], course.employer) == (500_00, 200_00, 300_00)


def test_who_decides_between_charges_pays_with_what_follows() -> None:
    """R59: 400.00 went out before the second decision; with the rest it comes to everything that was granted."""
    course = Course()
    first = course.granted(500_00)
    course.charge(400_00)
    assert course.paid == {first.id: 200_00}
    second = course.granted(300_00)
    course.charge(600_00)
    assert (course.paid[first.id], course.paid[second.id], course.employer) == (500_00, 300_00, 200_00)


def test_a_request_goes_on_about_the_rest_until_all_is_charged() -> None:
    """R52, R59: at the deadline a part goes out undecided; the decision is then about what is still to be charged."""
    course = Course()
    course.asked()
    assert [share.is_last for share in course.charge(400_00).shares] == [False]
    assert [share.is_last for share in course.charge(600_00).shares] == [True]
    assert course.employer == PRICE


def test_nobody_goes_on_asking_without_consent() -> None:
    """R25: with the consent gone the request is over at the first charge."""
    course = Course()
    course.requests.append(request(state=CofinancingState.SUBMITTED, granted_cents=0, insurer_may_know=False))
    assert [share.is_last for share in course.charge(400_00).shares] == [True]


def test_while_one_insurer_decides_what_another_granted_waits_too() -> None:
    """R52: the second is asked for the rest; nothing goes out before he decides or the invoice is due."""
    course = Course()
    course.granted(500_00)
    course.asked()
    assert plan_employer([course.part(400_00, days_ago=0)], K, TODAY).charges == ()


def test_what_was_granted_beyond_the_price_is_not_used() -> None:
    """R51: two insurers promise more than there is; the earliest goes first, and the employer never gets money."""
    course = Course()
    first, second = course.granted(800_00), course.granted(800_00)
    course.charge(PRICE)
    assert (course.paid[first.id], course.paid[second.id], course.employer) == (800_00, 200_00, 0)


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("grant"), st.integers(0, PRICE)),
        st.tuples(st.just("charge"), st.integers(1, PRICE // 2)),
    ),
    max_size=12,
)


@given(MOVES)
def test_in_any_order_the_shares_are_the_price_and_nobody_pays_more_than_he_granted(
    moves: list[tuple[str, int]],
) -> None:
    """R51, R59."""
    course = Course()
    for move, cents in moves:
        if move == "grant":
            course.granted(cents)
            continue
        before = dict(course.paid)
        course.charge(cents)
        assert all(paid >= before.get(each, 0) for each, paid in course.paid.items())
    assert course.employer + sum(course.paid.values()) == course.charged
    assert course.employer >= 0
    assert all(course.paid.get(each.id, 0) <= each.granted_cents for each in course.requests)


@given(st.lists(st.integers(0, PRICE), max_size=4), st.lists(st.integers(1, PRICE), min_size=1, max_size=6))
def test_whoever_granted_before_the_last_charge_pays_it_all(grants: list[int], weights: list[int]) -> None:
    """R51: charged in whatever parts, in the end every insurer paid what he granted, as far as there was a price."""
    course, left = Course(), PRICE
    for cents in grants:
        course.granted(cents)
    whole = sum(weights)
    parts = [PRICE * weight // whole for weight in weights]
    parts[-1] += PRICE - sum(parts)
    for cents in (each for each in parts if each):
        course.charge(cents)
    for each in course.requests:
        assert course.paid[each.id] == min(each.granted_cents, left)
        left -= course.paid[each.id]
    assert course.employer == left
