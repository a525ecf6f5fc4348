"""The hatch for money: released invoices become clean charges, and nothing of where they came from goes with them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlmodel import Session

from billing.charging.charges_anew import charge_anew
from core.clock import today
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.hatch.before import given_back, services_to_charge
from medical.hatch.plan import NOTHING_ELSE, Plan, Service, plan_employer
from medical.hatch.waiting import hold_requests, waiting_employers, waiting_releases
from medical.hatch.write import Occasion, write_plans
from network.settings import arbodienst_settings


@dataclass(frozen=True)
class ReleasedMonth:
    """What a run let out, and how many releases it carried over."""

    charges: int
    carried_over: int


def release_charges(session: Session, actor: Actor, month: date) -> ReleasedMonth:
    """Let out, as charges of `month`, everything that waits and may go (R43-R47, R52); the rest is carried over.

    Some employers at a time, so that a large arbodienst needs no more memory than a small one. The caller has made sure
    that no second run is under way in this tenant.
    """
    require(actor, Permission.RUN_CHARGES)
    settings = arbodienst_settings(session, actor)
    occasion = Occasion(month, settings.onward_vat_rate)
    charge_anew(session, actor, month, occasion.vat_rate)
    hold_requests(session)
    charges = carried = 0
    for plans in plans_of(session, month, settings.suppression_k):
        write_plans(session, plans, occasion, actor)
        charges += sum(len(plan.charges) for plan in plans)
        carried += sum(len(plan.carried) for plan in plans)
    record(session, actor, "medical:release:run")
    return ReleasedMonth(charges, carried)


def plan_employers(session: Session, month: date, k: int, employers: Sequence[UUID]) -> dict[UUID, Plan]:
    """Return what a run for `month` would do today for these employers; a pool needs `k` persons."""
    services = services_to_charge(session, month, employers)
    plans = _plans(session, month, k, employers, {each: services.get(each, []) for each in employers})
    return dict(zip(employers, plans, strict=True))


def plans_of(session: Session, month: date, k: int) -> Iterator[Sequence[Plan]]:
    """Yield the plans of a month, those of some employers at a time."""
    services = dict(services_to_charge(session, month))
    for employers in waiting_employers(session, month):
        mine = {each: services.pop(each, []) for each in employers}
        yield list(_plans(session, month, k, employers, mine))
    yield [plan_employer((), k, today(), replace(NOTHING_ELSE, services=tuple(each))) for each in services.values()]


def _plans(
    session: Session, month: date, k: int, employers: Sequence[UUID], services: dict[UUID, list[Service]]
) -> Iterable[Plan]:
    backs = given_back(session, employers)
    ordered = sorted(waiting_releases(session, month, employers), key=lambda each: each.employer_id)
    waiting = {employer: list(group) for employer, group in groupby(ordered, lambda each: each.employer_id)}
    for employer in employers:
        before = replace(backs.get(employer, NOTHING_ELSE), services=tuple(services[employer]))
        yield plan_employer(waiting.get(employer, ()), k, today(), before)
