"""What of an employer's waiting releases is charged now, how, and what waits; pure, so that anything can be tried.

A confidential release has a line of its own only with the employee's consent (b); without it, it is pooled with those
of at least k persons or waits (R46). What awaits an insurer's decision waits too, until the invoice is due (R52). From
that day on, what cannot be pooled is added to the line for the arbodienst's services, if the employer does not know
what those come to; else it goes on waiting, for the secretariat to decide.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from billing.charging.charge_terms import invoice_due_by, warns_from
from billing.charging.charges_left import ShareLeft
from billing.cofinancing.lapse import UNDECIDED
from billing.cofinancing.shares import share, shares_of_part
from billing.tables import ChargeKind, CofinancingState
from medical.hatch.back import Back, GivingBack, PlannedBack, fitting, planned_backs, share_backs, with_parts
from network.taxonomy import Disclosure

Parts = Mapping[UUID, Mapping[UUID, int]]
"""What insurers pay of each release, by request."""


@dataclass(frozen=True)
class RequestFacts:
    """A co-financing request of a referral, of which there can be several; cents without VAT."""

    id: UUID
    insurer_id: UUID
    state: CofinancingState
    insurer_may_know: bool  # consent (c) is in force
    price_cents: int
    granted_cents: int
    charged_cents: int  # of the same referral, in earlier runs
    is_final: bool  # charged before, and so beyond decision (R59)
    paid_cents: int = 0  # by this insurer, in earlier runs

    @property
    def is_awaited(self) -> bool:
        """Tell whether the insurer may still be asked and has yet to decide."""
        return self.state in UNDECIDED and self.insurer_may_know


@dataclass(frozen=True)
class Waiting:
    """A release that waits to be charged."""

    release_id: UUID
    referral_id: UUID
    case_id: UUID
    employee_id: UUID
    employer_id: UUID
    disclosure: Disclosure
    intervention: str
    employee_reference: str
    net_cents: int
    supplied_on: date
    employer_may_know: bool  # consent (b) is in force
    requests: tuple[RequestFacts, ...] = ()  # to one insurer after another, in that order
    was_asked: bool = False  # of the same case the employer once read a price, above his budget
    given_back: tuple[
        UUID, ...
    ] = ()  # releases by which the provider gave some of it back: `net_cents` is what is left

    @property
    def is_unknown(self) -> bool:
        """Tell whether nobody on the employer's side can know this amount: no request told them a price."""
        return not self.requests and not self.was_asked


class CarryReason(StrEnum):
    """Why a release waits."""

    DECISION = "decision"  # an insurer has yet to decide
    POOL = "pool"  # too few persons to hide among
    BACK = "back"  # given back, but not by itself: it waits for a sum to take it off, or for what is charged anew


@dataclass(frozen=True)
class Carried:
    """A release that is carried over, until when its invoice must be out, and how urgent that is (R52)."""

    waiting: Waiting | GivingBack
    reason: CarryReason
    due_by: date
    is_warned: bool
    is_overdue: bool


@dataclass(frozen=True)
class PlannedCharge:
    """A charge and the releases that it is made of; `persons` never leaves the secretariat."""

    employer_id: UUID
    kind: ChargeKind
    releases: tuple[Waiting, ...]
    net_cents: int
    insurer_cents: int
    backs: tuple[Back, ...] = ()  # taken off `net_cents`
    service_id: UUID | None = None

    @property
    def persons(self) -> int:
        """How many employees stand behind it."""
        return len({waiting.employee_id for waiting in self.releases})


@dataclass(frozen=True)
class PlannedShare:
    """What the insurer of one request pays in this run, and of which releases."""

    request: RequestFacts
    parts: tuple[tuple[Waiting, int], ...]
    is_last: bool  # the whole price is charged with this, or nobody may be asked any more: nothing is left to decide on

    @property
    def cents(self) -> int:
        """What it pays."""
        return sum(cents for _release, cents in self.parts)


@dataclass(frozen=True)
class Service:
    """What the arbodienst's own services of a month come to; `by_use` when the employer does not know that."""

    id: UUID
    employer_id: UUID
    by_use: bool
    net_cents: int


@dataclass(frozen=True)
class Before:
    """What else bears on a plan: services to charge, and what was given back of what was charged before."""

    services: tuple[Service, ...] = ()
    giving_back: tuple[GivingBack, ...] = ()
    shares: tuple[ShareLeft, ...] = ()  # of insurers, of the requests behind what is given back


