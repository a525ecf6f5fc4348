"""Searching the network: filters left, results right, each with its wait, price and reasons (R28, R32-R34)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from core.errors import Invalid
from core.routing import Section
from identity.guard import Work
from medical.cases.read import MedicalCase, read_medical_case
from portal.care.physician.guards import Referrer
from portal.care.physician.search_way import OWN, way_from
from portal.care.physician.search_way import RESULTS as PATH
from portal.care.show import show
from portal.case_words import year_words
from portal.finding import TypedFilters, chips, choices, map_of, place_name
from portal.forms import Form, parse
from portal.offering_words import evidence_words, unit_words, vat_words
from search.engines import engine_of
from search.offerings_find import FoundOfferings, find_offerings

router = Section()


class Wanted(TypedFilters):
    """What the address bar says: the filters, for which case, and which referral the choice will replace.

    The case is in the address only, so that the results lead back to it; nothing of a search is kept.
    """

    dossier: UUID | None = None
    vervangt: UUID | None = None


@router.get("/zoeken")
def search_page(request: Request, work: Referrer) -> Response:
    """Show what fits the filters; from a case alone, begin with what is known of that case."""
    form = parse(Wanted, request.query_params)
    wanted = form.value or Wanted()
    case_id = wanted.dossier or _uuid_of(form, "dossier")
    about = read_medical_case(work.session, work.actor, case_id, page_size=1) if case_id else None
    if about is not None and set(request.query_params) <= {"dossier", "vervangt"}:
        return RedirectResponse(f"{PATH}?{urlencode(_preset(request, about))}", status_code=303)
    found, form = _find(request, work, form)
    return show(
        request,
        work,
        "care/physician/search.html",
        form=form,
        wanted=wanted,
        about=about,
        found=found,
        map=map_of(found, wanted),
        chips=chips(wanted),
        choices=choices(found),
        way=way_from(request.query_params.multi_items(), {"dossier": wanted.dossier, "vervangt": wanted.vervangt}),
        onward=urlencode({name: value for name, value in request.query_params.items() if name in OWN}),
        evidence_words=evidence_words,
        place_name=place_name,
        unit_words=unit_words,
        vat_words=vat_words,
        year_words=year_words,
    )


def _find(request: Request, work: Work, form: Form[Wanted]) -> tuple[FoundOfferings | None, Form[Wanted]]:
    """Return what was found; nothing, and the form with what is wrong, when the question cannot be answered."""
    if form.value is None:
        return None, form
    try:
        return find_offerings(work.session, work.actor, engine_of(request), form.value.asked(*OWN)), form
    except Invalid as refusal:
        return None, form.refused(refusal.errors)


def _preset(request: Request, about: MedicalCase) -> list[tuple[str, str]]:
    """Return the filters that follow from a case; each can be taken away again, and the order makes them explicit."""
    case = about.case
    known: dict[str, Any] = {
        "cause": about.judged.cause if about.judged else None,
        "sickness_year": case.sickness_year,
        "week": case.sickness_week,
        "postcode": case.postcode,
        "sort": "fit",
    }
    return [*request.query_params.items(), *((name, str(value)) for name, value in known.items() if value is not None)]


def _uuid_of(form: Form[Wanted], name: str) -> UUID | None:
    """Return a mark that was typed right, also where something else on the form was not."""
    if form.error(name) or not form.of(name):
        return None
    return UUID(form.of(name))
