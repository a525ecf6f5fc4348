"""When the employment of somebody who was absent ended, with which the term of keeping begins (R71)."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from cases.cases_read import get_case
from cases.employment import read_employment
from core.language import _
from core.routing import Section
from portal import flash
from portal.employment_form import employment_form, own_risks, write_employment
from portal.forms import Form, FormFields
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.show import show

router = Section(prefix=f"{HOME}/dossiers/{{case_id}}/dienstverband")


@router.get("")
def employment_page(request: Request, work: Manager, case_id: UUID) -> Response:
    """Show what is known of the end of the employment."""
    return _page(request, work, case_id)


@router.post("")
def employment(request: Request, work: Manager, case_id: UUID, data: FormFields) -> Response:
    """Write down when the employment ended, or take that back."""
    tried = write_employment(work, case_id, data)
    if tried.done is None:
        return _page(request, work, case_id, tried.form, tried.status)
    return flash.redirect(request, _path(case_id), _("Bewaard."))


def _page(
    request: Request, work: Manager, case_id: UUID, ended: Form[Any] | None = None, status: int = 200
) -> Response:
    known = read_employment(work.session, work.actor, case_id)
    return show(
        request,
        work,
        "open/case_manager/employment.html",
        status=status,
        case=get_case(work.session, work.actor, case_id),
        known=known,
        ended=ended or employment_form(known),
        risks=own_risks(),
        path=_path(case_id),
    )


def _path(case_id: UUID) -> str:
    return f"{HOME}/dossiers/{case_id}/dienstverband"