@dataclass(frozen=True)
class Plan:
    """What is charged to one employer, what its insurers pay of it, what is given back, and what waits."""

    charges: tuple[PlannedCharge, ...]
    shares: tuple[PlannedShare, ...]
    carried: tuple[Carried, ...]
    netted: tuple[Waiting, ...] = ()  # given back before it was charged, wholly
    backs: tuple[PlannedBack, ...] = ()
    moot: tuple[Back, ...] = ()  # given back before with its whole invoice, or borne: nothing for the employer
    share_backs: tuple[tuple[ShareLeft, int], ...] = ()

    @property
    def settled_backs(self) -> tuple[Back, ...]:
        """Everything that is given back with this plan, in whatever way."""
        return (
            *(back for planned in self.backs for back in planned.backs),
            *(back for charge in self.charges for back in charge.backs),
            *self.moot,
        )


NOTHING_ELSE = Before()


def plan_employer(waiting: Iterable[Waiting], k: int, today: date, before: Before = NOTHING_ELSE) -> Plan:
    """Return what to charge one employer today, with pools of at least `k` persons (R46, R47)."""
    netted, something = _parted(waiting, lambda each: each.net_cents == 0)
    undecided, ready = _parted(something, lambda each: _awaits_decision(each, today))
    hidden, shown = _parted(ready, _is_hidden)
    unsettled, backs = _parted_backs(before)
    moot = [each for each in backs if each.release.charge is None]
    pooled = hidden if _hides(hidden, k) else []
    joined = _joined(hidden, today, before.services) if not pooled else []
    parts = _insurers_parts(shown + pooled + joined)
    left = [each for each in backs if each.release.is_hidden]
    pool = _pool(pooled, parts, left, k)
    left = _without(left, pool)
    services = _service_lines(before.services, joined, parts, left)
    left = _without(left, services)
    shown_backs = planned_backs(each for each in backs if not each.release.is_hidden and each.release.charge)
    plan = Plan(
        charges=(*_own_charges(shown, parts), *pool, *services),
        shares=_shares(shown + pooled + joined, parts),
        carried=(
            *(_carried(each, CarryReason.DECISION, today) for each in undecided),
            *(_carried(each, CarryReason.POOL, today) for each in hidden if not pooled and each not in joined),
            *(_carried(each, CarryReason.BACK, today) for each in (*unsettled, *(one.release for one in left))),
        ),
        netted=tuple(netted),
        backs=shown_backs,
        moot=tuple(moot),
    )
    return replace(plan, share_backs=share_backs(plan.settled_backs, before.shares))


def _parted_backs(before: Before) -> tuple[list[GivingBack], list[Back]]:
    """Return what cannot be given back yet, and what can: the documents that it corrects have been issued."""
    unissued = {share.request_id for share in before.shares if share.invoice_id is None and share.net_cents}
    waits = {
        each.corrects_id
        for each in before.giving_back
        if each.is_unsettled or unissued & {request for request, _cents in each.paid} or _lacks_invoice(each)
    }
    unsettled = [each for each in before.giving_back if each.corrects_id in waits]
    return unsettled, list(with_parts(each for each in before.giving_back if each.corrects_id not in waits))


def _lacks_invoice(back: GivingBack) -> bool:
    return back.charge is not None and back.charge.invoice_id is None


def _joined(hidden: Sequence[Waiting], today: date, services: Sequence[Service]) -> list[Waiting]:
    """Return what is added to the line for services: what is due, when that line hides it (R46, R52)."""
    if not any(each.by_use for each in services):
        return []
    return [each for each in hidden if today >= invoice_due_by(each.supplied_on)]


def _service_lines(
    services: Sequence[Service], joined: Sequence[Waiting], parts: Parts, backs: Sequence[Back]
) -> list[PlannedCharge]:
    """One charge for the services of each month; the first whose amount the employer does not know hides the rest."""
    lines = []
    hiding = next((each.id for each in services if each.by_use), None)
    for each in services:
        inside = tuple(joined) if each.id == hiding else ()
        net_cents = each.net_cents + sum(one.net_cents - _paid(one, parts) for one in inside)
        off = fitting(backs, net_cents) if each.id == hiding else ()
        net_cents -= sum(one.employer_cents for one in off)
        lines.append(PlannedCharge(each.employer_id, ChargeKind.SERVICE, inside, net_cents, 0, off, each.id))
    return lines


def _without(backs: Sequence[Back], charges: Iterable[PlannedCharge]) -> list[Back]:
    taken = {back.release.release_id for charge in charges for back in charge.backs}
    return [back for back in backs if back.release.release_id not in taken]


def _awaits_decision(waiting: Waiting, today: date) -> bool:
    """A decision is waited for while the insurer may know of the request and the invoice is not yet due."""
    return any(each.is_awaited for each in waiting.requests) and today < invoice_due_by(waiting.supplied_on)


def _is_hidden(waiting: Waiting) -> bool:
    return waiting.disclosure is Disclosure.CONF and not waiting.employer_may_know


