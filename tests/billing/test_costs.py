"""The employer's overview: small figures suppressed, and not to be worked out by subtraction (R47)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charging.costs import Cost, CostOverview, Figure, cost_overview, overview
from billing.tables import Charge, ChargeKind
from cases.tables import ConsentScope
from core.clock import today
from core.errors import Invalid, NotFound
from identity.actor import Actor
from tests.billing.office import OPEN, Office

EMPLOYER, TENANT = uuid4(), uuid4()
MONTHS = [date(2026, month, 1) for month in range(1, 7)]
K = 5


def charge(kind: ChargeKind, net_cents: int, insurer_cents: int = 0, intervention: str = OPEN) -> Charge:
    return Charge(
        tenant_id=TENANT,
        employer_id=EMPLOYER,
        kind=kind,
        intervention=intervention if kind is ChargeKind.OPEN else None,
        month=MONTHS[0],
        net_cents=net_cents,
        insurer_cents=insurer_cents,
        vat_rate=21,
    )


def over(*months: Sequence[Charge]) -> CostOverview:
    return overview(list(zip(MONTHS, months, strict=False)), K)


OWN, POOL, ANYBODY = ChargeKind.OWN_LINE, ChargeKind.POOLED, ChargeKind.OPEN


def test_an_own_line_is_suppressed_and_so_is_all_that_holds_it() -> None:
    """R47."""
    found = over([charge(OWN, 100), charge(ANYBODY, 20)])
    month = found.months[0]
    assert month.confidential.price == Figure(None)
    assert month.open_types[0].cost.price == Figure(20)
    assert [month.total.price, month.total.employer, found.total.price, found.confidential.price] == [Figure(None)] * 4


def test_many_own_lines_can_be_one_person() -> None:
    assert over([charge(OWN, 100)] * 20).months[0].confidential.price == Figure(None)


def test_a_pool_is_shown_with_what_stands_beside_it() -> None:
    """What can be taken off with the invoice in hand is the line of its own; what is left is the pool."""
    found = over([charge(OWN, 100, 40), charge(POOL, 900)])
    cost = found.months[0].confidential
    assert (cost.price, cost.insurer, cost.employer) == (Figure(1000), Figure(40), Figure(960))
    assert found.total.price == Figure(1000)


def test_a_month_without_confidential_costs_shows_nothing_hidden() -> None:
    found = over([charge(ANYBODY, 20, 5)], [])
    assert (found.total.price, found.total.insurer, found.total.employer) == (Figure(20), Figure(5), Figure(15))
    assert found.months[1].total.price == Figure(0)


def test_one_hidden_month_hides_the_total_over_the_months() -> None:
    """R47: this year's total less the months that are shown would be the hidden one."""
    found = over([charge(OWN, 100)], [charge(POOL, 900)], [charge(ANYBODY, 20)])
    assert found.confidential.price == found.total.price == Figure(None)
    assert found.months[1].total.price == Figure(900)
    assert [each.cost.price for each in found.open_types] == [Figure(20)]


KINDS = st.sampled_from(ChargeKind)


@st.composite
def charges(draw: st.DrawFn) -> Charge:
    kind = draw(KINDS)
    net = draw(st.integers(1, 10_000))
    insurer = 0 if kind is POOL else draw(st.integers(0, net))
    return charge(kind, net, insurer, draw(st.sampled_from(["ADO", "MED", "SP2"])))


def figures(found: CostOverview) -> Iterator[Figure]:
    """Yield every figure of an overview, in its fixed order."""
    costs: list[Cost] = [found.confidential, found.total, *(each.cost for each in found.open_types)]
    for month in found.months:
        costs += [month.confidential, month.total, *(each.cost for each in month.open_types)]
    for cost in costs:
        yield from (cost.price, cost.insurer, cost.employer)


