"""The statement of account of the insurer: a page, a PDF and a table, and the lines of the own invoices."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.open.insurer.navigation import INVOICES, STATEMENT
from portal.open.show import show
from portal.statements import STATEMENT as PAGE
from portal.statements import StatementPlace, csv_answer, lines_answer, pdf_answer, read_statement

router = Section(prefix=STATEMENT)
# Both kinds of buyers have a statement, each on a page of its own.
Buyer = Annotated[Work, open_side(Permission.DECIDE_COFINANCING)]
Exporter = Annotated[Work, open_side(Permission.DECIDE_COFINANCING, fresh=True)]


@router.get("")
def statement(request: Request, work: Buyer) -> Response:
    """Show what came and went, and what is open."""
    page = read_statement(request, work, _place())
    return show(request, work, PAGE, status=422 if page.faulty else 200, page=page)


@router.get("/regels.csv")
def lines(request: Request, work: Exporter) -> Response:
    """Hand over the lines of the own invoices."""
    return lines_answer(request, work)


@router.get("/overzicht.pdf")
def pdf(request: Request, work: Exporter) -> Response:
    """Hand over the statement as PDF."""
    return pdf_answer(request, work, _place())


@router.get("/overzicht.csv")
def table(request: Request, work: Exporter) -> Response:
    """Hand over the statement as CSV."""
    return csv_answer(request, work, _place())


def _place() -> StatementPlace:
    return StatementPlace(STATEMENT, INVOICES, (INVOICES, _("Facturen")))
