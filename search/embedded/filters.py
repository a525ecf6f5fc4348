"""The filters of a question, one query per filter, so that a count can leave out its own."""

from collections.abc import Mapping

from tantivy import Query

from network.postcodes import Place
from network.taxonomy import Disclosure
from search.areas import circle
from search.document import TRAVEL_STEPS_KM
from search.embedded.clauses import all_of, any_of, between, none_of, term
from search.embedded.snapshot import Snapshot
from search.query import SearchQuery

NETWORK = "network"


def filters(snapshot: Snapshot, query: SearchQuery) -> Mapping[str, Query]:
    """Return the filters that are chosen, by the name of their facet; `network` (whose offerings) is always one."""
    chosen: dict[str, Query | None] = {
        NETWORK: network(query),
        **{name: any_of(term(name, value) for value in values) for name, values in query.chosen.items()},
        "at_employee": _at_employee(snapshot, query),
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
    return any_of([term("online", True), term("nationwide", True), _comes_to(snapshot, origin)])


def within(origin: Place, radius_km: float) -> Query:
    """Return the offerings no further away than so many kilometres."""
    return any_of(term("area", area) for area in circle(origin.postcode, radius_km))


def _around(snapshot: Snapshot, query: SearchQuery) -> Query | None:
    if query.origin is None or query.radius_km is None:
        return None
    return any_of([within(query.origin, query.radius_km), within_reach(snapshot, query.origin)])


def _comes_to(snapshot: Snapshot, origin: Place) -> Query:
    return any_of(all_of([term("travel_km", step), within(origin, step)]) for step in snapshot.travel_steps())


def _at_employee(snapshot: Snapshot, query: SearchQuery) -> Query | None:
    """Return who travels to the employee; without a postcode, who travels at all."""
    if query.at_employee is None:
        return None
    travels = between("travel_km", 1, max(TRAVEL_STEPS_KM))
    comes = travels if query.origin is None else _comes_to(snapshot, query.origin)
    return comes if query.at_employee else none_of(comes)
