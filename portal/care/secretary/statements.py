"""The statement of account of a buyer, as the secretariat reads it."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from portal.care.secretary.navigation import BALANCE, BOOKS, ISSUED
from portal.care.show import show
from portal.statements import STATEMENT, StatementPlace, csv_answer, pdf_answer, read_statement

STATEMENTS = f"{BOOKS}/relaties"
router = Section(prefix=STATEMENTS)
Bookkeeper = Annotated[Work, care(Permission.KEEP_BOOKS)]
Exporter = Annotated[Work, care(Permission.KEEP_BOOKS, fresh=True)]


@router.get("/{buyer_id}")
def statement(request: Request, work: Bookkeeper, buyer_id: UUID) -> Response:
    """Show what came and went, and what is open."""
    page = read_statement(request, work, _place(buyer_id))
    return show(request, work, STATEMENT, status=422 if page.faulty else 200, page=page)


@router.get("/{buyer_id}/overzicht.pdf")
def pdf(request: Request, work: Exporter, buyer_id: UUID) -> Response:
    """Hand over the statement as PDF."""
    return pdf_answer(request, work, _place(buyer_id))


@router.get("/{buyer_id}/overzicht.csv")
def table(request: Request, work: Exporter, buyer_id: UUID) -> Response:
    """Hand over the statement as CSV."""
    return csv_answer(request, work, _place(buyer_id))


def _place(buyer_id: UUID) -> StatementPlace:
    return StatementPlace(f"{STATEMENTS}/{buyer_id}", ISSUED, (BALANCE, _("Proefbalans")), buyer_id, lines=False)
