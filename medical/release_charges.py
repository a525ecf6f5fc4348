"""The hatch for money: released invoices become clean charges, and nothing of where they came from goes with them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from billing.charges_anew import charge_anew
from billing.cofinancing_lapse import UNDECIDED
from billing.tables import Charge, ChargeKind, CofinancingRequest, CofinancingState, InsurerShare
from core.clock import today
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.disclosures import write_lines
from medical.release_plan import Plan, PlannedCharge, PlannedShare, Waiting, plan_employer
from medical.release_values import ReleasedCharge, ReleasedShare
from medical.release_waiting import waiting_releases
from medical.tables import Release, ReleaseShare
from network.settings import arbodienst_settings

TELLS_OF_ONE = frozenset({ChargeKind.OPEN, ChargeKind.OWN_LINE})
"""Charges from which the employer can tell that there is something for one employee."""


@dataclass(frozen=True)
class ReleasedMonth:
    """What a run let out, and how many releases it carried over."""

    charges: int
    carried_over: int


def release_charges(session: Session, actor: Actor, month: date) -> ReleasedMonth:
    """Let out, as charges of `month`, everything that waits and may go (R43-R47, R52); the rest is carried over.

    The caller has made sure that no second run is under way in this tenant.
    """
    require(actor, Permission.RUN_CHARGES)
    settings = arbodienst_settings(session, actor)
    charge_anew(session, actor, month, settings.onward_vat_rate)
    plans = plan_month(session, month, settings.suppression_k, lock=True)
    vat_rate = settings.onward_vat_rate
    charges = [charge for plan in plans for charge in plan.charges]
    _let_out(session, actor, charges, month, vat_rate)
    for share in (share for plan in plans for share in plan.shares):
        _settle(session, actor, share, month, vat_rate)
    record(session, actor, "medical:release:run")
    return ReleasedMonth(len(charges), sum(len(plan.carried) for plan in plans))


def plan_month(session: Session, month: date, k: int, *, lock: bool = False) -> list[Plan]:
    """Return what a run for `month` would do today, employer by employer; a pool needs `k` persons."""
    waiting = sorted(waiting_releases(session, month, lock=lock), key=lambda each: each.employer_id)
    return [plan_employer(group, k, today()) for _employer, group in groupby(waiting, lambda each: each.employer_id)]


def clean(charge: PlannedCharge, month: date, vat_rate: int) -> ReleasedCharge:
    """Return the value of a planned charge that goes out; of a confidential one nothing but sums (rules 2.2)."""
    first = charge.releases[0]
    is_open = charge.kind is ChargeKind.OPEN
    return ReleasedCharge(
        employer_id=first.employer_id,
        kind=charge.kind,
        intervention=first.intervention if is_open else None,
        employee_reference=first.employee_reference if is_open else None,
        month=month,
        net_cents=charge.net_cents,
        insurer_cents=charge.insurer_cents,
        vat_rate=vat_rate,
    )


def _let_out(session: Session, actor: Actor, planned: Sequence[PlannedCharge], month: date, vat_rate: int) -> None:
    """Write the charges, and on every release which one it became; all of a run at once."""
    charges = [Charge(tenant_id=actor.tenant_id, **clean(each, month, vat_rate).model_dump()) for each in planned]
    session.add_all(charges)
    session.flush()
    became = [
        {"id": waiting.release_id, "charge_id": charge.id}
        for charge, each in zip(charges, planned, strict=True)
        for waiting in each.releases
    ]
    if became:
        session.execute(update(Release), became)
    for each in planned:
        _tell(session, actor, each.releases, each.kind)
    by_themselves = [each for each in planned if each.kind in TELLS_OF_ONE]
    write_lines(session, {waiting.referral_id for each in by_themselves for waiting in each.releases}, actor)


def _tell(session: Session, actor: Actor, releases: Iterable[Waiting], kind: ChargeKind) -> None:
    """Let every employee find in the audit trail that something about him went out, and how much it said (R27)."""
    for each in releases:
        record(
            session,
            actor,
            "medical:release:charged",
            each.release_id,
            data_subject_id=each.employee_id,
            reason=kind.value,
        )


def _settle(session: Session, actor: Actor, planned: PlannedShare, month: date, vat_rate: int) -> None:
    """Charge the insurer its part; from now on its decision is final (R59).

    One that has not come lapses once nothing is left to decide on; until then it goes on about the rest.
    """
    request = planned.request
    if planned.cents:
        share = ReleasedShare(
            insurer_id=request.insurer_id,
            request_id=request.id,
            month=month,
            net_cents=planned.cents,
            vat_rate=vat_rate,
        )
        session.add(InsurerShare(tenant_id=actor.tenant_id, **share.model_dump()))
        session.add_all(_written(planned, actor.tenant_id))
    if request.state in UNDECIDED and not planned.is_last:
        return
    changes: dict[str, Any] = {"charged_cents": request.paid_cents + planned.cents}
    if not request.is_final:
        lapsed = CofinancingState.LAPSED if request.state in UNDECIDED else request.state
        changes |= {"state": lapsed, "charged_month": month}
    session.exec(update(CofinancingRequest).where(col(CofinancingRequest.id) == request.id).values(changes))


def _written(planned: PlannedShare, tenant_id: UUID) -> Iterator[ReleaseShare]:
    """Yield what the insurer paid of each release, for the day that some of it is credited."""
    for release, cents in planned.parts:
        if cents:
            yield ReleaseShare(
                tenant_id=tenant_id,
                employer_id=release.employer_id,
                employee_id=release.employee_id,
                case_id=release.case_id,
                release_id=release.release_id,
                request_id=planned.request.id,
                cents=cents,
            )
