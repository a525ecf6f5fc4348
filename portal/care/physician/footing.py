"""On what a referral would stand before it is made: the case, the offering, and what the actor may do with the two."""

from dataclasses import dataclass
from uuid import UUID

from core.errors import Forbidden
from identity.guard import Work
from medical.cases.read import read_medical_case
from medical.referrals.authority import issuing_authority
from medical.referrals.draft import Footing, footing_of


@dataclass(frozen=True)
class Ground:
    """What stands under a referral, and why the actor cannot issue it himself; none when he can."""

    footing: Footing
    hindrance: str | None

    @property
    def notices(self) -> tuple[str, ...]:
        """What speaks against the choice, for the referrer to weigh."""
        return self.footing.notices


def ground_of(work: Work, case_id: UUID, offering_id: UUID) -> Ground:
    """Return on what a referral would stand now.

    Raises NotFound for an unknown case or offering, Conflict for a closed case or an offering that nobody can be
    referred to (R29-R31, R35).
    """
    # The judgement is health data: looking at it leaves a trace, as on the page of the case (R68).
    read_medical_case(work.session, work.actor, case_id, page_size=1)
    footing = footing_of(work.session, case_id, offering_id, work.actor)
    try:
        employer_id = footing.case.employer_id
        issuing_authority(work.session, employer_id, footing.offering, work.actor, footing.judged)
    except Forbidden as refusal:
        return Ground(footing, refusal.message)
    return Ground(footing, None)
