"""Emergency accesses as JSON, for either side: who, when and why, and nothing of the case."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.paged import Paged
from cases.emergencies import EmergencyView
from cases.emergency_tables import EmergencyReason, EmergencyVerdict
from core.paging import Page


class EmergencyOut(BaseModel):
    """An emergency access; without a verdict nobody has looked at it yet."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    employer_name: str
    name: str
    told_name: str
    told_at: datetime | None
    reason: EmergencyReason
    opened_at: datetime
    until: datetime
    ended_at: datetime | None
    is_open: bool
    reviewed_at: datetime | None
    reviewed_by: str
    verdict: EmergencyVerdict | None


class EmergenciesOut(Paged[EmergencyOut]):
    """A page of them, those that nobody has looked at first."""


def emergencies_out(found: Page[EmergencyView]) -> EmergenciesOut:
    """Return a page as JSON has it."""
    results = [EmergencyOut.model_validate(each) for each in found.items]
    return EmergenciesOut(total=found.total, page=found.page, page_size=found.page_size, results=results)
