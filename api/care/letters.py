"""The referral letter as PDF/A, for whoever may read what is asked."""

from typing import Annotated
from uuid import UUID

from fastapi import Response

from core.downloads import download
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.referrals.letters import open_letter

router = Section(prefix="/referrals", tags=["referrals"])


@router.get("/{referral_id}/letter.pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
def letter(work: Annotated[Work, care(Permission.SEE_REFERRALS)], referral_id: UUID) -> Response:
    """Return the letter of a referral that was sent; to the provider only while he may read what is asked."""
    file = open_letter(work.session, work.actor, referral_id)
    return download(file.name, file.content, "application/pdf")
