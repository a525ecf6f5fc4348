"""Rehearsals of a charge run: what it would make, kept for a day, to be looked at page by page and then done so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from billing.invoicing.documents import InvoiceDocument
from billing.rehearsal_tables import ChargeRehearsal, RehearsedPage
from core.errors import NotFound
from core.language import _
from core.paging import Page
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require

PAGE_SIZE = 25
"""Documents on a page: each of them is shown whole."""

WEIGH = text(
    "SELECT count(*), count(*) FILTER (WHERE kind = 'credit_note'),"
    " coalesce(sum(CASE kind WHEN 'invoice' THEN total_cents ELSE -total_cents END), 0),"
    " coalesce(string_agg(encode(sha256(convert_to(document::text, 'UTF8')), 'hex'), '' ORDER BY number), '')"
    " FROM billing.invoice WHERE tenant_id = :tenant AND id = ANY (CAST(:ids AS uuid[]))"
)
PAGES = text(
    "SELECT jsonb_agg(document ORDER BY number)::text FROM ("
    "  SELECT number, document, (row_number() OVER (ORDER BY number) - 1) / :size AS page"
    "  FROM billing.invoice WHERE tenant_id = :tenant AND id = ANY (CAST(:ids AS uuid[]))"
    ") made GROUP BY page ORDER BY page"
)
KEEP = text(
    "INSERT INTO billing.rehearsed_page (id, tenant_id, created_at, rehearsal_id, page, documents)"
    " SELECT gen_random_uuid(), :tenant, now(), :rehearsal, nth, kept::jsonb"
    " FROM unnest(CAST(:pages AS text[])) WITH ORDINALITY AS made (kept, nth)"
)
FORGET = text(
    "UPDATE billing.rehearsed_page SET documents = '[]'"
    " WHERE created_at < now() - interval '1 day' AND documents <> '[]'"
)


@dataclass(frozen=True)
class Made:
    """What a run makes, in short: cents with VAT, credit notes below zero."""

    documents: int
    credit_notes: int
    total_cents: int
    mark: str  # another one for other documents: it stands for all that is on them, numbers included


@dataclass(frozen=True)
class Looked:
    """What a run makes, and the documents themselves: JSON, a page in each."""

    made: Made
    pages: Sequence[str]


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal that was kept."""

    id: UUID
    month: date
    made: Made


def weigh_documents(session: Session, actor: Actor, ids: Sequence[UUID]) -> Made:
    """Return what the documents `ids` of a run come to."""
    require(actor, Permission.RUN_CHARGES)
    row = session.execute(WEIGH, {"tenant": actor.tenant_id, "ids": list(ids)}).one()
    return Made(row[0], row[1], int(row[2]), sha256(row[3].encode()).hexdigest())


def look_through(session: Session, actor: Actor, ids: Sequence[UUID]) -> Looked:
    """Return the documents `ids` of a run, to be kept once the run is undone."""
    made = weigh_documents(session, actor, ids)
    pages = session.execute(PAGES, {"tenant": actor.tenant_id, "ids": list(ids), "size": PAGE_SIZE}).scalars()
    return Looked(made, pages.all())


def keep_rehearsal(session: Session, actor: Actor, month: date, looked: Looked) -> UUID:
    """Keep what a run for `month` would make, for a day and for whoever rehearsed it; returns its id."""
    require(actor, Permission.RUN_CHARGES)
    made = looked.made
    rehearsal = ChargeRehearsal(
        tenant_id=actor.tenant_id,
        rehearsed_by=actor.account,
        month=month,
        documents=made.documents,
        credit_notes=made.credit_notes,
        total_cents=made.total_cents,
        mark=made.mark,
    )
    session.add(rehearsal)
    session.flush()
    session.execute(KEEP, {"tenant": actor.tenant_id, "rehearsal": rehearsal.id, "pages": list(looked.pages)})
    record(session, actor, "billing:charge_run:rehearsed", rehearsal.id)
    return rehearsal.id


def get_rehearsal(session: Session, actor: Actor, rehearsal_id: UUID) -> Rehearsal:
    """Return a rehearsal of one's own; raises NotFound for another's."""
    require(actor, Permission.RUN_CHARGES)
    row = session.exec(select(ChargeRehearsal).where(ChargeRehearsal.id == rehearsal_id)).one_or_none()
    if row is None:
        raise NotFound(_("Niet gevonden."))
    return Rehearsal(row.id, row.month, Made(row.documents, row.credit_notes, row.total_cents, row.mark))


def rehearsed_documents(session: Session, actor: Actor, rehearsal: Rehearsal, page: int = 1) -> Page[InvoiceDocument]:
    """Return a page of what a rehearsal made: an empty one after the last, and after a day."""
    require(actor, Permission.RUN_CHARGES)
    found = select(RehearsedPage.documents).where(
        RehearsedPage.rehearsal_id == rehearsal.id, RehearsedPage.page == page
    )
    documents = session.exec(found).one_or_none() or []
    items = tuple(map(InvoiceDocument.model_validate, documents))
    return Page(items, rehearsal.made.documents, page, PAGE_SIZE)


def forget_rehearsals(session: Session) -> None:
    """Empty what was kept for a day; for the jobs of the tenant. The numbers and the mark stay."""
    session.execute(FORGET)
