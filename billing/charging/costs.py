"""The employer's overview of costs: months by open type and one line for the rest, small figures suppressed (R47).

What may be shown, and why nothing hidden can be worked out from it:
- The figures from which everything is added up are, for each month: the price and the insurer's part of each OPEN type,
  and the price and the insurer's part of all confidential interventions together.
- An OPEN figure is always shown. Its amount and its employee stand on the invoice, so it need not hide anybody (R45).
- The confidential figures of a month are shown if and only if a pool is among what they add up. A pool was made of the
  amounts of at least k persons, so they are figures of at least k. Without a pool there are only lines of their own,
  whose persons nobody on this side of the wall can count: two lines can be one person. So they are suppressed.
- A total (of a month, of a column, of everything) is shown if and only if every figure in it is shown. So no shown
  figure contains a hidden one, and whatever is added or subtracted, between months, periods or columns, gives figures
  that were shown already. Suppressing just one more figure beside the hidden one would not do: the sum of two hidden
  ones can still be about fewer than k persons.
- From month + invoices: taking lines of their own off a shown figure leaves the pools, each of k or more persons.
- Whether a figure is shown does not hang on any amount, nor on the period that is asked for.
On the invoice a consented line of its own stands in full all the same: that is what the employee consented to (b), and
an invoice goes to who pays it; an overview goes round the house.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from billing.charging.charge_terms import first_of_month, next_month
from billing.tables import Charge, ChargeKind
from core.clock import today
from core.errors import FieldError, Invalid
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from network.settings import arbodienst_settings
from network.taxonomy import interventions

MOST_MONTHS = 60
USUAL_MONTHS = 12


@dataclass(frozen=True)
class Figure:
    """An amount in cents without VAT, or None where it is suppressed."""

    cents: int | None

    @property
    def is_suppressed(self) -> bool:
        """Tell whether the amount is hidden because too few persons stand behind it."""
        return self.cents is None


@dataclass(frozen=True)
class Cost:
    """What something cost: the price, the insurer's part of it, and what is left for the employer."""

    price: Figure
    insurer: Figure

    @property
    def employer(self) -> Figure:
        """What the employer pays."""
        if self.price.cents is None or self.insurer.cents is None:
            return Figure(None)
        return Figure(self.price.cents - self.insurer.cents)


@dataclass(frozen=True)
class OpenCost:
    """The cost of one open type of intervention."""

    intervention: str
    label: str
    cost: Cost


@dataclass(frozen=True)
class CostMonth:
    """One month: each open type, the rest in one figure, and the total."""

    month: date
    open_types: tuple[OpenCost, ...]
    confidential: Cost
    total: Cost


@dataclass(frozen=True)
class CostOverview:
    """The months of a period and their totals; `k` is the number of persons behind the smallest figure shown."""

    first: date
    last: date
    k: int
    months: tuple[CostMonth, ...]
    open_types: tuple[OpenCost, ...]
    confidential: Cost
    total: Cost


def cost_overview(session: Session, actor: Actor, first: date | None = None, last: date | None = None) -> CostOverview:
    """Return the costs of the actor's own organisation from the month of `first` to that of `last`, both included.

    Without a period the last twelve months. Raises Invalid for one that ends before it begins or is over five years.
    """
    require(actor, Permission.SEE_COSTS)
    months = _months(first, last)
    charges = session.exec(
        select(Charge)
        .where(Charge.employer_id == actor.organisation_id, col(Charge.invoice_id).is_not(None))
        .where(Charge.month >= months[0], Charge.month <= months[-1])
    ).all()
    by_month: dict[date, list[Charge]] = {month: [] for month in months}
    for charge in charges:
        by_month[charge.month].append(charge)
    return overview([(month, by_month[month]) for month in months], arbodienst_settings(session, actor).suppression_k)


def overview(charged: Sequence[tuple[date, Sequence[Charge]]], k: int) -> CostOverview:
    """Return the overview of the charges of each month; pure, and the whole of the suppression."""
    months = tuple(_month(month, charges) for month, charges in charged)
    return CostOverview(
        first=charged[0][0],
        last=charged[-1][0],
        k=k,
        months=months,
        open_types=_open_types([charge for _month, charges in charged for charge in charges]),
        confidential=_sum(month.confidential for month in months),
        total=_sum(month.total for month in months),
    )


def _months(first: date | None, last: date | None) -> list[date]:
    end = first_of_month(last or today())
    start = first_of_month(first) if first else _months_before(end, USUAL_MONTHS - 1)
    months: list[date] = []
    while start <= end and len(months) <= MOST_MONTHS:
        months.append(start)
        start = next_month(start)
    if not months or len(months) > MOST_MONTHS:
        message = _("Kies een periode van hooguit vijf jaar die begint voor hij eindigt.")
        raise Invalid(message, (FieldError("to", message),))
    return months


def _months_before(month: date, count: int) -> date:
    years, months = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, months + 1, 1)


def _month(month: date, charges: Sequence[Charge]) -> CostMonth:
    open_types = _open_types(charges)
    confidential = _confidential(charges)
    return CostMonth(month, open_types, confidential, _sum([*(each.cost for each in open_types), confidential]))


def _open_types(charges: Iterable[Charge]) -> tuple[OpenCost, ...]:
    by_type: dict[str, list[Charge]] = {}
    for charge in charges:
        if charge.kind is ChargeKind.OPEN and charge.intervention is not None:
            by_type.setdefault(charge.intervention, []).append(charge)
    order = list(interventions())
    return tuple(
        OpenCost(code, interventions()[code].name, _cost(by_type[code])) for code in sorted(by_type, key=order.index)
    )


def _confidential(charges: Iterable[Charge]) -> Cost:
    """All confidential interventions of a month together: nothing, figures of k or more persons, or suppressed."""
    confidential = [charge for charge in charges if charge.kind is not ChargeKind.OPEN]
    if confidential and all(charge.kind is not ChargeKind.POOLED for charge in confidential):
        return Cost(Figure(None), Figure(None))
    return _cost(confidential)


def _cost(charges: Sequence[Charge]) -> Cost:
    return Cost(
        Figure(sum(charge.net_cents for charge in charges)), Figure(sum(charge.insurer_cents for charge in charges))
    )


def _sum(costs: Iterable[Cost]) -> Cost:
    """Add up; the sum is shown only if everything in it is."""
    added = list(costs)
    return Cost(_add(cost.price for cost in added), _add(cost.insurer for cost in added))


def _add(figures: Iterable[Figure]) -> Figure:
    total = 0
    for figure in figures:
        if figure.cents is None:
            return Figure(None)
        total += figure.cents
    return Figure(total)
