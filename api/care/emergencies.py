"""Emergency access over JSON: opened by a delegate, read for an hour, ended, and looked at by a physician (R22)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import JSONResponse

from api.care.assessments import AssessmentOut
from api.care.referral_out import ReferralOut, referral_out
from api.emergency_out import EmergenciesOut, EmergencyOut, emergencies_out
from api.paged import PageQuery
from api.problems import problem
from cases.emergencies import end_emergency, get_emergency, list_emergencies, review_emergency
from cases.emergency_tables import EmergencyVerdict
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.emergencies import NewEmergency, emergency_words, open_emergency, read_emergency_file

router = Section(prefix="/emergencies", tags=["emergencies"])
Seer = Annotated[Work, care(Permission.BREAK_GLASS, Permission.REVIEW_EMERGENCY)]


class WhyOut(EmergencyOut):
    """An access with why it was opened, in the words of whoever did."""

    words: str


class EmergencyFileOut(BaseModel):
    """The case, as it is read in an emergency."""

    number: str
    employee_ref: str
    employee_name: str
    first_sick_day: date
    sickness_week: int
    assessments: list[AssessmentOut]
    referrals: list[ReferralOut]


class VerdictIn(BaseModel, extra="forbid"):
    """What was found."""

    verdict: EmergencyVerdict


@router.post("", status_code=201, response_model=EmergencyOut)
def opened(
    work: Annotated[Work, care(Permission.BREAK_GLASS, fresh=True)], body: NewEmergency
) -> EmergencyOut | JSONResponse:
    """Open one case for an hour; a second person is told at once. A try that finds nothing is an event too."""
    made = open_emergency(work.session, work.actor, body)
    if made is None:
        return problem(NotFound(_("Hiermee is geen dossier te openen. Uw poging is vastgelegd.")))
    return EmergencyOut.model_validate(get_emergency(work.session, work.actor, made))


@router.get("")
def emergencies(work: Seer, query: Annotated[PageQuery, Query()]) -> EmergenciesOut:
    """Return a delegate's own, and to a physician those of the arbodienst."""
    return emergencies_out(list_emergencies(work.session, work.actor, query.page, query.page_size))


@router.get("/{emergency_id}")
def emergency(work: Seer, emergency_id: UUID) -> WhyOut:
    """Return one, with why it was opened."""
    found = EmergencyOut.model_validate(get_emergency(work.session, work.actor, emergency_id))
    words = emergency_words(work.session, work.actor, emergency_id)
    return WhyOut(**found.model_dump(), words=words)


@router.get("/{emergency_id}/file")
def file(work: Annotated[Work, care(Permission.BREAK_GLASS)], emergency_id: UUID) -> EmergencyFileOut:
    """Return the case to whoever opened it, while it is open."""
    found = read_emergency_file(work.session, work.actor, emergency_id)
    return EmergencyFileOut(
        number=found.case.number,
        employee_ref=found.case.employee_reference,
        employee_name=found.case.employee_name,
        first_sick_day=found.case.first_sick_day,
        sickness_week=found.case.sickness_week,
        assessments=[AssessmentOut.model_validate(each) for each in found.judgements],
        referrals=[referral_out(each) for each in found.referrals],
    )


@router.post("/{emergency_id}/end")
def ended(work: Seer, emergency_id: UUID) -> EmergencyOut:
    """End one before its time: whoever opened it, or a physician."""
    end_emergency(work.session, work.actor, emergency_id)
    return EmergencyOut.model_validate(get_emergency(work.session, work.actor, emergency_id))


@router.post("/{emergency_id}/review")
def reviewed(
    work: Annotated[Work, care(Permission.REVIEW_EMERGENCY)], emergency_id: UUID, body: VerdictIn
) -> EmergencyOut:
    """Say what was found of one that is over."""
    review_emergency(work.session, work.actor, emergency_id, body.verdict)
    return EmergencyOut.model_validate(get_emergency(work.session, work.actor, emergency_id))
