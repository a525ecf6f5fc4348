"""What a month's charging would be before it is run, line by line and with what waits; for the secretariat only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from billing.charging.charge_runs import charging_month
from billing.charging.charges_anew import cents_to_charge_anew
from billing.invoicing.invoice_lines import employer_lines
from billing.tables import ChargeKind
from identity.actor import Actor
from identity.audit import record_list
from identity.policy import Permission, require
from identity.tables import Organisation
from medical.hatch.back import PlannedBack
from medical.hatch.charges import plan_month
from medical.hatch.plan import Carried, CarryReason, Plan, PlannedCharge, Waiting
from medical.hatch.waiting import waits
from medical.hatch.write import Occasion, clean
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
    credits: tuple[PreviewCharge, ...]  # below zero: what credit notes give back
    carried: tuple[PreviewCarried, ...]

    @property
    def net_cents(self) -> int:
        """What the employer would pay, without VAT; below zero when he gets more back than he pays."""
        return sum(line.net_cents for charge in (*self.charges, *self.credits) for line in charge.lines)


@dataclass(frozen=True)
class ChargingPreview:
    """What a run for the month would do today; `k` is the number of persons that a pool needs."""

    month: date
    k: int
    anew_cents: int  # of invoices that were given back in order to charge them anew; without VAT, for employers
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
    plans = [(_employer_of(plan), plan) for plan in plan_month(session, month, settings.suppression_k)]
    names = _names(session, {employer_id for employer_id, _plan in plans if employer_id})
    invoices = _invoice_ids(session)
    employers = [
        _employer(employer_id, plan, month, settings.onward_vat_rate, names, invoices)
        for employer_id, plan in plans
        if employer_id
    ]
    record_list(session, actor, "medical:charging:previewed", (who for _id, plan in plans for who in _concerned(plan)))
    ordered = tuple(sorted(employers, key=lambda each: each.employer_name))
    return ChargingPreview(month, settings.suppression_k, cents_to_charge_anew(session), ordered)


def _concerned(plan: Plan) -> Iterator[UUID]:
    """Yield whom a plan is about: those whose releases it charges, and those whose releases wait."""
    yield from (waiting.employee_id for charge in plan.charges for waiting in charge.releases)
    yield from (each.waiting.employee_id for each in plan.carried if isinstance(each.waiting, Waiting))


def _employer(
    employer_id: UUID,
    plan: Plan,
    month: date,
    vat_rate: int,
    names: Mapping[UUID, str],
    invoices: Mapping[UUID, UUID],
) -> EmployerPreview:
    return EmployerPreview(
        employer_id=employer_id,
        employer_name=names[employer_id],
        charges=tuple(preview_charge(charge, month, vat_rate) for charge in plan.charges),
        credits=tuple(map(_credit, plan.backs)),
        carried=tuple(_carried(each, invoices) for each in plan.carried),
    )


def _employer_of(plan: Plan) -> UUID | None:
    """A plan is about one employer; about none when nothing in it reaches him."""
    about = [
        *(charge.employer_id for charge in plan.charges),
        *(back.charge.employer_id for back in plan.backs),
        *(each.waiting.employer_id for each in plan.carried),
    ]
    return about[0] if about else None


def _credit(back: PlannedBack) -> PreviewCharge:
    """Return what a credit note gives back, with the very lines that it will have, below zero."""
    lines = employer_lines(replace(back.charge, net_cents=back.net_cents, insurer_cents=back.insurer_cents))
    below = (PreviewLine(line.description, line.reference, -line.net_cents) for line in lines)
    return PreviewCharge(back.charge.kind, tuple(below), len({each.release.employee_id for each in back.backs}))


def _names(session: Session, employers: Iterable[UUID]) -> dict[UUID, str]:
    found = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(employers))
    return dict(session.exec(found).all())


def preview_charge(planned: PlannedCharge, month: date, vat_rate: int) -> PreviewCharge:
    """Return a planned charge with the very lines that its invoice will have."""
    found = employer_lines(clean(planned, Occasion(month, vat_rate)))
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
    waiting = select(Release.id, Release.provider_invoice_id).where(waits())
    return dict(session.exec(waiting).all())
