"""What was removed at the end of its term: the certificates, for the data protection officer (R71)."""

import json
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.downloads import download
from core.language import _
from core.routing import Section
from core.signing import Proof
from identity.guard import Work, open_side, settings_of
from identity.policy import Permission
from identity.retention import get_certificate, list_certificates
from identity.retention_tables import Kept
from portal.forms import parse
from portal.open.auditor.navigation import REMOVED
from portal.open.show import show

router = Section(prefix=REMOVED)
PAGE_SIZE = 25
Officer = Annotated[Work, open_side(Permission.VERIFY_AUDIT)]


class Wanted(BaseModel):
    """Which page of the certificates."""

    page: int = Field(default=1, ge=1, le=10_000)


@router.get("")
def removed(request: Request, work: Officer) -> Response:
    """Show the certificates, the newest first."""
    form = parse(Wanted, request.query_params)
    page = form.value.page if form.value else 1
    return show(
        request,
        work,
        "open/auditor/removed.html",
        found=list_certificates(work.session, work.actor, settings_of(request).signer, page, PAGE_SIZE),
        kinds=_kinds(),
        proofs=_proofs(),
        good=Proof.GOOD,
    )


@router.get("/{certificate_id}.json")
def certificate(request: Request, work: Officer, certificate_id: UUID) -> Response:
    """Hand over a certificate with its signature."""
    found = get_certificate(work.session, work.actor, settings_of(request).signer, certificate_id)
    content = json.dumps(found.written, indent=2, sort_keys=True).encode()
    return download(f"certificaat-{certificate_id}.json", content, "application/json")


def _kinds() -> Mapping[Kept, str]:
    return {
        Kept.MEDICAL: _("Medische dossiers"),
        Kept.ABSENCE: _("Verzuim"),
        Kept.ABSENCE_WGA: _("Verzuim, eigenrisicodrager WGA"),
        Kept.ABSENCE_ZW: _("Verzuim, eigenrisicodrager Ziektewet"),
        Kept.PAPER: _("Stukken van providers zonder dossier"),
        Kept.INVOICE: _("Kenmerken op facturen"),
        Kept.LOG: _("Gebeurtenissen in het logboek"),
        Kept.ACCOUNT: _("Accounts"),
        Kept.PERSON: _("Namen van wie een account had"),
    }


def _proofs() -> Mapping[Proof, str]:
    return {
        Proof.GOOD: _("getekend"),
        Proof.FORGED: _("veranderd na het tekenen"),
        Proof.UNKNOWN_KEY: _("niet getekend, of met een sleutel die hier niet bekend is"),
    }
