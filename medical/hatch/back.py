"""What providers gave back, on its way to whoever was charged for it; pure, so that anything can be tried (R50).

What was charged to the employer in a line of its own is given back on a credit note. What was charged in a sum is never
given back by itself, since its amount would be one person's: it is taken off a later sum over k or more others, or off
the line for services (R46, R47). Insurers get back what they paid of it, each to the cent (R51).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from uuid import UUID

from billing.charging.charges_left import ChargeLeft, ShareLeft
from billing.cofinancing.shares import Shares, shares_of_part
from billing.tables import ChargeKind


@dataclass(frozen=True)
class GivingBack:
    """A release of a provider's credit note that waits, with what is left of what it corrects; cents without VAT."""

    release_id: UUID
    corrects_id: UUID
    referral_id: UUID
    case_id: UUID
    employee_id: UUID
    employer_id: UUID
    cents: int  # above zero
    supplied_on: date
    employer_may_know: bool  # consent (b) is in force
    left_cents: int  # of the corrected release, before this and whatever else waits
    paid: tuple[tuple[UUID, int], ...]  # what insurers paid of that, by request
    charge: ChargeLeft | None  # on which it stands now; None when that was given back as a whole
    is_borne: bool = False  # by the arbodienst: nobody was charged
    is_unsettled: bool = False  # given back in order to be charged anew, which is not done yet

    @property
    def net_cents(self) -> int:
        """What it adds to what was released: below zero."""
        return -self.cents

    @property
    def is_hidden(self) -> bool:
        """Tell whether the employer may not see that it is given back."""
        if self.charge is None or self.charge.kind is ChargeKind.OPEN:
            return False
        return self.charge.kind is not ChargeKind.OWN_LINE or not self.employer_may_know


@dataclass(frozen=True)
class Back:
    """What is given back, with the insurers' parts of it by request."""

    release: GivingBack
    parts: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def insurer_cents(self) -> int:
        """What insurers get back of it together."""
        return sum(self.parts.values())

    @property
    def employer_cents(self) -> int:
        """What is left of it for the employer."""
        return self.release.cents - self.insurer_cents


@dataclass(frozen=True)
class PlannedBack:
    """What is given back of one charge, on a credit note."""

    charge: ChargeLeft
    backs: tuple[Back, ...]

    @property
    def net_cents(self) -> int:
        """All of it."""
        return sum(each.release.cents for each in self.backs)

    @property
    def insurer_cents(self) -> int:
        """The insurers' part of it."""
        return sum(each.insurer_cents for each in self.backs)


def with_parts(waiting: Iterable[GivingBack]) -> Iterator[Back]:
    """Yield what is given back with the insurers' parts: the last part of what was charged, in proportion (R51)."""
    ordered = sorted(waiting, key=lambda each: (str(each.corrects_id), each.supplied_on, str(each.release_id)))
    for _corrected, group in groupby(ordered, key=lambda each: each.corrects_id):
        left: int | None = None
        paid: dict[UUID, int] = {}
        for each in group:
            if left is None:
                left, paid = each.left_cents, dict(each.paid)
            whole = Shares(left, tuple(paid.values()))
            found = shares_of_part(whole, left - each.cents, each.cents).contributions
            parts = dict(zip(paid, found, strict=True))
            yield Back(each, {request: cents for request, cents in parts.items() if cents})
            left -= each.cents
            paid = {request: cents - parts[request] for request, cents in paid.items()}


def planned_backs(shown: Iterable[Back]) -> tuple[PlannedBack, ...]:
    """Return one credit for each charge."""
    by_charge: dict[UUID, list[Back]] = {}
    charges: dict[UUID, ChargeLeft] = {}
    for each in shown:
        if each.release.charge is not None:
            charges[each.release.charge.id] = each.release.charge
            by_charge.setdefault(each.release.charge.id, []).append(each)
    return tuple(PlannedBack(charges[charge_id], tuple(backs)) for charge_id, backs in by_charge.items())


def fitting(
    hidden: Sequence[Back], sum_cents: int, persons: frozenset[UUID] = frozenset(), k: int = 0
) -> tuple[Back, ...]:
    """Return what can be taken off a sum: the oldest first, as long as it stays above zero and hides everybody.

    A sum over `persons` hides what is taken off it while at least `k` of them are others than those who get it back.
    """
    chosen: list[Back] = []
    for each in sorted(hidden, key=lambda each: (each.release.supplied_on, str(each.release.release_id))):
        others = persons - {each.release.employee_id, *(one.release.employee_id for one in chosen)}
        if each.employer_cents < sum_cents and len(others) >= k:
            chosen.append(each)
            sum_cents -= each.employer_cents
    return tuple(chosen)


def share_backs(backs: Iterable[Back], shares: Sequence[ShareLeft]) -> tuple[tuple[ShareLeft, int], ...]:
    """Return what is given back of which share, the latest share of a request first; never more than is left of it."""
    owed: dict[UUID, int] = {}
    for back in backs:
        for request_id, cents in back.parts.items():
            owed[request_id] = owed.get(request_id, 0) + cents
    found = []
    for share in shares:
        cents = min(owed.get(share.request_id, 0), share.net_cents)
        if cents:
            owed[share.request_id] -= cents
            found.append((share, cents))
    return tuple(found)
