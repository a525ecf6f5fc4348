"""The physician's judgement of the cause of an absence, over JSON (R3)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from core.errors import NotFound
from core.language import _
from core.routing import Section
from core.validation import OneLine
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.assessments import AssessmentView, assessment_history, current_assessment, judge_cause

router = Section(prefix="/cases/{case_id}", tags=["assessments"])
Reader = Annotated[Work, care(Permission.SEE_MEDICAL_CASE)]


class AssessmentIn(BaseModel):
    """The cause by its code, and whether it is medical; neither has a default."""

    model_config = ConfigDict(extra="forbid")

    cause: Annotated[OneLine, Field(max_length=4)]
    medical: StrictBool


class AssessmentOut(BaseModel):
    """A judgement: by whom, and when."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    case_id: UUID
    cause: str
    cause_label: str
    medical: bool
    assessed_by: str
    assessed_at: datetime


@router.put("/assessment")
def judged(work: Annotated[Work, care(Permission.JUDGE_CAUSE)], case_id: UUID, body: AssessmentIn) -> AssessmentOut:
    """Judge the cause; earlier judgements stay as they were."""
    return _out(judge_cause(work.session, work.actor, case_id, body.cause, body.medical))


@router.get("/assessment")
def current(work: Reader, case_id: UUID) -> AssessmentOut:
    """Return the judgement in force."""
    found = current_assessment(work.session, work.actor, case_id)
    if found is None:
        raise NotFound(_("De bedrijfsarts heeft de oorzaak nog niet beoordeeld."))
    return _out(found)


@router.get("/assessments")
def history(work: Reader, case_id: UUID) -> list[AssessmentOut]:
    """Return the judgements of a case, the one in force first."""
    return [_out(view) for view in assessment_history(work.session, work.actor, case_id)]


def _out(view: AssessmentView) -> AssessmentOut:
    return AssessmentOut.model_validate(view)
