"""Mandates: who may refer under whose responsibility, and taking that back at once (R2, R7)."""

from typing import Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.mandates import revoke_mandate
from cases.mandates_read import MandateFilter, get_mandate, list_mandates
from core.clock import today
from core.language import _
from core.routing import Section
from network.taxonomy import interventions
from portal import flash
from portal.care.physician.guards import Physician, Referrer
from portal.care.show import show
from portal.forms import blank, parse

router = Section(prefix="/mandaten")
PAGE_SIZE = 25


class Filters(BaseModel):
    """Which mandates to list."""

    state: Literal["now", "all"] = "now"
    page: int = Field(default=1, ge=1, le=10_000)


@router.get("")
def mandate_list(request: Request, work: Referrer) -> Response:
    """List the mandates: all of the arbodienst to a physician, those that he holds to a delegate."""
    chosen = parse(Filters, request.query_params).value or Filters()
    wanted = MandateFilter(in_force=True if chosen.state == "now" else None)
    return show(
        request,
        work,
        "care/physician/mandates.html",
        chosen=chosen,
        mandates=list_mandates(work.session, work.actor, wanted, chosen.page, PAGE_SIZE),
        interventions=interventions(),
        today=today(),
    )


@router.get("/{mandate_id}/intrekken")
def revoke_page(request: Request, work: Physician, mandate_id: UUID) -> Response:
    """Say what revoking a mandate does, before it is done."""
    found = get_mandate(work.session, work.actor, mandate_id)
    return show(request, work, "care/physician/mandate_revoke.html", mandate=found, form=blank())


@router.post("/{mandate_id}/intrekken")
def revoke(request: Request, work: Physician, mandate_id: UUID) -> Response:
    """Revoke a mandate."""
    revoke_mandate(work.session, work.actor, mandate_id)
    return flash.redirect(request, "/arts/mandaten", _("Het mandaat is ingetrokken."))
