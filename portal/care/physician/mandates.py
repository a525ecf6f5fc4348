"""Mandates: a physician lets somebody refer under his responsibility, and takes that back at once (R2, R7)."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.employers import employers_of
from cases.mandates import NewMandate, revoke_mandate, sign_mandate
from cases.mandates_read import MandateFilter, get_mandate, list_mandates
from core.clock import today
from core.language import _
from identity.guard import Work
from network.taxonomy import ReferralClass, interventions
from portal import flash
from portal.attempts import attempt
from portal.care.physician.guards import Physician, Referrer
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse

router = APIRouter(prefix="/mandaten")
PAGE_SIZE = 25
A_YEAR = timedelta(days=364)


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


@router.get("/nieuw")
def new_mandate(request: Request, work: Physician) -> Response:
    """Show the form with which a mandate is signed."""
    return _form(request, work, blank(valid_from=today(), valid_until=today() + A_YEAR))


@router.post("/nieuw")
def sign(request: Request, work: Physician, data: FormFields) -> Response:
    """Sign a mandate."""
    tried = attempt(work.session, parse(NewMandate, data), lambda new: sign_mandate(work.session, work.actor, new))
    if tried.done is None:
        return _form(request, work, tried.form, tried.status)
    said = _("Dit mandaat was al getekend.") if tried.done.known else _("Het mandaat is getekend.")
    return flash.redirect(request, "/arts/mandaten?state=all", said)


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


def _form(request: Request, work: Work, form: Form[NewMandate], status: int = 200) -> Response:
    allowed = [kind for kind in interventions().values() if kind.referral_class is ReferralClass.NON_MEDICAL]
    return show(
        request,
        work,
        "care/physician/mandate_new.html",
        status=status,
        form=form,
        employers=[(str(employer.id), employer.name) for employer in employers_of(work.session, work.actor)],
        kinds=[(kind.code, kind.name) for kind in sorted(allowed, key=lambda kind: kind.name)],
    )
