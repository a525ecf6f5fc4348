"""The month's charging: what it would make and what waits, a look at the very invoices, and the run."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from billing.charging.charge_runs import ChargeRunResult
from billing.charging.charge_terms import LAST_DAY, first_of_month
from billing.charging.month_input import MonthInput
from billing.charging.rehearsals import (
    Looked,
    Rehearsal,
    get_rehearsal,
    keep_rehearsal,
    look_through,
    rehearsed_documents,
    weigh_documents,
)
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
from portal.care.secretary.navigation import CHARGING, ISSUED
from portal.care.secretary.words import carry_label
from portal.care.show import show
from portal.forms import blank, parse
from portal.presenters import month as month_words
from portal.rehearsal import rehearse

router = Section(prefix=CHARGING)
CHECK, CHECK_PAGE = f"{CHARGING}/controleren", "care/secretary/charging_check.html"
MONTHS_TO_CHOOSE = 3

Runner = Annotated[Work, care(Permission.RUN_CHARGES)]
Issuer = Annotated[Work, care(Permission.RUN_CHARGES, fresh=True)]


class Month(BaseModel):
    """Which month to charge."""

    month: MonthInput | None = None


class Place(Month):
    """Which month to charge, and which page of what it makes."""

    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def preview(request: Request, work: Runner) -> Response:
    """Show what a run would charge to whom, some employers at a time, and what would wait."""
    chosen, page = _month(request), _place(request).page
    found = charging_preview(work.session, work.actor, chosen, page)
    employers = found.employers.items
    return show(
        request,
        work,
        "care/secretary/charging.html",
        preview=found,
        month=chosen,
        months=_choices(chosen),
        charged=[employer for employer in employers if employer.charges or employer.credits],
        waiting=[employer for employer in employers if employer.carried],
        carry_label=carry_label,
        pooled=ChargeKind.POOLED,
        hidden=CarryReason.POOL,
    )


@router.get("/controleren")
def rehearsal(request: Request, work: Issuer) -> Response:
    """Rehearse the run of a month once, and lead to what it made: every page of that is read from there."""
    month = _month(request)
    try:
        looked = rehearse(work.session, lambda: _would_make(work.session, work.actor, month))
    except Conflict as refusal:
        return show(request, work, CHECK_PAGE, month=month, hindrance=refusal.message)
    if not looked.made.documents:
        return show(request, work, CHECK_PAGE, month=month, hindrance="", made=looked.made)
    return flash.redirect(request, f"{CHECK}/{keep_rehearsal(work.session, work.actor, month, looked)}")


@router.get("/controleren/{rehearsal_id}")
def check_page(request: Request, work: Issuer, rehearsal_id: UUID) -> Response:
    """Show a page of the documents that a run makes, before it makes them."""
    made = get_rehearsal(work.session, work.actor, rehearsal_id)
    shown = rehearsed_documents(work.session, work.actor, made, _place(request).page)
    if not shown.items:
        return _anew(request, made, _("Wat u eerder bekeek, is er niet meer. Dit zijn de facturen zoals ze nu zijn."))
    return show(
        request,
        work,
        CHECK_PAGE,
        month=made.month,
        hindrance="",
        made=made.made,
        shown=shown,
        send=blank(),
    )


@router.post("/controleren/{rehearsal_id}")
def run(request: Request, work: Issuer, rehearsal_id: UUID) -> Response:
    """Run the month's charging, if it still makes what was looked at; else all of it is undone, and looked at anew."""
    seen = get_rehearsal(work.session, work.actor, rehearsal_id)
    try:
        with work.session.begin_nested():
            done = _run(work.session, work.actor, seen)
    except Conflict:
        return _anew(request, seen, _("Er is intussen iets veranderd. Kijk de facturen hieronder opnieuw na."))
    made, waits = len(done.invoices), done.carried_over
    said = ngettext("Er is %(n)s factuur gemaakt.", "Er zijn %(n)s facturen gemaakt.", made) % {"n": made}
    if waits:
        still = ngettext("%(n)s bedrag wacht nog.", "%(n)s bedragen wachten nog.", waits) % {"n": waits}
        said = f"{said} {still}"
    return flash.redirect(request, ISSUED, said)


def _anew(request: Request, seen: Rehearsal, why: str) -> Response:
    return flash.redirect(request, f"{CHECK}?month={seen.month:%Y-%m}", why, went_well=False)


def _would_make(session: Session, actor: Actor, month: date) -> Looked:
    return look_through(session, actor, run_charging(session, actor, month).invoices)


def _run(session: Session, actor: Actor, seen: Rehearsal) -> ChargeRunResult:
    done = run_charging(session, actor, seen.month)
    if weigh_documents(session, actor, done.invoices) != seen.made:
        raise Conflict(_("Er is intussen iets veranderd. Kijk de facturen hieronder opnieuw na."))
    return done


def _place(request: Request) -> Place:
    form = parse(Place, request.query_params)
    if form.value is None:
        raise NotFound(_("Deze maand is niet gevonden."))
    return form.value


def _month(request: Request) -> date:
    """Return the month in the address, or the usual one; what is no month is not there."""
    return _place(request).month or usual_month()


def usual_month() -> date:
    """Return the month that is charged now: until the term of R52 the one before, after that the running one."""
    return first_of_month(today() - timedelta(days=LAST_DAY))


def _choices(chosen: date) -> list[tuple[date, str]]:
    months = [first_of_month(today())]
    while len(months) < MONTHS_TO_CHOOSE:
        months.append(first_of_month(months[-1] - timedelta(days=1)))
    return [(month, month_words(month)) for month in sorted({*months, chosen})]
