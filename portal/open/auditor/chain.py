"""The proof that the audit trail is whole, worked out while the page is asked for, and its anchors to take along."""

from typing import Annotated

from fastapi import Request, UploadFile
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from core.clock import now, today
from core.downloads import download
from core.errors import FieldError, Invalid
from core.language import _
from core.routing import Section
from identity.audit_anchors import Anchor, kept_anchors, lines_of, list_anchors, read_anchors
from identity.audit_chain import BATCH, verify
from identity.guard import Work, open_side, settings_of
from identity.policy import Permission
from portal.forms import Form, FormFields, blank, parse
from portal.open.auditor.navigation import CHAIN
from portal.open.show import show

router = Section(prefix=CHAIN)
LARGEST_FILE = 8 * 1024 * 1024
SHOWN = 10
Officer = Annotated[Work, open_side(Permission.VERIFY_AUDIT)]


class Kept(BaseModel):
    """A file of anchors that somebody kept."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    anchors: UploadFile


@router.get("")
def chain(request: Request, work: Officer) -> Response:
    """Go through the whole chain and say whether it is whole, or where it breaks first."""
    return _page(request, work, blank(), ())


@router.post("")
def against(request: Request, work: Officer, data: FormFields) -> Response:
    """Do the same, and hold the chain against anchors that were kept elsewhere."""
    form = parse(Kept, data)
    if form.value is None:
        return _page(request, work, form, (), 422)
    try:
        kept = _read(form.value.anchors)
    except Invalid as refusal:
        return _page(request, work, form.refused(refusal.errors), (), 422)
    return _page(request, work, blank(), kept)


@router.get("/ankers.jsonl")
def anchors(work: Officer) -> Response:
    """Hand over every anchor as a file."""
    name = f"ankers-{today().isoformat()}.jsonl"
    return download(name, lines_of(kept_anchors(work.session)).encode(), "application/x-ndjson")


def _read(file: UploadFile) -> tuple[Anchor, ...]:
    try:
        return read_anchors(file.file.read(LARGEST_FILE).decode("utf-8"))
    except UnicodeDecodeError:
        message = _("Dit is geen bestand met ankers zoals u het hier hebt opgehaald.")
        raise Invalid(message, (FieldError("anchors", message),)) from None


def _page(request: Request, work: Work, form: Form[Kept], kept: tuple[Anchor, ...], status: int = 200) -> Response:
    signer = settings_of(request).signer
    found = verify(work.session, work.actor, signer, kept)
    return show(
        request,
        work,
        "open/auditor/chain.html",
        status=status,
        found=found,
        fault=_faults().get(found.fault or "", ""),
        at=now(),
        many=BATCH,
        form=form,
        kept=len(kept),
        signing=bool(signer),
        anchors=list_anchors(work.session, work.actor, 1, SHOWN),
        file=f"{CHAIN}/ankers.jsonl",
    )


def _faults() -> dict[str, str]:
    return {
        "link_missing": _("Er ontbreekt een schakel: iemand heeft een zegel weggehaald of verplaatst."),
        "event_missing": _("Er is een gebeurtenis verwijderd die wel verzegeld was."),
        "event_changed": _("Een gebeurtenis is veranderd nadat zij verzegeld was."),
        "event_backdated": _("Een gebeurtenis is later toegevoegd met een datum van vóór het vorige anker."),
        "anchor_differs": _("De keten past niet bij een anker: zij is vanaf het begin of vanaf een punt herschreven."),
        "anchor_forged": _("Een anker is niet door dit systeem getekend, of het is na het tekenen veranderd."),
        "chain_shorter": _("De keten is korter dan een anker zegt: het einde is weggehaald."),
        "certificate_unproven": _("Er is een begin van de keten weg, en het certificaat daarvan is niet getekend."),
    }
