"""What is missing in a case as the medical side knows it, and what still goes on after recovery, over JSON."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.open.warnings import WarningsOut, warnings_out
from api.paged import Paged, PageQuery
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.warnings import list_medical_warnings
from medical.referrals.recovered import list_recovered
from medical.tables import ReferralState

router = Section(tags=["referrals"])


class RecoveredOut(BaseModel):
    """A referral that goes on although its employee has recovered; withdraw or complete it as any other."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    state: ReferralState
    case_id: UUID
    intervention: str
    due_on: date | None


class RecoveredReferralsOut(Paged[RecoveredOut]):
    """A page of them, the oldest term first."""


@router.get("/medical-warnings")
def medical_warnings(
    work: Annotated[Work, care(Permission.SEE_MEDICAL_CASE)], query: Annotated[PageQuery, Query()]
) -> WarningsOut:
    """Return the cases for which no labour expert or second track was set going, confidential or not (R66)."""
    return warnings_out(list_medical_warnings(work.session, work.actor, query.page, query.page_size))


@router.get("/recovered-referrals")
def recovered_referrals(
    work: Annotated[Work, care(Permission.SEE_MEDICAL_CASE)], query: Annotated[PageQuery, Query()]
) -> RecoveredReferralsOut:
    """Return the caller's referrals that go on after recovery (R67)."""
    found = list_recovered(work.session, work.actor, query.page, query.page_size)
    results = [RecoveredOut.model_validate(line) for line in found.items]
    return RecoveredReferralsOut(total=found.total, page=found.page, page_size=found.page_size, results=results)
