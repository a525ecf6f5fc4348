"""What becomes of requests to insurers when the employee or the referral ends what they rest on."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, func, select

from billing.cofinancing.lapse import lapse
from billing.cofinancing.policy_budget import GRANTED
from billing.tables import CofinancingRequest
from cases.tables import Consent, ConsentScope
from core.clock import today
from core.errors import NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import require_system
from medical.tables import CofinancingLink, Referral, ReferralState, Release
from network.taxonomy import Disclosure

ENDED = (ReferralState.DECLINED, ReferralState.WITHDRAWN, ReferralState.EXPIRED)
"""States from which a referral brings no cost any more."""


def lapse_after_withdrawal(session: Session, actor: Actor, consent_id: UUID) -> int:
    """Let the undecided requests lapse that a withdrawn consent no longer allows; returns how many did (R24, R25).

    Without consent (c) no request may go on; without (b) none about a confidential intervention, since the employer's
    case manager would see it. What was decided stands. Runs as a job, and again changes nothing.
    """
    _by_system(actor)
    consent = session.get(Consent, consent_id)
    if consent is None:
        raise NotFound(_("Deze toestemming is er niet."))
    record(session, actor, "medical:cofinancing:consent_ended", consent.id, data_subject_id=consent.employee_id)
    if consent.withdrawn_at is None or consent.scope not in (ConsentScope.INSURER, ConsentScope.EMPLOYER):
        return 0
    conditions = [col(CofinancingRequest.case_id) == consent.case_id]
    if consent.scope is ConsentScope.EMPLOYER:
        conditions.append(col(CofinancingRequest.disclosure) == Disclosure.CONF)
    return lapse(session, actor, *conditions)


def lapse_ended(session: Session, actor: Actor) -> int:
    """Let undecided requests lapse whose referral came to nothing and has no cost; returns how many did.

    Comes round as a job, so that no insurer decides on what will not happen.
    """
    _by_system(actor)
    ended = (
        select(CofinancingLink.request_id)
        .join(Referral, col(Referral.id) == CofinancingLink.referral_id)
        .where(col(Referral.state).in_(ENDED))
        .where(col(Referral.id).not_in(select(Release.referral_id)))
    )
    condition: ColumnElement[bool] = col(CofinancingRequest.matter_id).in_(ended)
    record(session, actor, "medical:cofinancing:ended")
    return lapse(session, actor, condition)


def close_ended(session: Session, actor: Actor) -> int:
    """Close decided requests of which nothing more will be charged, so that what is left of the grant is free again.

    A referral is over when it came to nothing, or when its provider can no longer send an invoice. What is over in a
    month is closed in the next one: the insurer sees his budget change, and may learn no day from it (R58, L8).
    Comes round as a job; returns how many were closed.
    """
    _by_system(actor)
    month = today().replace(day=1)
    over = or_(
        and_(col(Referral.state).in_(ENDED), col(Referral.state_since) < month),
        and_(col(Referral.state) == ReferralState.COMPLETED, col(Referral.access_until) < month),
    )
    ended = (
        select(CofinancingLink.request_id)
        .join(Referral, col(Referral.id) == CofinancingLink.referral_id)
        .where(over, col(Referral.id).not_in(select(Release.referral_id).where(col(Release.charge_id).is_(None))))
    )
    record(session, actor, "medical:cofinancing:closed")
    closed = session.exec(
        update(CofinancingRequest)
        .where(
            col(CofinancingRequest.matter_id).in_(ended),
            col(CofinancingRequest.state).in_(GRANTED),
            col(CofinancingRequest.closed_month).is_(None),
        )
        .values(closed_month=month, charged_month=func.coalesce(CofinancingRequest.charged_month, month))
    )
    return closed.rowcount


def _by_system(actor: Actor) -> None:
    require_system(actor)
