"""Issued invoices that are given back, with the credit notes that went before; frozen documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, or_, select

from billing.invoicing.documents import InvoiceDocument
from billing.tables import Invoice


@dataclass(frozen=True)
class Corrected:
    """An invoice, and the credit notes to it so far."""

    invoice: InvoiceDocument
    given_back: tuple[InvoiceDocument, ...]


def corrected_documents(session: Session, invoice_ids: Iterable[UUID]) -> Mapping[UUID, Corrected]:
    """Return invoices by id with what was given back of them."""
    ids = list(invoice_ids)
    if not ids:
        return {}
    wanted = or_(col(Invoice.id).in_(ids), col(Invoice.corrects_id).in_(ids))
    originals: dict[UUID, InvoiceDocument] = {}
    given_back: dict[UUID, list[InvoiceDocument]] = {}
    for invoice_id, corrects_id, document in session.exec(
        select(Invoice.id, Invoice.corrects_id, Invoice.document).where(wanted)
    ):
        read = InvoiceDocument.model_validate(document)
        if corrects_id is None:
            originals[invoice_id] = read
        else:
            given_back.setdefault(corrects_id, []).append(read)
    return {each: Corrected(document, tuple(given_back.get(each, ()))) for each, document in originals.items()}
