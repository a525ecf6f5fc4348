"""Redirecting a referral to another offering: what was asked goes along, and the history stays (R11)."""

from uuid import UUID

from sqlmodel import Session, select

from core.errors import FieldError, Invalid
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.attachments import pass_on_attachments
from medical.referrals.draft import footing_of
from medical.referrals.forms import Asked
from medical.referrals.issue import issue_at_once, take_case_turn
from medical.referrals.moves import Outcome, move, outcome, take
from medical.referrals.states import Action
from medical.tables import Referral, ReferralContent


def redirect_referral(
    session: Session,
    actor: Actor,
    referral_id: UUID,
    offering_id: UUID,
    units: int | None = None,
    version: int | None = None,
) -> Outcome:
    """Refer to another offering instead: the old referral is over, and a new one that replaces it is issued at once.

    `units` is for an offering that counts otherwise; without it they stay as they were. Raises Invalid for the same
    offering, and what issuing raises.
    """
    require(actor, Permission.ACT_ON_REFERRAL)
    take_case_turn(session, referral_id)
    old = take(session, referral_id, actor, Action.REDIRECT, version)
    if old.offering_id == offering_id:
        same = _("Dit is het aanbod waarnaar al verwezen is. Kies een ander.")
        raise Invalid(same, [FieldError("offering_id", same)])
    footing = footing_of(session, old.case_id, offering_id, actor)
    move(session, old, actor, Action.REDIRECT)
    new, notices = issue_at_once(session, footing, _asked(session, old, units), actor, replaces_id=old.id)
    pass_on_attachments(session, actor, old, new)
    return outcome(old, actor, footing.notices + notices, replaced_by=new.id)


def _asked(session: Session, old: Referral, units: int | None) -> Asked:
    content = session.exec(select(ReferralContent).where(ReferralContent.referral_id == old.id)).one()
    return Asked(
        goal=content.goal,
        question=content.question,
        expected_result=content.expected_result,
        abilities=content.abilities,
        units=units or old.units,
        expected_days_saved=content.expected_days_saved,
        request_cofinancing=old.request_cofinancing,
    )
