"""The own statement of account, and the lines of the own invoices: as JSON, PDF and CSV."""

from typing import Annotated

from fastapi import Query, Response

from api.statements import StatementOut, StatementQuery, statement_out
from billing.books.books_csv import invoice_lines_csv
from billing.books.statement_files import statement_csv, statement_pdf
from billing.books.statements import statement_of
from billing.invoicing.invoices_read import InvoiceFile
from core.downloads import download
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(tags=["invoices"])
Buyer = Annotated[Work, open_side(Permission.SEE_STATEMENT)]
Exporter = Annotated[Work, open_side(Permission.SEE_STATEMENT, fresh=True)]
Asked = Annotated[StatementQuery, Query()]


@router.get("/statement")
def statement(work: Buyer, query: Asked) -> StatementOut:
    """Return the own statement of account."""
    return statement_out(statement_of(work.session, work.actor, query.period))


@router.get("/statement.pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
def pdf(work: Exporter, query: Asked) -> Response:
    """Return the statement as PDF/A."""
    return _file(statement_pdf(work.session, work.actor, statement_of(work.session, work.actor, query.period)))


@router.get("/statement.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def table(work: Exporter, query: Asked) -> Response:
    """Return the statement as CSV."""
    return _file(statement_csv(work.session, work.actor, statement_of(work.session, work.actor, query.period)))


@router.get("/invoice-lines.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def lines(work: Exporter, query: Asked) -> Response:
    """Return the lines of the own invoices as CSV."""
    return _file(invoice_lines_csv(work.session, work.actor, query.period))


def _file(file: InvoiceFile) -> Response:
    return download(file.name, file.content, file.media_type)
