"""Searching for an open intervention for a case; what is confidential or medical is not to be found here (R5, R18)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from cases.cases_read import CaseView, get_case
from core.errors import Invalid
from core.language import _
from identity.guard import Work
from network.postcodes import places
from network.taxonomy import Disclosure, interventions
from portal.figures.netherlands import Spot
from portal.forms import Form, parse
from portal.offering_words import unit_words, vat_words
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.show import show
from portal.presenters import days
from search.engines import engine_of
from search.offerings_find import FoundOfferings, find_offerings
from search.query import SearchFilters

router = APIRouter(prefix=f"{HOME}/dossiers/{{case_id}}/zoeken")
PAGE_SIZE = 10
RADII = (10, 25, 50, 100)
WAITS = (7, 14, 28, 56)


class Wanted(SearchFilters, extra="ignore"):
    """What the address bar says. Without a cause: the case manager does not know it, and must not guess."""


@router.get("")
def search_page(request: Request, work: Manager, case_id: UUID) -> Response:
    """Show the open offerings that fit; without filters, begin with what is known of the case."""
    case = get_case(work.session, work.actor, case_id)
    if not request.query_params:
        return RedirectResponse(f"{request.url.path}?{urlencode(_preset(case))}", status_code=303)
    found, form = _find(request, work, parse(Wanted, request.query_params))
    return show(
        request,
        work,
        "open/case_manager/search.html",
        status=200 if found else 422,
        case=case,
        form=form,
        found=found,
        choices=_choices(found),
        chips=_chips(form),
        origin=_origin(form),
        spots=_spots(found),
        radius_km=form.value.radius_km if form.value else None,
        onward=f"?{request.url.query}",
        unit_words=unit_words,
        vat_words=vat_words,
        places=places(),
    )


def _find(request: Request, work: Work, form: Form[Wanted]) -> tuple[FoundOfferings | None, Form[Wanted]]:
    if form.value is None:
        return None, form
    asked = form.value.model_dump(exclude_unset=True, exclude={"cause"})
    try:
        filters = SearchFilters(**{"page_size": PAGE_SIZE} | asked)
        return find_offerings(work.session, work.actor, engine_of(request), filters), form
    except Invalid as refusal:
        return None, form.refused(refusal.errors)


def _preset(case: CaseView) -> dict[str, Any]:
    known = {"sickness_year": case.sickness_year, "week": case.sickness_week, "postcode": case.postcode, "sort": "fit"}
    return {name: value for name, value in known.items() if value is not None}


def _choices(found: FoundOfferings | None) -> dict[str, list[tuple[str, str]]]:
    facets = found.facets if found else {}
    counts = facets.get("intervention", {})
    kinds = sorted(
        (kind for kind in interventions().values() if kind.disclosure is Disclosure.OPEN), key=lambda kind: kind.name
    )
    return {
        "intervention": [(kind.code, f"{kind.name} ({counts.get(kind.code, 0)})") for kind in kinds],
        "year": [("1", _("Eerste ziektejaar")), ("2", _("Tweede ziektejaar"))],
        "radius": [(str(km), _("Binnen %(km)s km") % {"km": km}) for km in RADII],
        "wait": [(str(n), _("Hooguit %(days)s") % {"days": days(n)}) for n in WAITS],
        "sort": [
            ("fit", _("Wat het best past")),
            ("wait", _("Kortste wachttijd")),
            ("distance", _("Dichtstbij")),
            ("price", _("Laagste prijs")),
        ],
    }


def _chips(form: Form[Wanted]) -> list[tuple[str, str]]:
    """Return what is filtered on: the part of the address, and what it says."""
    wanted = form.value
    if wanted is None:
        return []
    year = {1: _("Eerste ziektejaar"), 2: _("Tweede ziektejaar")}
    said = [
        ("q", f"“{wanted.q}”" if wanted.q else ""),
        ("sickness_year", year[wanted.sickness_year] if wanted.sickness_year else ""),
        ("week", _("Week %(week)s") % {"week": wanted.week} if wanted.week else ""),
        ("intervention", ", ".join(interventions()[code].name for code in wanted.intervention)),
        ("postcode", _("Vanaf %(place)s") % {"place": places()[wanted.postcode].place} if wanted.postcode else ""),
        ("radius_km", _("Binnen %(km)s km") % {"km": f"{wanted.radius_km:g}"} if wanted.radius_km else ""),
        ("online", _("Kan online") if wanted.online else ""),
        ("max_wait_days", _("Hooguit %(days)s") % {"days": days(wanted.max_wait_days)} if wanted.max_wait_days else ""),
    ]
    return [(name, label) for name, label in said if label]


def _origin(form: Form[Wanted]) -> Spot | None:
    if form.value is None or form.value.postcode is None:
        return None
    place = places()[form.value.postcode]
    return Spot(place.lat, place.lon, f"{place.postcode} {place.place}")


def _spots(found: FoundOfferings | None) -> tuple[Spot, ...]:
    """Return where the results of this page are, numbered as in the list; what has no place is not on the map."""
    spots = []
    for position, result in enumerate(found.page.items if found else (), 1):
        place = places().get(result.offering.postcode or "")
        if place is not None:
            spots.append(Spot(place.lat, place.lon, f"{position}. {result.offering.title}, {place.place}", position))
    return tuple(spots)
