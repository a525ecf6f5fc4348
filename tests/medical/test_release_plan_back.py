"""Whatever is given back, served and supplied: each cent settles once, and no sum can be taken apart (R46, R47)."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.charging.charges_left import ChargeLeft
from billing.tables import ChargeKind
from medical.hatch.back import GivingBack
from medical.hatch.plan import Before, Plan, Service, Waiting, plan_employer
from network.taxonomy import Disclosure

EMPLOYER, TODAY, K = uuid4(), date(2026, 11, 22), 5
PEOPLE = [UUID(int=number) for number in range(1, 12)]
AGES = st.integers(0, 60)


@st.composite
def supplied(draw: st.DrawFn) -> Waiting:
    """A hidden amount of somebody."""
    person = draw(st.sampled_from(PEOPLE))
    return Waiting(
        release_id=uuid4(),
        referral_id=uuid4(),
        case_id=person,
        employee_id=person,
        employer_id=EMPLOYER,
        disclosure=Disclosure.CONF,
        intervention="PSY",
        employee_reference="M-1",
        net_cents=draw(st.integers(1, 900_00)),
        supplied_on=TODAY - timedelta(days=draw(AGES)),
        employer_may_know=False,
    )


@st.composite
def given_back(draw: st.DrawFn) -> GivingBack:
    """Something of an amount that was charged in an earlier sum."""
    person, cents = draw(st.sampled_from(PEOPLE)), draw(st.integers(1, 900_00))
    pool = ChargeLeft(uuid4(), EMPLOYER, ChargeKind.POOLED, None, None, 5_000_00, 0, 21, uuid4())
    return GivingBack(
        release_id=uuid4(),
        corrects_id=uuid4(),
        referral_id=uuid4(),
        case_id=person,
        employee_id=person,
        employer_id=EMPLOYER,
        cents=cents,
        supplied_on=TODAY - timedelta(days=draw(AGES)),
        employer_may_know=False,
        left_cents=cents + draw(st.integers(0, 100)),
        paid=(),
        charge=pool,
    )


SERVICES = st.lists(
    st.builds(Service, st.uuids(version=4), st.just(EMPLOYER), st.booleans(), st.integers(1, 2_000_00)), max_size=2
)
MONTHS = st.lists(
    st.tuples(st.lists(supplied(), max_size=12), st.lists(given_back(), max_size=3), SERVICES), min_size=1, max_size=4
)

Row = dict[object, Fraction]
"""An amount that the employer sees, as a sum of amounts that he does not know: by person, and by service."""


def shown(plan: Plan, services: list[Service]) -> list[Row]:
    """Return what the employer can work out of each line at first sight: fixed fees, which he knows, taken off."""
    fixed = {each.id for each in services if not each.by_use}
    rows = []
    for charge in plan.charges:
        row: Row = {}
        for each in charge.releases:
            row["p", each.employee_id, each.release_id] = Fraction(1)
        for back in charge.backs:
            row["p", back.release.employee_id, back.release.release_id] = Fraction(-1)
        if charge.service_id and charge.service_id not in fixed:
            row["s", charge.service_id] = Fraction(1)
        rows.append(row)
    return [row for row in rows if row]


def rank(rows: list[Row], without: frozenset[object] = frozenset()) -> int:
    """Return the rank of rows over the columns that are left."""
    left = [{key: value for key, value in row.items() if key not in without} for row in rows]
    found = 0
    while left:
        row = left.pop()
        if not row:
            continue
        found += 1
        key, value = next(iter(row.items()))
        for other in left:
            if key in other:
                factor = other[key] / value
                for each, cents in row.items():
                    other[each] = other.get(each, Fraction(0)) - factor * cents
                for each in [each for each, cents in other.items() if not cents]:
                    del other[each]
    return found


@settings(max_examples=60)
@given(MONTHS)
def test_no_months_together_tell_of_fewer_than_k_persons(
    months: list[tuple[list[Waiting], list[GivingBack], list[Service]]],
) -> None:
    """R46, R47: nothing that adds and subtracts shown lines is about k - 1 persons and nothing else unknown."""
    rows: list[Row] = []
    waiting: list[Waiting] = []
    backs: list[GivingBack] = []
    for new, back, services in months:
        plan = plan_employer([*waiting, *new], K, TODAY, Before(tuple(services), (*backs, *back)))
        rows += shown(plan, services)
        settled = {each.release_id for charge in plan.charges for each in charge.releases}
        gone = {each.release.release_id for each in plan.settled_backs}
        waiting = [each for each in (*waiting, *new) if each.release_id not in settled]
        backs = [each for each in (*backs, *back) if each.release_id not in gone]
    whole = rank(rows)
    columns = {key for row in rows for key in row}
    people = sorted({key[1] for key in columns if isinstance(key, tuple) and key[0] == "p"})
    for few in combinations(people, min(K - 1, len(people))):
        theirs = frozenset(key for key in columns if isinstance(key, tuple) and key[0] == "p" and key[1] in few)
        assert rank(rows, theirs) == whole, "what is shown tells of these persons alone"


@given(st.lists(supplied(), max_size=20), st.lists(given_back(), max_size=6), SERVICES)
def test_each_amount_settles_once_or_waits_and_no_line_is_below_zero(
    waiting: list[Waiting], backs: list[GivingBack], services: list[Service]
) -> None:
    """R46, R51."""
    plan = plan_employer(waiting, K, TODAY, Before(tuple(services), tuple(backs)))
    settled = [each.release_id for charge in plan.charges for each in charge.releases]
    settled += [each.release.release_id for each in plan.settled_backs]
    carried = [each.waiting.release_id for each in plan.carried]
    known = [*(each.release_id for each in waiting), *(each.release_id for each in backs)]
    assert sorted([*settled, *carried]) == sorted(known)
    assert {charge.service_id for charge in plan.charges if charge.service_id} == {each.id for each in services}
    charged = sum(charge.net_cents for charge in plan.charges)
    assert charged == (
        sum(each.net_cents for charge in plan.charges for each in charge.releases)
        + sum(each.net_cents for each in services)
        - sum(back.release.cents for back in plan.settled_backs)
    )
    for charge in plan.charges:
        assert charge.net_cents > 0
        if charge.kind is ChargeKind.POOLED:
            others = {each.employee_id for each in charge.releases} - {b.release.employee_id for b in charge.backs}
            assert len(others) >= K
