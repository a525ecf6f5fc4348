"""What a month's charging would be before it is run, line by line and with what waits; for the secretariat only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from billing.charging.charge_runs import charging_month
from billing.charging.charges_anew import cents_to_charge_anew
from billing.invoicing.invoice_lines import employer_lines
from billing.tables import ChargeKind
from core.paging import Page
from core.rows import among
from identity.actor import Actor
from identity.audit import record_list
from identity.policy import Permission, require
from medical.hatch.back import PlannedBack
from medical.hatch.charges import plan_employers
from medical.hatch.plan import Carried, CarryReason, Plan, PlannedCharge, Waiting
from medical.hatch.to_charge import ToCharge, employers_to_charge, waits_in_all
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
class Making:
    """What the previews of all employers have in common: month, rate of VAT, and from which invoice a release comes."""

    month: date
    vat_rate: int
    invoices: Mapping[UUID, UUID]


@dataclass(frozen=True)
class ChargingPreview:
    """What a run for the month would do today, some employers at a time; `k` is how many persons a pool needs."""

    month: date
    k: int
    anew_cents: int  # of invoices that were given back in order to charge them anew; without VAT, for employers
    waiting: ToCharge  # for all employers together
    employers: Page[EmployerPreview]


def charging_preview(
    session: Session, actor: Actor, month: date, page: int = 1, page_size: int = 50
) -> ChargingPreview:
    """Return what a run for `month` would do now; nothing is changed. Raises Invalid for a month to come."""
    require(actor, Permission.RUN_CHARGES)
    month = charging_month(month)
    settings = arbodienst_settings(session, actor)
    shown = employers_to_charge(session, month, page, page_size)
    ids = [employer_id for employer_id, _name in shown.items]
    plans = plan_employers(session, month, settings.suppression_k, ids)
    concerned = (who for plan in plans.values() for who in _concerned(plan))
    record_list(session, actor, "medical:charging:previewed", concerned)
    made = Making(month, settings.onward_vat_rate, _invoice_ids(session, ids))
    return ChargingPreview(
        month,
        settings.suppression_k,
        cents_to_charge_anew(session),
        waits_in_all(session, month),
        shown.map(lambda each: _employer(*each, plans[each[0]], made)),
    )


def _concerned(plan: Plan) -> Iterator[UUID]:
    """Yield whom a plan is about: those whose releases it charges, and those whose releases wait."""
    yield from (waiting.employee_id for charge in plan.charges for waiting in charge.releases)
    yield from (each.waiting.employee_id for each in plan.carried if isinstance(each.waiting, Waiting))


def _employer(employer_id: UUID, name: str, plan: Plan, made: Making) -> EmployerPreview:
    return EmployerPreview(
        employer_id=employer_id,
        employer_name=name,
        charges=tuple(preview_charge(charge, made.month, made.vat_rate) for charge in plan.charges),
        credits=tuple(map(_credit, plan.backs)),
        carried=tuple(_carried(each, made.invoices) for each in plan.carried),
    )


def _credit(back: PlannedBack) -> PreviewCharge:
    """Return what a credit note gives back, with the very lines that it will have, below zero."""
    lines = employer_lines(replace(back.charge, net_cents=back.net_cents, insurer_cents=back.insurer_cents))
    below = (PreviewLine(line.description, line.reference, -line.net_cents) for line in lines)
    return PreviewCharge(back.charge.kind, tuple(below), len({each.release.employee_id for each in back.backs}))


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


def _invoice_ids(session: Session, employers: Sequence[UUID]) -> dict[UUID, UUID]:
    waiting = select(Release.id, Release.provider_invoice_id).where(waits(), among(Release.employer_id, employers))
    return dict(session.exec(waiting).all())
