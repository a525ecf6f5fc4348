"""Emergency accesses over JSON, as the data protection officer sees them (R22)."""

from typing import Annotated

from fastapi import Query

from api.emergency_out import EmergenciesOut, emergencies_out
from api.paged import PageQuery
from cases.emergencies import list_emergencies
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/audit/emergencies", tags=["audit"])


@router.get("")
def emergencies(
    work: Annotated[Work, open_side(Permission.VERIFY_AUDIT)], query: Annotated[PageQuery, Query()]
) -> EmergenciesOut:
    """Return every emergency access of the arbodienst; `/audit/events?emergency_id=` says what was read in one."""
    return emergencies_out(list_emergencies(work.session, work.actor, query.page, query.page_size))
