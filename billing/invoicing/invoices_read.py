"""Reading issued invoices: the buyer its own, the secretariat all; a stranger's is not there (R70)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from billing.invoicing.document_pdf import write_pdf
from billing.invoicing.document_ubl import write_ubl
from billing.invoicing.documents import InvoiceDocument
from billing.invoicing.invoice_balance import credited_cents, is_open, paid_cents
from billing.tables import Invoice, InvoiceKind
from core.clock import today
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import STRANGERS

MOST_CREDIT_NOTES = 100
"""Credit notes to one invoice that are listed beside it."""


@dataclass(frozen=True)
class InvoiceSummary:
    """An invoice in a list; cents."""

    id: UUID
    number: str
    kind: InvoiceKind
    buyer_id: UUID
    buyer_name: str
    issue_date: date
    due_date: date
    month: date
    net_cents: int
    vat_cents: int
    total_cents: int
    credited_cents: int = 0  # with VAT, by credit notes
    paid_cents: int = 0
    corrects_id: UUID | None = None  # the invoice that a credit note gives back
    corrects_number: str | None = None

    @property
    def open_cents(self) -> int:
        """What is still to be paid."""
        return max(0, self._balance)

    @property
    def give_back_cents(self) -> int:
        """What was paid and is no longer owed, because it was credited."""
        return max(0, -self._balance)

    @property
    def is_paid(self) -> bool:
        """Tell whether it was paid; of one that was credited, as far as that was left to do."""
        return self.paid_cents > 0 and self._balance <= 0

    @property
    def is_overdue(self) -> bool:
        """Tell whether it should have been paid by now."""
        return self.open_cents > 0 and self.due_date < today()

    @property
    def _balance(self) -> int:
        asked = self.total_cents if self.kind is InvoiceKind.INVOICE else 0
        return asked - self.credited_cents - self.paid_cents


@dataclass(frozen=True)
class IssuedInvoice:
    """A whole invoice: its summary and the frozen document that every form of it is made from."""

    summary: InvoiceSummary
    document: InvoiceDocument


@dataclass(frozen=True)
class InvoiceFile:
    """A form of an invoice to be kept; its name tells the kind and number and nothing more (leak L10)."""

    name: str
    media_type: str
    content: bytes


def list_invoices(
    session: Session, actor: Actor, *, page: int = 1, page_size: int = 50, open_only: bool = False
) -> Page[InvoiceSummary]:
    """Return the invoices that the actor may see, the newest first; with `open_only` those yet to be paid."""
    require(actor, Permission.SEE_INVOICES)
    found = _invoices(actor)
    if open_only:
        found = found.where(is_open())
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(col(Invoice.issue_date).desc(), col(Invoice.number).desc())
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    return Page(tuple(_summary(*row) for row in rows), total, page, page_size)


def get_invoice(session: Session, actor: Actor, invoice_id: UUID) -> IssuedInvoice:
    """Return one invoice; raises NotFound, in the same words, for one that is another's or that is not there."""
    require(actor, Permission.SEE_INVOICES)
    row = session.exec(_invoices(actor).where(Invoice.id == invoice_id)).first()
    if row is None:
        raise NotFound(_("Niet gevonden."))
    return IssuedInvoice(_summary(*row), InvoiceDocument.model_validate(row[0].document))


def credit_notes_of(session: Session, actor: Actor, invoice_id: UUID) -> Sequence[InvoiceSummary]:
    """Return the credit notes to an invoice, the oldest first; none for an invoice that the actor may not see."""
    require(actor, Permission.SEE_INVOICES)
    found = _invoices(actor).where(Invoice.corrects_id == invoice_id).order_by(col(Invoice.number))
    return tuple(_summary(*row) for row in session.exec(found.limit(MOST_CREDIT_NOTES)))


def invoice_pdf(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceFile:
    """Return an invoice as PDF, with its UBL inside; raises NotFound as `get_invoice` does."""
    document = get_invoice(session, actor, invoice_id).document
    return InvoiceFile(document.file_name("pdf"), "application/pdf", write_pdf(document))


def invoice_ubl(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceFile:
    """Return an invoice as UBL; raises NotFound as `get_invoice` does."""
    document = get_invoice(session, actor, invoice_id).document
    return InvoiceFile(document.file_name("xml"), "application/xml", write_ubl(document))


def _invoices(actor: Actor) -> Select[Invoice, int, int]:
    """Row-level security leaves what the actor may see; for buyers it is said once more."""
    found = select(Invoice, credited_cents(), paid_cents()).where(Invoice.tenant_id == actor.tenant_id)
    return found.where(Invoice.buyer_id == actor.organisation_id) if actor.role in STRANGERS else found


def _summary(invoice: Invoice, credited: int, paid: int) -> InvoiceSummary:
    return InvoiceSummary(
        id=invoice.id,
        number=invoice.number,
        kind=invoice.kind,
        buyer_id=invoice.buyer_id,
        buyer_name=str(invoice.document["buyer"]["name"]),
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        month=invoice.month,
        net_cents=invoice.net_cents,
        vat_cents=invoice.vat_cents,
        total_cents=invoice.total_cents,
        credited_cents=int(credited),
        paid_cents=int(paid),
        corrects_id=invoice.corrects_id,
        corrects_number=invoice.document["corrects"],
    )
