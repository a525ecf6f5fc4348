"""Who estimated how many days of absence a referral saves: what a payer is told is the physician's estimate (R60)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from identity.actor import Actor
from identity.audit import record
from identity.roles import Role
from medical.estimate_tables import DaysEstimate
from medical.referrals.moves import parties
from medical.referrals.rows import names_of
from medical.tables import Referral, ReferralContent


@dataclass(frozen=True)
class EstimateView:
    """An estimate, by whom and when."""

    days: int
    estimated_by: str
    estimated_at: datetime


def own_estimate(session: Session, actor: Actor, referral: Referral) -> None:
    """Keep the days that stand in a referral as the physician's estimate, since he signs it or asks with it.

    Of anybody else, and of nought, which says that nobody estimated, nothing is kept.
    """
    content = select(ReferralContent.expected_days_saved).where(ReferralContent.referral_id == referral.id)
    days = session.exec(content).one()
    if actor.role is Role.PHYSICIAN and days:
        keep_estimate(session, actor, referral, days)


def keep_estimate(session: Session, actor: Actor, referral: Referral, days: int) -> None:
    """Add an estimate of the physician's, unless the latest is his and says the same."""
    latest = latest_estimate(session, referral.id)
    if latest is not None and (latest.days, latest.estimated_by) == (days, actor.account):
        return
    session.add(DaysEstimate(**parties(referral), days=days, estimated_by=actor.account))
    session.flush()
    record(session, actor, "medical:days:estimated", referral.id, data_subject_id=referral.employee_id)


def latest_estimate(session: Session, referral_id: UUID) -> DaysEstimate | None:
    """Return the estimate of a referral that is in force."""
    found = select(DaysEstimate).where(DaysEstimate.referral_id == referral_id)
    return session.exec(found.order_by(col(DaysEstimate.created_at).desc(), col(DaysEstimate.id)).limit(1)).first()


def estimate_view(session: Session, referral_id: UUID) -> EstimateView | None:
    """Return the estimate in force with the name of who made it."""
    latest = latest_estimate(session, referral_id)
    if latest is None:
        return None
    name = names_of(session, {latest.estimated_by}).get(latest.estimated_by, "")
    return EstimateView(latest.days, name, latest.created_at)
