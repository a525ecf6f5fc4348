"""What stops in the medical room when an employee withdraws a consent (R24)."""

from uuid import UUID

from sqlmodel import Session, col, select

from cases.tables import Consent, ConsentScope
from core.errors import NotFound
from core.language import _
from identity import audit
from identity.actor import Actor
from identity.policy import require_system
from medical.referrals.moves import move
from medical.referrals.reasons import CONSENT_WITHDRAWN
from medical.referrals.states import Action
from medical.referrals.terms import WITH_PROVIDER
from medical.tables import Referral
from network.taxonomy import Disclosure


def stop_after_withdrawal(session: Session, actor: Actor, consent_id: UUID) -> int:
    """Take back every confidential referral that rests on a withdrawn consent; returns how many. The job's.

    What the provider was told is hidden from him from the moment of withdrawal on, by row-level security; this makes
    it known to everybody concerned. An OPEN referral does not rest on consent, and goes on.
    """
    require_system(actor)
    consent = session.get(Consent, consent_id)
    if consent is None:
        raise NotFound(_("Deze toestemming is niet gevonden."))
    audit.record(session, actor, "medical:consent:stop", consent.id, data_subject_id=consent.employee_id)
    if consent.scope is not ConsentScope.PROVIDER or consent.withdrawn_at is None:
        return 0
    resting = session.exec(
        select(Referral)
        .where(
            Referral.consent_id == consent.id,
            Referral.disclosure == Disclosure.CONF,
            col(Referral.state).in_(WITH_PROVIDER),
        )
        .order_by(col(Referral.id))
        .with_for_update(key_share=True)
    ).all()
    for referral in resting:
        move(session, referral, actor, Action.WITHDRAW, CONSENT_WITHDRAWN)
    return len(resting)
