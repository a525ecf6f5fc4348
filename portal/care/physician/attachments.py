"""Files that go with a referral: added and taken back by physician and delegate, who see them until it is sent."""

from uuid import UUID

from fastapi import Request, UploadFile
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from core.downloads import download
from core.language import _
from core.received_files import LARGEST_FILE, receive
from core.routing import Section
from identity.guard import Work
from medical.referrals.attachments import MOST_FILES, add_attachment, open_attachment, remove_attachment
from medical.referrals.views import AttachmentView
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Referrer
from portal.care.physician.referral import read_for_care
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = Section(prefix="/verwijzingen/{referral_id}/bijlagen")


class Sent(BaseModel):
    """A file that was chosen."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


@router.get("")
def add_page(request: Request, work: Referrer, referral_id: UUID) -> Response:
    """Ask for a file, and say who will be able to open it."""
    return _page(request, work, referral_id, blank())


@router.post("")
def add(request: Request, work: Referrer, referral_id: UUID, data: FormFields) -> Response:
    """Let a file go with the referral."""

    def act(sent: Sent) -> AttachmentView:
        chosen = sent.file
        received = receive(chosen.filename or "", chosen.content_type or "", chosen.file.read(LARGEST_FILE + 1))
        return add_attachment(work.session, work.actor, referral_id, received)

    tried = attempt(work.session, parse(Sent, data), act)
    if tried.done is None:
        return _page(request, work, referral_id, tried.form, tried.status)
    return flash.redirect(request, f"/arts/verwijzingen/{referral_id}#bijlagen", _("De bijlage gaat mee."))


@router.get("/{attachment_id}/bestand")
def content(work: Referrer, referral_id: UUID, attachment_id: UUID) -> Response:
    """Return what is in a file that was not sent yet."""
    file = open_attachment(work.session, work.actor, referral_id, attachment_id)
    return download(file.name, file.content, file.kind.media_type)


@router.post("/{attachment_id}/weghalen")
def remove(request: Request, work: Referrer, referral_id: UUID, attachment_id: UUID) -> Response:
    """Take a file back."""
    remove_attachment(work.session, work.actor, referral_id, attachment_id)
    return flash.redirect(request, f"/arts/verwijzingen/{referral_id}#bijlagen", _("De bijlage gaat niet meer mee."))


def _page(request: Request, work: Work, referral_id: UUID, form: Form[Sent], status: int = 200) -> Response:
    referral = read_for_care(work.session, work.actor, referral_id)
    return show(
        request,
        work,
        "care/physician/attachment_new.html",
        status=status,
        line=referral.header.line,
        most=MOST_FILES,
        form=form,
    )
