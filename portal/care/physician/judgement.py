"""The physician's judgement of a case: the cause, and whether it is medical; there is no default (R3)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from cases.authorised_doctors import declare_own
from cases.cases_read import get_case
from core.language import _
from core.routing import Section
from identity.guard import Work
from medical.cases.assessments import assessment_history, judge_cause
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Physician
from portal.care.physician.words import cause_choices
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = Section(prefix="/dossiers/{case_id}/oordeel")


class Judgement(BaseModel):
    """What the physician judges."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cause: Annotated[str, Field(max_length=8)]
    medical: Literal["yes", "no"]


@router.get("")
def judgement_page(request: Request, work: Physician, case_id: UUID) -> Response:
    """Show the judgement in force, to change it."""
    history = assessment_history(work.session, work.actor, case_id)
    now = history[0] if history else None
    form = blank(cause=now.cause, medical="yes" if now.medical else "no") if now else blank()
    return _page(request, work, case_id, form)


@router.post("")
def judge(request: Request, work: Physician, case_id: UUID, data: FormFields) -> Response:
    """Judge."""
    tried = attempt(
        work.session,
        parse(Judgement, data),
        lambda typed: judge_cause(work.session, work.actor, case_id, typed.cause, typed.medical == "yes"),
    )
    if tried.done is None:
        return _page(request, work, case_id, tried.form, tried.status)
    return flash.redirect(request, f"/arts/dossiers/{case_id}", _("Uw oordeel is vastgelegd."))


@router.post("/gemachtigd")
def declare(request: Request, work: Physician, case_id: UUID) -> Response:
    """Say that the employer authorised the physician himself, who then leaves this case to somebody else (R16)."""
    declare_own(work.session, work.actor, case_id)
    told = _("U staat genoteerd als arts-gemachtigde. Een andere bedrijfsarts oordeelt en verwijst in dit dossier.")
    return flash.redirect(request, f"/arts/dossiers/{case_id}", told)


def _page(request: Request, work: Work, case_id: UUID, form: Form[Judgement], status: int = 200) -> Response:
    return show(
        request,
        work,
        "care/physician/judgement.html",
        status=status,
        case=get_case(work.session, work.actor, case_id),
        history=assessment_history(work.session, work.actor, case_id),
        causes=cause_choices(),
        form=form,
    )
