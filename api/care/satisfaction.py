"""What an employee thought of the help that he got, over JSON: his own word, which nobody else reads (R75)."""

from typing import Annotated
from uuid import UUID

from api.care.referral_out import RatingOut
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.referrals.satisfaction import Score, rate_help

router = Section(prefix="/referrals", tags=["referrals"])


@router.post("/{referral_id}/satisfaction", status_code=201)
def rate(work: Annotated[Work, care(Permission.RATE_HELP)], referral_id: UUID, body: Score) -> RatingOut:
    """Say how satisfied he is, once, when the referral is completed."""
    return RatingOut.model_validate(rate_help(work.session, work.actor, referral_id, body))
