"""The month's charging: what it would make and what waits, a look at the very invoices, and the run."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from billing.charging.charge_runs import ChargeRunResult
from billing.charging.charge_terms import LAST_DAY, first_of_month
from billing.charging.month_input import MonthInput
from billing.invoicing.issued_together import IssuedTogether, look_together
from billing.tables import ChargeKind
from core.clock import today
from core.errors import Conflict, NotFound
from core.language import _, ngettext
from core.routing import Section
from identity.actor import Actor
from identity.guard import Work, care
from identity.policy import Permission
from medical.hatch.plan import CarryReason
from medical.release import charging_preview, run_charging
from portal import flash
from portal.attempts import attempt
from portal.care.secretary.navigation import CHARGING, ISSUED
from portal.care.secretary.words import carry_label
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.presenters import month as month_words
from portal.rehearsal import rehearse

router = Section(prefix=CHARGING)
MONTHS_TO_CHOOSE = 3
PAGE_SIZE = 25

Runner = Annotated[Work, care(Permission.RUN_CHARGES)]
Issuer = Annotated[Work, care(Permission.RUN_CHARGES, fresh=True)]


class Month(BaseModel):
    """Which month to charge."""

    month: MonthInput | None = None


class Looked(Month):
    """Which month to charge, and which page of its invoices."""

    page: int = Field(default=1, ge=1, le=100_000)


class Run(BaseModel):
    """A run of `month`; `seen` tells which invoices were looked at beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: MonthInput
    seen: str = Field(max_length=64)


@router.get("")
def preview(request: Request, work: Runner) -> Response:
    """Show what a run would charge to whom, and what would wait."""
    chosen = _month(request)
    found = charging_preview(work.session, work.actor, chosen)
    return show(
        request,
        work,
        "care/secretary/charging.html",
        preview=found,
        month=chosen,
        months=_choices(chosen),
        charged=[employer for employer in found.employers if employer.charges or employer.credits],
        waiting=[employer for employer in found.employers if employer.carried],
        urgent=sum(carried.is_warned for employer in found.employers for carried in employer.carried),
        carry_label=carry_label,
        pooled=ChargeKind.POOLED,
        hidden=CarryReason.POOL,
    )


@router.get("/controleren")
def check_page(request: Request, work: Issuer) -> Response:
    """Show the invoices that a run makes, before it makes them."""
    return _check(request, work, _month(request), blank(), page=_looked(request).page)


@router.post("/controleren")
def run(request: Request, work: Issuer, data: FormFields) -> Response:
    """Run the month's charging, if it still makes what was looked at."""
    form = parse(Run, data)
    tried = attempt(work.session, form, lambda wanted: _run(work.session, work.actor, wanted))
    if tried.done is None:
        return _check(request, work, form.value.month if form.value else usual_month(), tried.form, tried.status)
    made, waits = len(tried.done.invoices), tried.done.carried_over
    said = ngettext("Er is %(n)s factuur gemaakt.", "Er zijn %(n)s facturen gemaakt.", made) % {"n": made}
    if waits:
        still = ngettext("%(n)s bedrag wacht nog.", "%(n)s bedragen wachten nog.", waits) % {"n": waits}
        said = f"{said} {still}"
    return flash.redirect(request, ISSUED, said)


def _run(session: Session, actor: Actor, wanted: Run) -> ChargeRunResult:
    """Run, and refuse when that made something else than was looked at: then all of it is undone."""
    done = run_charging(session, actor, wanted.month)
    if look_together(session, actor, done.invoices, page_size=1).mark != wanted.seen:
        raise Conflict(_("Er is intussen iets veranderd. Kijk de facturen hieronder opnieuw na."))
    return done


def _check(request: Request, work: Work, month: date, form: Form[Run], status: int = 200, page: int = 1) -> Response:
    try:
        made, hindrance = rehearse(work.session, lambda: _would_make(work.session, work.actor, month, page)), ""
    except Conflict as refusal:
        made, hindrance = None, refusal.message
    return show(
        request,
        work,
        "care/secretary/charging_check.html",
        status=status,
        month=month,
        made=made,
        hindrance=hindrance,
        form=form,
        send=blank(),
    )


def _would_make(session: Session, actor: Actor, month: date, page: int) -> IssuedTogether:
    return look_together(session, actor, run_charging(session, actor, month).invoices, page, PAGE_SIZE)


def _looked(request: Request) -> Looked:
    form = parse(Looked, request.query_params)
    if form.value is None:
        raise NotFound(_("Deze maand is niet gevonden."))
    return form.value


def _month(request: Request) -> date:
    """Return the month in the address, or the usual one; what is no month is not there."""
    return _looked(request).month or usual_month()


def usual_month() -> date:
    """Return the month that is charged now: until the term of R52 the one before, after that the running one."""
    return first_of_month(today() - timedelta(days=LAST_DAY))


def _choices(chosen: date) -> list[tuple[date, str]]:
    months = [first_of_month(today())]
    while len(months) < MONTHS_TO_CHOOSE:
        months.append(first_of_month(months[-1] - timedelta(days=1)))
    return [(month, month_words(month)) for month in sorted({*months, chosen})]
