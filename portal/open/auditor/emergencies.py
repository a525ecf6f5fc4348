"""Every emergency access of the arbodienst, for the data protection officer: who, when and why (R22)."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.emergencies import list_emergencies
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.emergency_words import reason_words, verdict_words
from portal.forms import parse
from portal.open.auditor.navigation import EMERGENCIES
from portal.open.show import show

router = Section(prefix=EMERGENCIES)
PAGE_SIZE = 50


class Place(BaseModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, le=10_000)


@router.get("")
def emergencies_page(request: Request, work: Annotated[Work, open_side(Permission.VERIFY_AUDIT)]) -> Response:
    """Show them, those that nobody has looked at first."""
    place = parse(Place, request.query_params).value or Place()
    return show(
        request,
        work,
        "open/auditor/emergencies.html",
        emergencies=list_emergencies(work.session, work.actor, place.page, PAGE_SIZE),
        reason_words=reason_words,
        verdict_words=verdict_words,
    )
