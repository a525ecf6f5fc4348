"""The documents of one charge run, looked at together: however many there are, a page of them is held at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from billing.invoicing.invoices_read import IssuedInvoice, get_invoice
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require

TOGETHER = text(
    "SELECT coalesce(sum(CASE kind WHEN 'invoice' THEN total_cents ELSE -total_cents END), 0),"
    " count(*) FILTER (WHERE kind = 'credit_note'),"
    " coalesce(string_agg(encode(sha256(convert_to(document::text, 'UTF8')), 'hex'), '' ORDER BY number), '')"
    " FROM billing.invoice WHERE tenant_id = :tenant AND id = ANY (CAST(:ids AS uuid[]))"
)


@dataclass(frozen=True)
class IssuedTogether:
    """A page of the documents of a run, and what is true of all of them: cents with VAT, credit notes below zero."""

    shown: Page[IssuedInvoice]
    total_cents: int
    credit_notes: int
    mark: str  # another one for other documents: it stands for all that is on them, numbers included


def look_together(
    session: Session, actor: Actor, ids: Sequence[UUID], page: int = 1, page_size: int = 25
) -> IssuedTogether:
    """Return the documents `ids`, in that order, a page at a time."""
    require(actor, Permission.RUN_CHARGES)
    before = offset(page, page_size)
    items = tuple(get_invoice(session, actor, each) for each in ids[before : before + page_size])
    total, notes, digests = session.execute(TOGETHER, {"tenant": actor.tenant_id, "ids": list(ids)}).one()
    mark = sha256(digests.encode()).hexdigest()
    return IssuedTogether(Page(items, len(ids), page, page_size), int(total), notes, mark)
