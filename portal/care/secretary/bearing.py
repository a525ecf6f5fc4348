"""Letting the arbodienst bear what cannot be charged without telling of somebody: looked at first, then done."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from core.errors import Conflict
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.release import bear_release
from portal import flash
from portal.attempts import attempt
from portal.care.secretary.navigation import CHARGING
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.presenters import money
from portal.rehearsal import rehearse

router = Section(prefix=f"{CHARGING}/dragen/{{release_id}}")
Bearer = Annotated[Work, care(Permission.BEAR_COST, fresh=True)]


class Sure(BaseModel):
    """There is nothing to fill in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@router.get("")
def check(request: Request, work: Bearer, release_id: UUID) -> Response:
    """Show what the arbodienst would bear."""
    return _page(request, work, release_id, blank())


@router.post("")
def bear(request: Request, work: Bearer, release_id: UUID, data: FormFields) -> Response:
    """Bear it."""
    tried = attempt(
        work.session, parse(Sure, data), lambda _sure: (bear_release(work.session, work.actor, release_id),)
    )
    if tried.done is None:
        return _page(request, work, release_id, tried.form, tried.status)
    (cents,) = tried.done
    said = _("De arbodienst draagt %(amount)s zelf.") % {"amount": money(cents)}
    return flash.redirect(request, CHARGING, said)


def _page(request: Request, work: Work, release_id: UUID, form: Form[Sure], status: int = 200) -> Response:
    try:
        cents, hindrance = rehearse(work.session, lambda: bear_release(work.session, work.actor, release_id)), ""
    except Conflict as refusal:
        cents, hindrance = 0, refusal.message
    return show(request, work, "care/secretary/bear.html", status=status, cents=cents, hindrance=hindrance, form=form)
