"""The physician's own estimate of days saved, over JSON; with it an insurer can be asked (R60)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.referrals.days_estimates import EstimateView
from medical.referrals.estimate import Estimate, estimate_days, estimate_of, estimates_waiting

router = Section(prefix="/referrals", tags=["referrals"])
Reader = Annotated[Work, care(Permission.SEE_MEDICAL_CASE)]


class EstimateOut(BaseModel):
    """How many days the physician expects, who he is, and since when."""

    days: int
    estimated_by: str
    estimated_at: datetime


class EstimatedOut(EstimateOut):
    """The estimate that was kept, and whether a request to an insurer was prepared with it."""

    is_prepared: bool


class WaitingOut(BaseModel):
    """A referral that waits for an estimate; `stated_days` is what it says itself."""

    referral_id: UUID
    number: str
    stated_days: int


class WaitingListOut(BaseModel):
    """The referrals that wait for an estimate, the oldest first."""

    results: list[WaitingOut]


@router.get("/awaiting-days-estimate")
def waiting(work: Reader) -> WaitingListOut:
    """Return for which referrals an insurer may be asked once a physician has estimated the days."""
    found = estimates_waiting(work.session, work.actor)
    return WaitingListOut(
        results=[
            WaitingOut(referral_id=each.referral_id, number=each.number, stated_days=each.stated_days) for each in found
        ]
    )


@router.get("/{referral_id}/days-estimate")
def estimate(work: Reader, referral_id: UUID) -> EstimateOut:
    """Return the estimate of a referral that is in force."""
    found = estimate_of(work.session, work.actor, referral_id)
    if found is None:
        raise NotFound(_("Er is nog geen schatting van de bedrijfsarts."))
    return EstimateOut(**_fields(found))


@router.post("/{referral_id}/days-estimate", status_code=201)
def estimated(work: Annotated[Work, care(Permission.ESTIMATE_DAYS)], referral_id: UUID, body: Estimate) -> EstimatedOut:
    """Confirm or change the days, and prepare the request that was waiting for it."""
    done = estimate_days(work.session, work.actor, referral_id, body)
    return EstimatedOut(**_fields(done.estimate), is_prepared=done.is_prepared)


def _fields(found: EstimateView) -> dict[str, int | str | datetime]:
    return {"days": found.days, "estimated_by": found.estimated_by, "estimated_at": found.estimated_at}
