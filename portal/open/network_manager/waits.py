"""Waits that providers have not confirmed for too long, beside what was measured (R32)."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from network.offering_view import STALE_AFTER_DAYS
from network.waits import list_stale_waits
from portal.forms import parse
from portal.open.show import show

router = Section(prefix="/wachttijden")
PAGE_SIZE = 25


class WaitFilters(BaseModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def stale_waits(request: Request, work: Annotated[Work, open_side(Permission.DECIDE_OFFERING)]) -> Response:
    """List approved offerings whose stated wait is old, the oldest first."""
    chosen = parse(WaitFilters, request.query_params).value or WaitFilters()
    found = list_stale_waits(work.session, work.actor, chosen.page, PAGE_SIZE)
    return show(request, work, "open/network_manager/waits.html", found=found, after=STALE_AFTER_DAYS)