def _hides(hidden: Sequence[Waiting], k: int) -> bool:
    """Tell whether a pool hides everybody in it.

    Only persons whose amount is unknown outside count: the employer's case manager has seen the price of whatever
    co-financing was asked for, and the employer himself that of what was above his budget, while the employee
    consented to that. Whoever knows a price could take it off the sum (R47).
    """
    return len({each.employee_id for each in hidden if each.is_unknown}) >= k


def _insurers_parts(charged: Sequence[Waiting]) -> Parts:
    """Return each insurer's part of each release; all parts of one request add up to what was granted (R51).

    What is left of every grant is spread over what is left of the price. So it comes to the same in whatever order
    insurers decide and invoices come: who decides after a part was charged pays his part with what follows.
    """
    parts: dict[UUID, dict[UUID, int]] = {}
    for group in _grouped([each for each in charged if each.requests], lambda each: each.referral_id):
        requests = group[0].requests
        price_left = max(requests[0].price_cents - requests[0].charged_cents, 0)
        left = [each.granted_cents - each.paid_cents for each in requests]
        for each in sorted(group, key=lambda each: (each.supplied_on, each.release_id)):
            now = min(each.net_cents, price_left)
            found = shares_of_part(share(price_left, left), 0, now).contributions
            parts[each.release_id] = {request.id: cents for request, cents in zip(requests, found, strict=True)}
            price_left -= now
            left = [cents - paid for cents, paid in zip(left, found, strict=True)]
    return parts


def _own_charges(shown: Sequence[Waiting], parts: Parts) -> list[PlannedCharge]:
    """One charge for each open referral, and one for each case with consent: how many parts it had is not told (L4)."""
    open_ones, consented = _parted(shown, lambda each: each.disclosure is Disclosure.OPEN)
    return [
        *(_charge(ChargeKind.OPEN, group, parts) for group in _grouped(open_ones, lambda each: each.referral_id)),
        *(_charge(ChargeKind.OWN_LINE, group, parts) for group in _grouped(consented, lambda each: each.case_id)),
    ]


def _charge(kind: ChargeKind, group: Sequence[Waiting], parts: Parts) -> PlannedCharge:
    net_cents = sum(each.net_cents for each in group)
    insurers = sum(_paid(each, parts) for each in group)
    return PlannedCharge(group[0].employer_id, kind, tuple(group), net_cents, insurers)


def _pool(pooled: Sequence[Waiting], parts: Parts, backs: Sequence[Back], k: int) -> list[PlannedCharge]:
    """One sum. Insurers' parts are taken off beforehand: on a line of their own they could be one person's (R25).

    What was charged in an earlier sum and is given back is taken off too, as far as this one hides it.
    """
    if not pooled:
        return []
    net_cents = sum(each.net_cents - _paid(each, parts) for each in pooled)
    off = fitting(backs, net_cents, frozenset(each.employee_id for each in pooled if each.is_unknown), k)
    net_cents -= sum(each.employer_cents for each in off)
    return [PlannedCharge(pooled[0].employer_id, ChargeKind.POOLED, tuple(pooled), net_cents, 0, off)]


def _paid(waiting: Waiting, parts: Parts) -> int:
    """Return what the insurers pay of a release together."""
    return sum(parts.get(waiting.release_id, {}).values())


def _shares(charged: Sequence[Waiting], parts: Parts) -> tuple[PlannedShare, ...]:
    """One share for each request that is charged, also where the insurer pays nothing."""
    asked = _grouped([each for each in charged if each.requests], lambda each: each.referral_id)
    return tuple(_share(request, group, parts) for group in asked for request in group[0].requests)


def _share(request: RequestFacts, group: Sequence[Waiting], parts: Parts) -> PlannedShare:
    charged_cents = request.charged_cents + sum(each.net_cents for each in group)
    return PlannedShare(
        request,
        tuple((each, parts[each.release_id][request.id]) for each in group),
        is_last=charged_cents >= request.price_cents or not request.is_awaited,
    )


def _carried(waiting: Waiting | GivingBack, reason: CarryReason, today: date) -> Carried:
    due_by = invoice_due_by(waiting.supplied_on)
    return Carried(waiting, reason, due_by, today >= warns_from(waiting.supplied_on), today > due_by)


def _parted(waiting: Iterable[Waiting], condition: Callable[[Waiting], bool]) -> tuple[list[Waiting], list[Waiting]]:
    """Return what fulfils the condition, and what does not."""
    parts: dict[bool, list[Waiting]] = {True: [], False: []}
    for each in waiting:
        parts[condition(each)].append(each)
    return parts[True], parts[False]


def _grouped(waiting: Iterable[Waiting], key: Callable[[Waiting], Any]) -> list[list[Waiting]]:
    ordered = sorted(waiting, key=key)
    return [list(group) for _key, group in groupby(ordered, key=key)]
