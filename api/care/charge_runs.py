"""The monthly charging over JSON: what it would do, and doing it; for the medical secretariat."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.money import Money, money
from api.paged import Paged, PageQuery
from billing.charging.month_input import MonthInput
from billing.tables import ChargeKind
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.hatch.plan import CarryReason
from medical.hatch.preview import EmployerPreview, PreviewCharge
from medical.release import bear_release, charging_preview, run_charging

router = Section(prefix="/charge-runs", tags=["charging"])
Runner = Annotated[Work, care(Permission.RUN_CHARGES)]
Issuer = Annotated[Work, care(Permission.RUN_CHARGES, fresh=True)]
Bearer = Annotated[Work, care(Permission.BEAR_COST, fresh=True)]


class PreviewQuery(PageQuery):
    """The month to look at, and which page of its employers."""

    month: MonthInput


class RunIn(BaseModel):
    """The month to charge, such as "2026-11"."""

    model_config = ConfigDict(extra="forbid")

    month: MonthInput


class RunOut(BaseModel):
    """What a run has made: invoices by their id in order of number, and how many releases wait."""

    id: UUID
    month: str
    invoices: list[UUID]
    carried_over: int


class LineOut(BaseModel):
    """A line as it will stand on the invoice."""

    description: str
    reference: str | None
    net: Money


class ChargeOut(BaseModel):
    """A charge with its lines, and how many employees stand behind it."""

    kind: ChargeKind
    persons: int
    lines: list[LineOut]


class CarriedOut(BaseModel):
    """What waits, why, and until when its invoice must be out (R52)."""

    release_id: UUID
    provider_invoice_id: UUID
    reason: CarryReason
    net: Money
    supplied_on: date
    due_by: date
    warning: bool
    overdue: bool


class EmployerOut(BaseModel):
    """What one employer would be charged."""

    id: UUID
    name: str
    net: Money
    charges: list[ChargeOut]
    credits: list[ChargeOut]
    carried_over: list[CarriedOut]


class PreviewOut(BaseModel):
    """What a run would do now; a pool needs `k` persons, and of all that waits `urgent` amounts are near their term."""

    month: str
    k: int
    waiting: Money
    urgent: int
    anew: Money
    employers: Paged[EmployerOut]


class BorneIn(BaseModel):
    """What the arbodienst bears: the release, as the preview lists it among what is carried over."""

    model_config = ConfigDict(extra="forbid")

    release_id: UUID


class BorneOut(BaseModel):
    """What it bears, without VAT."""

    release_id: UUID
    net: Money


@router.post("", status_code=201)
def run(work: Issuer, body: RunIn) -> RunOut:
    """Charge what waits and issue the invoices; again in the same month it charges what came since."""
    done = run_charging(work.session, work.actor, body.month)
    return RunOut(id=done.id, month=f"{done.month:%Y-%m}", invoices=list(done.invoices), carried_over=done.carried_over)


@router.get("/preview")
def preview(work: Runner, query: Annotated[PreviewQuery, Query()]) -> PreviewOut:
    """Return what a run for the month would do now, those near their term first; nothing is changed."""
    found = charging_preview(work.session, work.actor, query.month, query.page, query.page_size)
    return PreviewOut(
        month=f"{found.month:%Y-%m}",
        k=found.k,
        waiting=money(found.waiting.net_cents),
        urgent=found.waiting.urgent,
        anew=money(found.anew_cents),
        employers=Paged(
            total=found.employers.total,
            page=found.employers.page,
            page_size=found.employers.page_size,
            results=[_employer(each) for each in found.employers.items],
        ),
    )


@router.post("/borne", status_code=201)
def bear(work: Bearer, body: BorneIn) -> BorneOut:
    """Let the arbodienst bear a hidden amount that is overdue and that nothing hides."""
    return BorneOut(release_id=body.release_id, net=money(bear_release(work.session, work.actor, body.release_id)))


def _charge(charge: PreviewCharge) -> ChargeOut:
    return ChargeOut(
        kind=charge.kind,
        persons=charge.persons,
        lines=[
            LineOut(description=line.description, reference=line.reference, net=money(line.net_cents))
            for line in charge.lines
        ],
    )


def _employer(employer: EmployerPreview) -> EmployerOut:
    return EmployerOut(
        id=employer.employer_id,
        name=employer.employer_name,
        net=money(employer.net_cents),
        charges=[_charge(charge) for charge in employer.charges],
        credits=[_charge(charge) for charge in employer.credits],
        carried_over=[
            CarriedOut(
                release_id=carried.release_id,
                provider_invoice_id=carried.provider_invoice_id,
                reason=carried.reason,
                net=money(carried.net_cents),
                supplied_on=carried.supplied_on,
                due_by=carried.due_by,
                warning=carried.is_warned,
                overdue=carried.is_overdue,
            )
            for carried in employer.carried
        ],
    )
