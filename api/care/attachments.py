"""Files that go with a referral, over JSON's door: sent as multipart, served as files to keep."""

from typing import Annotated
from uuid import UUID

from fastapi import Response, UploadFile

from api.care.referral_out import AttachmentOut
from core.downloads import download
from core.received_files import LARGEST_FILE, receive
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.referrals.attachments import add_attachment, open_attachment, remove_attachment

router = Section(prefix="/referrals", tags=["referrals"])
Sender = Annotated[Work, care(Permission.DRAFT_REFERRAL)]


@router.post("/{referral_id}/attachments", status_code=201)
def added(work: Sender, referral_id: UUID, file: UploadFile) -> AttachmentOut:
    """Send a file along: PDF, PNG or JPEG, at most 5 MB, at most five with a referral."""
    received = receive(file.filename or "", file.content_type or "", file.file.read(LARGEST_FILE + 1))
    made = add_attachment(work.session, work.actor, referral_id, received)
    return AttachmentOut.model_validate(made)


@router.get("/{referral_id}/attachments/{attachment_id}/file", response_class=Response)
def content(work: Annotated[Work, care(Permission.SEE_REFERRALS)], referral_id: UUID, attachment_id: UUID) -> Response:
    """Return what is in it: to the addressed provider while the referral runs; to whoever prepares it until then."""
    file = open_attachment(work.session, work.actor, referral_id, attachment_id)
    return download(file.name, file.content, file.kind.media_type)


@router.delete("/{referral_id}/attachments/{attachment_id}", status_code=204)
def removed(work: Sender, referral_id: UUID, attachment_id: UUID) -> None:
    """Take a file back; from now on the provider cannot open it."""
    remove_attachment(work.session, work.actor, referral_id, attachment_id)
