"""Writes documents that have their number: frozen, tied to what they charge, booked and recorded; many in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session

from billing.books.ledger import BookingKind, book_all
from billing.books.ledger_accounts import Booking, employer_invoice_issued, insurer_invoice_issued, undone
from billing.invoicing.documents import DocumentKind, InvoiceDocument, LineKind
from billing.invoicing.invoice_items import Side
from billing.tables import CreditReason, Invoice, InvoiceKind
from core.rows import append_all
from identity.actor import Actor
from identity.audit import About, record_all


@dataclass(frozen=True)
class Issue:
    """A document to be written: whose it is, which charges or shares it is for, and what it corrects and why."""

    side: Side
    buyer_id: UUID
    document: InvoiceDocument
    items: Sequence[UUID]
    month: date
    run_id: UUID | None = None
    corrects_id: UUID | None = None
    credit_reason: CreditReason | None = None
    charge_anew: bool = False


TIES = {
    Side.EMPLOYER: text(
        "UPDATE billing.charge c SET invoice_id = v.invoice_id"
        " FROM unnest(CAST(:items AS uuid[]), CAST(:invoices AS uuid[])) v (id, invoice_id) WHERE c.id = v.id"
    ),
    Side.INSURER: text(
        "UPDATE billing.insurer_share s SET invoice_id = v.invoice_id"
        " FROM unnest(CAST(:items AS uuid[]), CAST(:invoices AS uuid[])) v (id, invoice_id) WHERE s.id = v.id"
    ),
}


def write_documents(session: Session, actor: Actor, issues: Sequence[Issue]) -> tuple[UUID, ...]:
    """Write documents in the order of their numbers, and return their ids."""
    written = [(uuid4(), issue) for issue in issues]
    append_all(session, Invoice, (_row(actor, invoice_id, issue) for invoice_id, issue in written))
    for side, tie in TIES.items():
        ties = [(item, invoice_id) for invoice_id, issue in written if issue.side is side for item in issue.items]
        if ties:
            session.execute(tie, {"items": [item for item, _id in ties], "invoices": [each for _item, each in ties]})
    for credits, kind, tag in (
        (False, BookingKind.INVOICE, "billing:invoice:issued"),
        (True, BookingKind.CREDIT_NOTE, "billing:credit_note:issued"),
    ):
        some = [(invoice_id, issue) for invoice_id, issue in written if bool(issue.corrects_id) is credits]
        book_all(session, actor, kind, ((invoice_id, _booking(issue)) for invoice_id, issue in some))
        record_all(session, actor, tag, _events(some))
    return tuple(invoice_id for invoice_id, _issue in written)


def _events(written: Iterable[tuple[UUID, Issue]]) -> Iterable[About]:
    return (
        About(invoice_id, reason=issue.credit_reason.value if issue.credit_reason else None)
        for invoice_id, issue in written
    )


def _row(actor: Actor, invoice_id: UUID, issue: Issue) -> dict[str, object]:
    document = issue.document
    return {
        "id": invoice_id,
        "tenant_id": actor.tenant_id,
        "number": document.number,
        "kind": InvoiceKind.INVOICE if document.kind is DocumentKind.INVOICE else InvoiceKind.CREDIT_NOTE,
        "buyer_id": issue.buyer_id,
        "issue_date": document.issue_date,
        "due_date": document.due_date or document.issue_date,
        "month": issue.month,
        "net_cents": document.net_cents,
        "vat_cents": document.vat_cents,
        "total_cents": document.gross_cents,
        "document": document.model_dump(mode="json"),
        "corrects_id": issue.corrects_id,
        "credit_reason": issue.credit_reason,
        "charge_anew": issue.charge_anew,
        "charge_run_id": issue.run_id,
    }


def _booking(issue: Issue) -> Booking:
    """A credit note books the reverse of what an invoice over the same lines would (R50)."""
    document = issue.document
    if issue.side is Side.EMPLOYER:
        services = sum(line.net_cents for line in document.lines if line.kind is LineKind.SERVICE)
        sale = employer_invoice_issued(issue.buyer_id, document.net_cents, document.vat_cents, services)
    else:
        sale = insurer_invoice_issued(issue.buyer_id, document.net_cents, document.vat_cents)
    return undone(sale) if issue.corrects_id else sale