@given(st.lists(st.lists(charges(), max_size=6), min_size=1, max_size=6), st.data())
def test_subtraction_finds_nothing(months: list[list[Charge]], data: st.DataObject) -> None:
    """R47, the attack: change the amounts of hidden lines at will. If no shown figure moves, in this period or in any
    other, then no sum or difference of shown figures depends on a hidden amount."""

    def altered(each: Charge, hidden: bool) -> Charge:
        if not hidden or each.kind is not OWN:
            return each
        net = data.draw(st.integers(1, 10_000))
        return charge(OWN, net, data.draw(st.integers(0, net)))

    is_hidden = [not any(each.kind is POOL for each in month) for month in months]
    other = [[altered(each, hidden) for each in month] for month, hidden in zip(months, is_hidden, strict=True)]
    for first in range(len(months)):
        for last in range(first, len(months)):
            seen, again = over(*months[first : last + 1]), over(*other[first : last + 1])
            assert list(figures(seen)) == list(figures(again))


@given(st.lists(st.lists(charges(), max_size=6), min_size=1, max_size=6))
def test_what_is_shown_adds_up(months: list[list[Charge]]) -> None:
    found = over(*months)
    if found.total.price.cents is not None:
        assert found.total.price.cents == sum(each.net_cents for month in months for each in month)
        assert found.total.insurer.cents == sum(each.insurer_cents for month in months for each in month)
    for month, given_charges in zip(found.months, months, strict=True):
        opened = sum(each.net_cents for each in given_charges if each.kind is ANYBODY)
        assert sum(each.cost.price.cents or 0 for each in month.open_types) == opened


def seen(office: Office, employer: Actor, first: date | None = None, last: date | None = None) -> CostOverview:
    with office.open(employer) as session:
        return cost_overview(session, employer, first, last)


def test_the_overview_is_made_of_what_was_invoiced(office: Office, employer: Actor) -> None:
    office.supplied(employer, intervention=OPEN, units=2)
    for _person in range(K):
        office.supplied(employer)
    assert seen(office, employer).total.price == Figure(0)
    office.run()
    found = seen(office, employer)
    assert len(found.months) == 12
    assert (found.months[-1].month, found.k) == (today().replace(day=1), K)
    assert found.months[-1].confidential.price == Figure(500_00)
    assert found.total.price == Figure(700_00)


def test_pool_upon_pool_each_difference_is_of_k_persons(office: Office, employer: Actor) -> None:
    """R47: before and after a run: what was added is a pool of its own of at least k."""
    for _person in range(K):
        office.supplied(employer)
    office.run()
    before = seen(office, employer).total.price.cents
    for _person in range(K - 1):
        office.supplied(employer, units=3)
    office.run()
    assert seen(office, employer).total.price.cents == before
    office.supplied(employer, units=3)
    office.run()
    assert seen(office, employer).total.price == Figure((before or 0) + 1_500_00)


def test_a_consented_line_is_on_the_invoice_and_hidden_in_the_overview(office: Office, employer: Actor) -> None:
    office.supplied(employer, ConsentScope.EMPLOYER)
    run = office.run()
    assert office.documents(run, employer)[0].net_cents == 100_00
    assert seen(office, employer).total.price == Figure(None)


def test_nobody_sees_anothers_costs(office: Office, employer: Actor) -> None:
    office.supplied(employer, intervention=OPEN)
    office.run()
    other = office.employer("Andere firma")
    assert seen(office, other).total.price == Figure(0)
    insurer = office.insurer(employer)
    with pytest.raises(NotFound), office.open(insurer) as session:
        cost_overview(session, insurer)


@pytest.mark.parametrize(("first", "last"), [(31, 0), (0, -62), (None, -3000)])
def test_periods(office: Office, employer: Actor, first: int | None, last: int) -> None:
    start = None if first is None else today() - timedelta(days=first)
    end = today() + timedelta(days=last)
    if start is not None and start.replace(day=1) > end.replace(day=1):
        with pytest.raises(Invalid):
            seen(office, employer, start, end)
    else:
        found = seen(office, employer, start, end)
        assert found.last == end.replace(day=1)


def test_a_period_of_more_than_five_years_is_refused(office: Office, employer: Actor) -> None:
    with pytest.raises(Invalid):
        seen(office, employer, today() - timedelta(days=2000))
    assert len(seen(office, employer, date(2022, 1, 5), date(2026, 12, 31)).months) == 60
