"""Keeping a file beyond its term, for as long as there is a reason, over JSON (R71)."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import Response

from cases.holds import Hold, end_hold, hold_file
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission

router = Section(prefix="/cases/{case_id}/hold", tags=["cases"])
Keeper = Annotated[Work, care(Permission.HOLD_FILES)]


class HeldOut(BaseModel):
    """The hold under which a file is kept."""

    id: UUID


@router.put("")
def hold(work: Keeper, case_id: UUID, body: Hold) -> HeldOut:
    """Keep everything of the employee of a case until the hold ends."""
    return HeldOut(id=hold_file(work.session, work.actor, case_id, body))


@router.delete("", status_code=204)
def end(work: Keeper, case_id: UUID) -> Response:
    """Let the terms count again."""
    end_hold(work.session, work.actor, case_id)
    return Response(status_code=204)
