"""Destroying keys at the end of a term: what was sealed under one is unreadable from then on, in every copy (R71)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from core.sealed import ring_of
from identity.actor import Actor
from identity.audit import record
from identity.policy import require_system

INVOICES = text("SELECT medical.invoices_of(:case)")
DESTROY = text("SELECT medical.destroy_keys(CAST(:subjects AS uuid[]))")


def shred(session: Session, actor: Actor, case_id: UUID) -> int:
    """Destroy the key of a case and those of the provider invoices about it; for the system, once their term is over.

    Returns how many keys were destroyed: none when that was done before. The rows stay; whoever reads them finds that
    the words were removed after their term. The caller has weighed the term, and what holds it up.
    """
    invoices = session.execute(INVOICES, {"case": case_id}).scalars()
    return shred_papers(session, actor, [case_id, *invoices])


def shred_papers(session: Session, actor: Actor, papers: Sequence[UUID]) -> int:
    """Destroy the keys of papers that belong to no case: invoices that name no referral, and specifications.

    Returns how many keys were destroyed.
    """
    require_system(actor)
    destroyed: int = session.execute(DESTROY, {"subjects": papers}).scalar_one()
    ring_of(session.connection().dialect).forget()
    for paper in papers:
        record(session, actor, "medical:key:destroyed", paper)
    return destroyed
