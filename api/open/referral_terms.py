"""The terms of a referral over JSON: read by who acts on one, set by the network manager (R10)."""

from typing import Annotated

from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.referral_terms import Terms, referral_terms, set_referral_terms

router = Section(prefix="/referral-terms", tags=["referrals"])


@router.get("")
def terms(work: Annotated[Work, open_side(Permission.SEE_TERMS)]) -> Terms:
    """Return the terms of the arbodienst, in working days."""
    return referral_terms(work.session, work.actor)


@router.put("")
def terms_set(work: Annotated[Work, open_side(Permission.SET_TERMS)], body: Terms) -> Terms:
    """Set the terms; `terms_version` is the one that was read."""
    return set_referral_terms(work.session, work.actor, body)
