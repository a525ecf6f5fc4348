"""The books on one page: where to look, and what can be taken out for the bookkeeper."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from billing.books.auditfile import MEDIA_TYPE, write_auditfile
from billing.books.books_csv import entries_csv, invoices_csv
from billing.books.ledger_entries import Period
from billing.invoicing.invoices_read import InvoiceFile
from core.clock import today
from core.downloads import download_file
from core.errors import Invalid
from core.routing import Section
from identity.actor import Actor
from identity.guard import Work, care
from identity.policy import Permission
from portal.care.secretary.navigation import BOOKS
from portal.care.show import show
from portal.forms import Form, parse
from portal.issued_invoices import file_answer
from portal.typed import TypedDay, typed_day

router = Section(prefix=BOOKS)
Taker = Callable[[Session, Actor, Period], InvoiceFile]
Bookkeeper = Annotated[Work, care(Permission.KEEP_BOOKS)]
Exporter = Annotated[Work, care(Permission.KEEP_BOOKS, fresh=True)]


class Days(BaseModel):
    """From which day to which; without them this year until today."""

    first: TypedDay | None = Field(default=None, alias="from")
    last: TypedDay | None = Field(default=None, alias="to")

    @property
    def period(self) -> Period:
        """The days, with the usual ones where none were chosen."""
        last = self.last or today()
        return Period(self.first or last.replace(month=1, day=1), last)


def chosen_days(request: Request) -> tuple[Period, Form[Days]]:
    """Return the period in the address, and the form that shows it; what cannot be read gives the usual one."""
    form = parse(Days, request.query_params)
    period = (form.value or Days()).period
    return period, Form(form.value, form.errors, {**_typed(period), **form.typed})


def _typed(period: Period) -> dict[str, tuple[str, ...]]:
    first: date | None = period.first
    return {"from": (typed_day(first),) if first else (), "to": (typed_day(period.last),)}


@router.get("")
def books(request: Request, work: Bookkeeper) -> Response:
    """Show what can be looked into and taken out."""
    return _page(request, work)


@router.get("/grootboek.csv")
def entries(request: Request, work: Exporter) -> Response:
    """Hand over the entries of a period as CSV."""
    return _taken(request, work, entries_csv)


@router.get("/facturen.csv")
def invoices(request: Request, work: Exporter) -> Response:
    """Hand over the invoices of a period as CSV."""
    return _taken(request, work, invoices_csv)


@router.get("/auditfile.xaf")
def auditfile(request: Request, work: Exporter) -> Response:
    """Hand over the ledger of a period within a year as an auditfile."""
    form = parse(Days, request.query_params)
    if form.value is None:
        return _page(request, work, 422)
    try:
        file = write_auditfile(work.session, work.actor, form.value.period)
    except Invalid as refusal:
        return _page(request, work, 422, form.refused(refusal.errors))
    return download_file(file.name, file.content, MEDIA_TYPE)


def _taken(request: Request, work: Work, take: Taker) -> Response:
    form = parse(Days, request.query_params)
    if form.value is None:
        return _page(request, work, 422)
    try:
        return file_answer(take(work.session, work.actor, form.value.period))
    except Invalid as refusal:
        return _page(request, work, 422, form.refused(refusal.errors))


def _page(request: Request, work: Work, status: int = 200, refused: Form[Days] | None = None) -> Response:
    period, form = chosen_days(request)
    shown = Form(form.value, refused.errors, form.typed) if refused else form
    return show(request, work, "care/secretary/books.html", status=status, form=shown, period=period, path=BOOKS)
