"""How long a file is kept: the end of the employment, and keeping all of it longer for a reason (R71)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from cases.cases_read import get_case
from cases.employment import read_employment
from cases.holds import Hold, end_hold, hold_file, read_hold
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission, allows
from identity.retention_tables import HoldReason
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Referrer
from portal.care.show import show
from portal.employment_form import employment_form, own_risks, write_employment
from portal.forms import Form, FormFields, blank, parse

router = Section(prefix="/dossiers/{case_id}/bewaren")
Keeper = Annotated[Work, care(Permission.HOLD_FILES)]


@router.get("")
def keeping_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Show when the employment ended and whether the file is held; what may be changed is a form."""
    return _page(request, work, case_id)


@router.post("/dienstverband")
def employment(request: Request, work: Referrer, case_id: UUID, data: FormFields) -> Response:
    """Write down when the employment ended, or take that back."""
    tried = write_employment(work, case_id, data)
    if tried.done is None:
        return _page(request, work, case_id, ended=tried.form, status=tried.status)
    return flash.redirect(request, _path(case_id), _("Bewaard."))


@router.post("")
def hold(request: Request, work: Keeper, case_id: UUID, data: FormFields) -> Response:
    """Keep everything of the employee from now on."""
    tried = attempt(work.session, parse(Hold, data), lambda typed: hold_file(work.session, work.actor, case_id, typed))
    if tried.done is None:
        return _page(request, work, case_id, held=tried.form, status=tried.status)
    return flash.redirect(request, _path(case_id), _("Dit dossier wordt langer bewaard."))


@router.get("/einde")
def end_page(request: Request, work: Keeper, case_id: UUID) -> Response:
    """Say what ending the hold does, before it is done."""
    held = read_hold(work.session, work.actor, case_id)
    if held is None:
        raise NotFound(_("Dit dossier wordt niet langer bewaard dan zijn termijn."))
    case = get_case(work.session, work.actor, case_id)
    return show(
        request, work, "care/physician/hold_end.html", case=case, held=held, reasons=_reasons(), path=_path(case_id)
    )


@router.post("/einde")
def end(request: Request, work: Keeper, case_id: UUID) -> Response:
    """Let the terms count again."""
    end_hold(work.session, work.actor, case_id)
    return flash.redirect(request, _path(case_id), _("De bewaartermijnen gelden weer."))


def _page(
    request: Request,
    work: Work,
    case_id: UUID,
    ended: Form[Any] | None = None,
    held: Form[Any] | None = None,
    status: int = 200,
) -> Response:
    case = get_case(work.session, work.actor, case_id)
    known = read_employment(work.session, work.actor, case_id)
    may_hold = allows(work.actor.role, Permission.HOLD_FILES)
    return show(
        request,
        work,
        "care/physician/keeping.html",
        status=status,
        case=case,
        known=known,
        ended=ended or employment_form(known),
        risks=own_risks(),
        may_hold=may_hold,
        held=read_hold(work.session, work.actor, case_id) if may_hold else None,
        form=held or blank(),
        reasons=_reasons(),
        path=_path(case_id),
    )


def _reasons() -> dict[HoldReason, str]:
    return {
        HoldReason.DISPUTE: _("Er loopt een geschil of een rechtszaak"),
        HoldReason.COMPLAINT: _("Er loopt een klacht of een tuchtzaak"),
        HoldReason.AUTHORITY: _("Een toezichthouder of rechter vraagt erom"),
        HoldReason.REQUEST: _("De werknemer vraagt erom"),
    }


def _path(case_id: UUID) -> str:
    return f"/arts/dossiers/{case_id}/bewaren"
