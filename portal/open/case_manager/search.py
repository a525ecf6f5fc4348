"""Searching for an open intervention for a case; what is confidential or medical is not to be found here (R5, R18)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from cases.cases_read import CaseView, get_case
from core.errors import Invalid
from core.routing import Section
from identity.guard import Work
from portal.finding import TypedFilters, chips, choices, map_of, place_name
from portal.forms import Form, parse
from portal.offering_words import unit_words, vat_words
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.show import show
from search.engines import engine_of
from search.offerings_find import FoundOfferings, find_offerings

router = Section(prefix=f"{HOME}/dossiers/{{case_id}}/zoeken")


UNKNOWN = ("cause", "disclosure")
"""What a case manager cannot ask for: he does not know the cause and must not guess, and finds only what is open."""


@router.get("")
def search_page(request: Request, work: Manager, case_id: UUID) -> Response:
    """Show the open offerings that fit; without filters, begin with what is known of the case."""
    case = get_case(work.session, work.actor, case_id)
    if not request.query_params:
        return RedirectResponse(f"{request.url.path}?{urlencode(_preset(case))}", status_code=303)
    found, form = _find(request, work, parse(TypedFilters, request.query_params))
    return show(
        request,
        work,
        "open/case_manager/search.html",
        status=200 if found else 422,
        case=case,
        form=form,
        found=found,
        choices=choices(found, open_only=True),
        chips=[chip for chip in chips(form.value or TypedFilters()) if chip.name not in UNKNOWN],
        map=map_of(found, form.value or TypedFilters()),
        onward=f"?{request.url.query}",
        unit_words=unit_words,
        vat_words=vat_words,
        place_name=place_name,
    )


def _find(request: Request, work: Work, form: Form[TypedFilters]) -> tuple[FoundOfferings | None, Form[TypedFilters]]:
    if form.value is None:
        return None, form
    try:
        return find_offerings(work.session, work.actor, engine_of(request), form.value.asked(*UNKNOWN)), form
    except Invalid as refusal:
        return None, form.refused(refusal.errors)


def _preset(case: CaseView) -> dict[str, Any]:
    known = {"sickness_year": case.sickness_year, "week": case.sickness_week, "postcode": case.postcode, "sort": "fit"}
    return {name: value for name, value in known.items() if value is not None}
