"""Destroying keys at the end of a term: what was sealed under one is unreadable from then on, in every copy (R71)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from core.language import _
from core.sealed import ring_of
from identity.actor import Actor
from identity.audit import record
from identity.policy import refusal
from identity.roles import Role
from medical.invoice_tables import ProviderInvoice
from medical.tables import Referral

DESTROY = text("SELECT medical.destroy_keys(CAST(:subjects AS uuid[]))")


def shred(session: Session, actor: Actor, case_id: UUID) -> int:
    """Destroy the key of a case and those of the provider invoices about it; for the system, once their term is over.

    Returns how many keys were destroyed: none when that was done before. The rows stay; whoever reads them finds that
    the words were removed after their term. The caller has weighed the term, and what holds it up.
    """
    of_case = (
        select(ProviderInvoice.id)
        .join(Referral, col(Referral.id) == ProviderInvoice.referral_id)
        .where(Referral.case_id == case_id)
    )
    return shred_papers(session, actor, [case_id, *session.exec(of_case)])


def shred_papers(session: Session, actor: Actor, papers: Sequence[UUID]) -> int:
    """Destroy the keys of papers that belong to no case: invoices that name no referral, and specifications.

    Returns how many keys were destroyed.
    """
    if actor.role is not Role.SYSTEM:
        raise refusal(actor, _("Dit doet het systeem."))
    destroyed: int = session.execute(DESTROY, {"subjects": papers}).scalar_one()
    ring_of(session.connection().dialect).forget()
    for paper in papers:
        record(session, actor, "medical:key:destroyed", paper)
    return destroyed
