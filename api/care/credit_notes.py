"""Giving an issued invoice back over JSON; for the medical secretariat."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.money import Money, money
from billing.invoicing.credit_notes import credit_invoice
from billing.tables import CreditReason
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission

router = Section(prefix="/credit-notes", tags=["invoices"])
Crediting = Annotated[Work, care(Permission.CREDIT_INVOICE, fresh=True)]


class CreditNoteIn(BaseModel):
    """Which invoice to give back and why, and whether its charges come again in the next run."""

    model_config = ConfigDict(extra="forbid")

    invoice_id: UUID
    reason: CreditReason
    charge_anew: bool


class CreditNoteOut(BaseModel):
    """The credit note; it is read, as PDF and UBL too, where invoices are."""

    id: UUID
    number: str
    corrects: UUID
    total: Money


@router.post("", status_code=201)
def credit(work: Crediting, body: CreditNoteIn) -> CreditNoteOut:
    """Give back everything that is left of an invoice."""
    note = credit_invoice(work.session, work.actor, body.invoice_id, body.reason, charge_anew=body.charge_anew)
    return CreditNoteOut(
        id=note.summary.id,
        number=note.summary.number,
        corrects=body.invoice_id,
        total=money(note.summary.total_cents),
    )
