"""Statements of account as pages and files: the same for the buyer as for the secretariat that looks along."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, Field

from billing.books.books_csv import invoice_lines_csv
from billing.books.ledger import BookingKind
from billing.books.ledger_entries import Period
from billing.books.statement_files import statement_csv, statement_pdf
from billing.books.statements import DOCUMENTS, Movement, Statement, statement_of, usual_period
from billing.invoicing.invoices_read import InvoiceFile
from core.clock import today
from core.downloads import download
from core.errors import Invalid
from core.language import _
from identity.guard import Work
from portal.forms import Form, parse
from portal.typed import TypedDay, typed_day

STATEMENT = "invoices/statement.html"


@dataclass(frozen=True)
class StatementPlace:
    """Where a statement and its invoices stand in the portal of a role; `buyer_id` only for the secretariat."""

    href: str
    invoices: str
    back: tuple[str, str]
    buyer_id: UUID | None = None
    lines: bool = True  # whether the lines of the invoices can be taken out here


class Days(BaseModel):
    """From which day to which; without them the last twelve months."""

    first: TypedDay | None = Field(default=None, alias="from")
    last: TypedDay | None = Field(default=None, alias="to")

    @property
    def period(self) -> Period:
        """The days, with the usual ones where none were chosen."""
        usual = usual_period(self.last or today())
        return Period(self.first or usual.first, usual.last)


@dataclass(frozen=True)
class StatementPage:
    """What STATEMENT shows: the statement, the form of its period, and the words of each movement."""

    place: StatementPlace
    statement: Statement
    form: Form[Days]
    movements: tuple[tuple[Movement, str], ...]
    days: str
    faulty: bool


def read_statement(request: Request, work: Work, place: StatementPlace) -> StatementPage:
    """Return what STATEMENT shows; a period that cannot be read or is too long gives the usual one, and says why."""
    form = parse(Days, request.query_params)
    period = (form.value or Days()).period
    try:
        statement = statement_of(work.session, work.actor, period, place.buyer_id)
    except Invalid as refusal:
        form = form.refused(refusal.errors)
        period = Period(today().replace(day=1), today())
        statement = statement_of(work.session, work.actor, period, place.buyer_id)
    typed = {"from": (typed_day(period.first),) if period.first else (), "to": (typed_day(period.last),)}
    return StatementPage(
        place=place,
        statement=statement,
        form=Form(form.value, form.errors, {**typed, **form.typed}),
        movements=tuple((each, movement_label(each)) for each in statement.movements),
        days=f"from={period.first}&to={period.last}",
        faulty=bool(form.errors),
    )


def pdf_answer(request: Request, work: Work, place: StatementPlace) -> Response:
    """Return the statement of the period in the address as PDF."""
    return _answer(statement_pdf(work.session, work.actor, read_statement(request, work, place).statement))


def csv_answer(request: Request, work: Work, place: StatementPlace) -> Response:
    """Return the statement of the period in the address as CSV."""
    return _answer(statement_csv(work.session, work.actor, read_statement(request, work, place).statement))


def lines_answer(request: Request, work: Work) -> Response:
    """Return the lines of the actor's own invoices of the period in the address as CSV."""
    chosen = parse(Days, request.query_params).value or Days()
    return _answer(invoice_lines_csv(work.session, work.actor, chosen.period))


def movement_label(each: Movement) -> str:
    """Return what moved, in a word."""
    if each.kind in DOCUMENTS:
        return _("Factuur") if each.kind == BookingKind.INVOICE else _("Creditnota")
    return _("Betaling") if each.cents < 0 else _("Betaling teruggedraaid")


def _answer(file: InvoiceFile) -> Response:
    return download(file.name, file.content, file.media_type)
