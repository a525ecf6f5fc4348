"""Saved searches: kept under a name without the case from which they came, run again, renamed and let go of."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from pydantic import Field
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from core.errors import Conflict, Invalid
from core.language import _
from core.routing import Section
from portal import flash
from portal.attempts import attempt
from portal.care.physician.favourites import Keeper, Place
from portal.care.physician.search import Wanted
from portal.care.physician.search_way import OWN, SAVED, Way, address_of, pairs_of, way_of
from portal.care.show import show
from portal.finding import Chip, TypedFilters, chips
from portal.forms import Form, FormFields, blank, parse
from search.engines import engine_of
from search.query import SearchFilters, Sort
from search.saved_searches import (
    NewSearch,
    SearchName,
    get_saved_search,
    list_saved_searches,
    look_at_search,
    remove_search,
    rename_search,
    save_search,
    what_is_kept,
)

router = Section()
PAGE_SIZE = 50
OF_AN_EMPLOYEE = ("postcode", "radius_km")
"""Filters that a case presets from where its employee lives; with a case they are not kept."""


class Saving(SearchName, extra="ignore"):
    """What is typed to keep a search; its filters stand in the address."""


class Renaming(SearchName):
    """What is typed about a search that is kept."""

    act: Annotated[str, Field(max_length=10)] = "save"

    @property
    def given(self) -> SearchName:
        """What the search room understands."""
        return SearchName(name=self.name, warns=self.warns)


@router.get("/zoeken/bewaard")
def saved_page(request: Request, work: Keeper) -> Response:
    """List the searches, each with what it asks and whether something better has come."""
    place = parse(Place, request.query_params).value or Place()
    found = list_saved_searches(work.session, work.actor, place.page, PAGE_SIZE)
    return show(
        request,
        work,
        "care/physician/saved_searches.html",
        found=found,
        way=way_of(request),
        said={one.id: said(one.filters) for one in found.items},
    )


@router.get("/zoeken/bewaard/nieuw")
def new_page(request: Request, work: Keeper) -> Response:
    """Ask for a name, and say what is kept."""
    return _new(request, work, blank())


@router.post("/zoeken/bewaard/nieuw")
def save(request: Request, work: Keeper, data: FormFields) -> Response:
    """Keep the filters that stand in the address."""
    form, filters = parse(Saving, data), _filters(request)

    def keep(typed: Saving) -> object:
        new = NewSearch(name=typed.name, warns=typed.warns, filters=filters)
        return save_search(work.session, work.actor, engine_of(request), new)

    tried = attempt(work.session, form, keep)
    if tried.done is None:
        return _new(request, work, tried.form, tried.status)
    return flash.redirect(request, _with(SAVED, _case_of(request)), _("De zoekopdracht is bewaard."))


@router.get("/zoeken/bewaard/{search_id}")
def run(request: Request, work: Keeper, search_id: UUID) -> Response:
    """Go to the results; from now on what stands on top there has been seen."""
    looked = look_at_search(work.session, work.actor, engine_of(request), search_id)
    if looked.filters is None:
        raise Conflict(_("Deze zoekopdracht bevat een code die niet meer bestaat. Zoek opnieuw en bewaar dat."))
    return RedirectResponse(address_of(looked.filters, _case_of(request)), status_code=303)


@router.get("/zoeken/bewaard/{search_id}/wijzigen")
def rename_page(request: Request, work: Keeper, search_id: UUID) -> Response:
    """Show the name, and whether it warns, to be changed."""
    saved = get_saved_search(work.session, work.actor, search_id)
    return _rename(request, work, search_id, blank(name=saved.name, warns=saved.warns))


@router.post("/zoeken/bewaard/{search_id}/wijzigen")
def rename(request: Request, work: Keeper, search_id: UUID, data: FormFields) -> Response:
    """Give the search another name, or let it warn or not; or let go of it."""
    if data.get("act") == "remove":
        remove_search(work.session, work.actor, search_id)
        return flash.redirect(request, SAVED, _("De zoekopdracht is verwijderd."))
    form = parse(Renaming, data)
    if form.value is None:
        return _rename(request, work, search_id, form, 422)
    rename_search(work.session, work.actor, engine_of(request), search_id, form.value.given)
    return flash.redirect(request, SAVED, _("De zoekopdracht is gewijzigd."))


def said(filters: SearchFilters | None) -> tuple[Chip, ...] | None:
    """Return what a search asks, as its results say it; None when it means nothing any more."""
    if filters is None:
        return None
    wanted = parse(TypedFilters, QueryParams(pairs_of(filters))).value
    return None if wanted is None else chips(wanted)


def _filters(request: Request) -> SearchFilters:
    """Return the filters of the address that are kept: of an employee neither the week nor the place."""
    wanted = _wanted(request)
    kept = what_is_kept(wanted.asked(*OWN))
    if wanted.dossier is not None:
        kept = {name: value for name, value in kept.items() if name not in OF_AN_EMPLOYEE}
        if kept.get("sort") == Sort.DISTANCE:
            del kept["sort"]
    return SearchFilters.model_validate(kept)


def _case_of(request: Request) -> Way:
    return way_of(request).model_copy(update={"terug": None})


def _with(address: str, way: Way) -> str:
    return f"{address}{way.onward}"


def _new(request: Request, work: Keeper, form: Form[Saving], status: int = 200) -> Response:
    return show(
        request,
        work,
        "care/physician/saved_search_new.html",
        status=status,
        form=form,
        chips=said(_filters(request)) or (),
        left_out=_left_out(request),
        address=f"{SAVED}/nieuw?{urlencode(request.query_params.multi_items())}",
        way=_case_of(request).model_copy(update={"terug": urlencode(request.query_params.multi_items())}),
    )


def _wanted(request: Request) -> Wanted:
    """Return what the address says; one that cannot be read must not pass for a search without filters."""
    wanted = parse(Wanted, request.query_params).value
    if wanted is None:
        raise Invalid(_("Wat u stuurde, was niet te lezen of niet volledig."))
    return wanted


def _left_out(request: Request) -> bool:
    wanted = _wanted(request)
    return wanted.week is not None or (wanted.dossier is not None and wanted.postcode is not None)


def _rename(request: Request, work: Keeper, search_id: UUID, form: Form[Renaming], status: int = 200) -> Response:
    saved = get_saved_search(work.session, work.actor, search_id)
    return show(
        request,
        work,
        "care/physician/saved_search_edit.html",
        status=status,
        form=form,
        saved=saved,
        chips=said(saved.filters) or (),
    )
