"""The filters of a question, one query per filter, so that a count can leave out its own."""

from collections.abc import Mapping

from tantivy import Query

from network.postcodes import Place
from network.taxonomy import Disclosure
from search.areas import circle
from search.embedded.clauses import all_of, any_of, between, term
from search.embedded.snapshot import Snapshot
from search.query import SearchQuery

NETWORK = "network"


def filters(snapshot: Snapshot, query: SearchQuery) -> Mapping[str, Query]:
    """Return the filters that are chosen, by the name of their facet; `network` (whose offerings) is always one."""
    chosen: dict[str, Query | None] = {
        NETWORK: network(query),
        "cause": _one_of("cause", query.cause),
        "intervention": _one_of("intervention", query.intervention),
        "sickness_year": None if query.sickness_year is None else term("sickness_year", query.sickness_year),
        "online": None if query.online is None else term("online", query.online),
        "wait": None if query.max_wait_days is None else between("wait_days", 0, query.max_wait_days),
        "price": None if query.max_price_cents is None else between("price_cents", 0, query.max_price_cents),
        "distance": _around(snapshot, query),
    }
    return {name: one for name, one in chosen.items() if one is not None}


def network(query: SearchQuery) -> Query:
    """Return the offerings that this asker may find at all."""
    parts = [term("tenant", str(query.tenant_id))]
    if query.open_only:
        parts.append(term("disclosure", Disclosure.OPEN))
    if query.provider_id is not None:
        parts.append(term("provider", str(query.provider_id)))
    return all_of(parts)


def within_reach(snapshot: Snapshot, origin: Place) -> Query:
    """Return the offerings for which distance does not matter: online, nationwide, or the provider comes."""
    comes = (all_of([term("travel_km", step), within(origin, step)]) for step in snapshot.travel_steps())
    return any_of([term("online", True), term("nationwide", True), *comes])


def within(origin: Place, radius_km: float) -> Query:
    """Return the offerings no further away than so many kilometres."""
    return any_of(term("area", area) for area in circle(origin.postcode, radius_km))


def _around(snapshot: Snapshot, query: SearchQuery) -> Query | None:
    if query.origin is None or query.radius_km is None:
        return None
    return any_of([within(query.origin, query.radius_km), within_reach(snapshot, query.origin)])


def _one_of(field: str, values: tuple[str, ...]) -> Query | None:
    return any_of([term(field, value) for value in values]) if values else None
