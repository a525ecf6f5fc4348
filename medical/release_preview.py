"""What a month's charging would be before it is run, line by line and with what waits; for the secretariat only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from billing.charge_runs import charging_month
from billing.invoice_lines import employer_lines
from billing.tables import ChargeKind
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.tables import Organisation
from medical.release_charges import clean, plan_month
from medical.release_plan import Carried, CarryReason, Plan, PlannedCharge
from medical.tables import Release
from network.settings import arbodienst_settings


@dataclass(frozen=True)
class PreviewLine:
    """A line as it will stand on the invoice; cents without VAT."""

    description: str
    reference: str | None
    net_cents: int


@dataclass(frozen=True)
class PreviewCharge:
    """A charge and its lines; for a pool the number of persons in it, which only the secretariat knows."""

    kind: ChargeKind
    lines: tuple[PreviewLine, ...]
    persons: int


@dataclass(frozen=True)
class PreviewCarried:
    """What waits: why, how much, and until when its invoice must be out (R52)."""

    release_id: UUID
    provider_invoice_id: UUID
    reason: CarryReason
    net_cents: int
    supplied_on: date
    due_by: date
    is_warned: bool
    is_overdue: bool


@dataclass(frozen=True)
class EmployerPreview:
    """What one employer would be charged, and what would be carried over."""

    employer_id: UUID
    employer_name: str
    charges: tuple[PreviewCharge, ...]
    carried: tuple[PreviewCarried, ...]

    @property
    def net_cents(self) -> int:
        """What the employer would pay, without VAT."""
        return sum(line.net_cents for charge in self.charges for line in charge.lines)


@dataclass(frozen=True)
class ChargingPreview:
    """What a run for the month would do today; `k` is the number of persons that a pool needs."""

    month: date
    k: int
    employers: tuple[EmployerPreview, ...]

    @property
    def carried_over(self) -> int:
        """How many releases would be carried over."""
        return sum(len(employer.carried) for employer in self.employers)


def charging_preview(session: Session, actor: Actor, month: date) -> ChargingPreview:
    """Return what a run for `month` would do now; nothing is changed. Raises Invalid for a month to come."""
    require(actor, Permission.RUN_CHARGES)
    month = charging_month(month)
    settings = arbodienst_settings(session, actor)
    plans = plan_month(session, month, settings.suppression_k)
    names = _names(session, {_employer_of(plan) for plan in plans})
    invoices = _invoice_ids(session)
    employers = (_employer(plan, month, settings.onward_vat_rate, names, invoices) for plan in plans)
    record(session, actor, "medical:charging:previewed")
    return ChargingPreview(month, settings.suppression_k, tuple(sorted(employers, key=lambda each: each.employer_name)))


def _employer(
    plan: Plan, month: date, vat_rate: int, names: Mapping[UUID, str], invoices: Mapping[UUID, UUID]
) -> EmployerPreview:
    employer_id = _employer_of(plan)
    return EmployerPreview(
        employer_id=employer_id,
        employer_name=names[employer_id],
        charges=tuple(preview_charge(charge, month, vat_rate) for charge in plan.charges),
        carried=tuple(_carried(each, invoices) for each in plan.carried),
    )


def _employer_of(plan: Plan) -> UUID:
    """A plan is about one employer, and never about nothing."""
    waiting = [*(each for charge in plan.charges for each in charge.releases), *(each.waiting for each in plan.carried)]
    return waiting[0].employer_id


def _names(session: Session, employers: Iterable[UUID]) -> dict[UUID, str]:
    found = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(employers))
    return dict(session.exec(found).all())


def preview_charge(planned: PlannedCharge, month: date, vat_rate: int) -> PreviewCharge:
    """Return a planned charge with the very lines that its invoice will have."""
    found = employer_lines(clean(planned, month, vat_rate))
    lines = (PreviewLine(line.description, line.reference, line.net_cents) for line in found)
    return PreviewCharge(planned.kind, tuple(lines), planned.persons)


def _carried(carried: Carried, invoices: Mapping[UUID, UUID]) -> PreviewCarried:
    waiting = carried.waiting
    return PreviewCarried(
        release_id=waiting.release_id,
        provider_invoice_id=invoices[waiting.release_id],
        reason=carried.reason,
        net_cents=waiting.net_cents,
        supplied_on=waiting.supplied_on,
        due_by=carried.due_by,
        is_warned=carried.is_warned,
        is_overdue=carried.is_overdue,
    )


def _invoice_ids(session: Session) -> dict[UUID, UUID]:
    waiting = select(Release.id, Release.provider_invoice_id).where(col(Release.charge_id).is_(None))
    return dict(session.exec(waiting).all())
