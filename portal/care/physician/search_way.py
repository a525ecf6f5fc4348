"""The way from the results to a referral and back: for which case, which referral it replaces, and what was asked.

All of it stands in the address alone, so that nothing of a search is kept with a case.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.datastructures import QueryParams

from core.validation import OneLine
from portal.forms import parse
from portal.typed import typed_euros
from search.query import SearchFilters
from search.saved_searches import what_is_kept

RESULTS = "/arts/zoeken"
FAVOURITES = f"{RESULTS}/favorieten"
COMPARISON = f"{RESULTS}/vergelijken"
SAVED = f"{RESULTS}/bewaard"
OWN = ("dossier", "vervangt")  # parts of the address that say for what is searched, and no filters
LONGEST = 2_000  # characters; a longer question is not carried along, and the way back begins with the case again


class Way(BaseModel):
    """Where somebody came from: `terug` is the query string of his results."""

    dossier: UUID | None = None
    vervangt: UUID | None = None
    terug: Annotated[OneLine, Field(max_length=LONGEST)] | None = None

    @property
    def onward(self) -> str:
        """The query string that carries this way to the next page, with its question mark; nothing without one."""
        parts = self.model_dump(exclude_none=True)
        return f"?{urlencode(parts)}" if parts else ""

    @property
    def asked(self) -> str:
        """The query string of the results from which he came, with the case and the referral."""
        known = self.model_dump(exclude_none=True, exclude={"terug"})
        return urlencode([*(pair for pair in parse_qsl(self.terug or "") if pair[0] not in OWN), *known.items()])

    @property
    def results(self) -> str:
        """The address of the results from which he came; from a case alone, the search begins with that case."""
        return f"{RESULTS}?{self.asked}" if self.asked else RESULTS

    def offering(self, offering_id: UUID) -> str:
        """Return the address of the page of an offering."""
        return f"{RESULTS}/aanbod/{offering_id}{self.onward}"

    def refer(self, offering_id: UUID) -> str:
        """Return where a referral with this offering begins: its form, or without a case where one is chosen."""
        back = {"terug": self.terug} if self.terug else {}
        if self.vervangt:
            address = f"/arts/verwijzingen/{self.vervangt}/ander-aanbod/{offering_id}"
            return f"{address}?{urlencode(back)}" if back else address
        if self.dossier is None:
            return self.offering(offering_id)
        return f"/arts/verwijzingen/nieuw?{urlencode({'case_id': self.dossier, 'offering_id': offering_id, **back})}"


def way_of(request: Request) -> Way:
    """Return the way that an address carries; one that cannot be read carries none."""
    return parse(Way, request.query_params).value or Way()


def asked_in(request: Request) -> QueryParams:
    """Return what was asked: the filters of the results from which somebody came, and what the address itself says."""
    own = [pair for pair in request.query_params.multi_items() if pair[0] != "terug"]
    return QueryParams([*parse_qsl(way_of(request).terug or ""), *own])


def way_from(pairs: Iterable[tuple[str, str]], known: Mapping[str, UUID | None]) -> Way:
    """Return the way from results with this query string on, for the case and the referral that are `known`."""
    asked = urlencode([pair for pair in pairs if pair[0] not in (*OWN, "offering")])
    return Way(**known, terug=asked if 0 < len(asked) <= LONGEST else None)


def address_of(filters: SearchFilters, way: Way) -> str:
    """Return the address of the results for these filters, for the same case."""
    return f"{RESULTS}?{urlencode([*pairs_of(filters), *way.model_dump(exclude_none=True, exclude={'terug'}).items()])}"


def pairs_of(filters: SearchFilters) -> list[tuple[str, str]]:
    """Return filters as the address bar says them; the order is always said, so that no case sets others."""
    kept = {"sort": "fit"} | what_is_kept(filters)
    cents = kept.pop("max_price_cents", None)
    if cents is not None:
        kept["max_price"] = typed_euros(cents)
    return [(name, _typed(value)) for name, values in kept.items() for value in _listed(values)]


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "false"
    return str(value)
