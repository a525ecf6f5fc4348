"""The doctor whom the employer authorises for the employee of a case: named, and ended (R16)."""

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from cases.authorised_doctors import NewDoctor, end_doctor, list_doctors, name_doctor
from cases.cases_read import get_case
from core.language import _
from core.routing import Section
from portal import flash
from portal.attempts import attempt
from portal.forms import Form, FormFields, blank, parse
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.show import show

router = Section(prefix=f"{HOME}/dossiers/{{case_id}}/arts-gemachtigde")


@router.get("")
def doctors_page(request: Request, work: Manager, case_id: UUID) -> Response:
    """Show who is authorised, and the form to name one."""
    return _page(request, work, case_id, blank())


@router.post("")
def name(request: Request, work: Manager, case_id: UUID, data: FormFields) -> Response:
    """Write down whom the employer authorises."""
    tried = attempt(
        work.session, parse(NewDoctor, data), lambda typed: name_doctor(work.session, work.actor, case_id, typed)
    )
    if tried.done is None:
        return _page(request, work, case_id, tried.form, tried.status)
    return flash.redirect(request, _path(case_id), _("De arts-gemachtigde is vastgelegd."))


@router.post("/{doctor_id}/beeindigen")
def end(request: Request, work: Manager, case_id: UUID, doctor_id: UUID) -> Response:
    """Write down that a doctor is no longer authorised."""
    end_doctor(work.session, work.actor, case_id, doctor_id)
    return flash.redirect(request, _path(case_id), _("De arts is niet meer gemachtigd."))


def _page(request: Request, work: Manager, case_id: UUID, form: Form[Any], status: int = 200) -> Response:
    case = get_case(work.session, work.actor, case_id)
    doctors = list_doctors(work.session, work.actor, case_id)
    path = _path(case_id)
    return show(
        request, work, "open/case_manager/doctors.html", status=status, case=case, doctors=doctors, path=path, form=form
    )


def _path(case_id: UUID) -> str:
    return f"{HOME}/dossiers/{case_id}/arts-gemachtigde"
