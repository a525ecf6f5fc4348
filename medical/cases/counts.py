"""How much waits for somebody, as a bare number for the menu that stands on every page.

A number tells of nobody, and no row leaves the database for it. So nothing was read that the audit trail should know
of (R68), and looking at a menu does not bury there what was.
"""

from sqlalchemy import func, select
from sqlalchemy.sql.selectable import SelectBase
from sqlmodel import Session

from identity.actor import Actor
from identity.policy import Permission, require
from medical.cases.unjudged import unjudged
from medical.invoices.read import sent_back, to_judge
from medical.referrals.list import waiting_for


def count_waiting_referrals(session: Session, actor: Actor) -> int:
    """Return how long the worklist of the actor is."""
    require(actor, Permission.ACT_ON_REFERRAL)
    return _count(session, waiting_for(actor))


def count_unjudged_cases(session: Session, actor: Actor) -> int:
    """Return how many running cases lack a judgement (R3)."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    return _count(session, unjudged(actor))


def count_sent_back(session: Session, actor: Actor) -> int:
    """Return how many of the provider's own invoices were sent back and wait for a new one."""
    require(actor, Permission.SEND_PROVIDER_INVOICE)
    return _count(session, sent_back(actor))


def count_invoices_to_judge(session: Session, actor: Actor) -> int:
    """Return how many provider invoices wait for the secretariat."""
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    return _count(session, to_judge(actor))


def _count(session: Session, found: SelectBase) -> int:
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0
