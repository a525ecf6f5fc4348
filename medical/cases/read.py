"""The medical side of a case in one piece: the case, the judgements of its cause, and its referrals."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from cases.cases_read import CaseView, get_case
from core.paging import Page
from identity.actor import Actor
from identity.policy import Permission, require
from medical.cases.assessments import AssessmentView, assessment_history
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.views import ReferralLine


@dataclass(frozen=True)
class MedicalCase:
    """A case as physician and delegate see it; the first judgement is in force, and none means not judged yet."""

    case: CaseView
    judgements: tuple[AssessmentView, ...]
    referrals: Page[ReferralLine]

    @property
    def judged(self) -> AssessmentView | None:
        """The judgement in force (R3)."""
        return self.judgements[0] if self.judgements else None


def read_medical_case(session: Session, actor: Actor, case_id: UUID, page: int = 1, page_size: int = 50) -> MedicalCase:
    """Return the medical side of a case of the own arbodienst, or of an assigned employer (R17)."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    case = get_case(session, actor, case_id)
    judgements = assessment_history(session, actor, case_id)
    referrals = list_referrals(session, actor, ReferralFilter(case_id=case_id), page, page_size)
    return MedicalCase(case, judgements, referrals)
