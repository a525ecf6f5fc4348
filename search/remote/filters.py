"""The filters of a question, one for each facet, so that a count can leave out its own."""

from collections.abc import Mapping

from network.postcodes import Place
from network.taxonomy import Disclosure
from search.areas import circle
from search.query import SearchQuery
from search.remote.expressions import all_of, any_of, at_most, equal, one_of
from search.remote.snapshot import Snapshot

NETWORK = "network"


def filters(snapshot: Snapshot, query: SearchQuery) -> Mapping[str, str]:
    """Return the filters that are chosen, by the name of their facet; `network` (whose offerings) is always one."""
    chosen = {
        NETWORK: network(query),
        "cause": one_of("cause", query.cause) if query.cause else None,
        "intervention": one_of("intervention", query.intervention) if query.intervention else None,
        "sickness_year": None if query.sickness_year is None else equal("sickness_year", str(query.sickness_year)),
        "online": None if query.online is None else equal("online", _flag(query.online)),
        "wait": None if query.max_wait_days is None else at_most("wait_days", query.max_wait_days),
        "price": None if query.max_price_cents is None else at_most("price_cents", query.max_price_cents),
        "distance": _around(snapshot, query),
    }
    return {name: one for name, one in chosen.items() if one is not None}


def network(query: SearchQuery) -> str:
    """Return the filter for the offerings that this asker may find at all."""
    parts = [equal("tenant", str(query.tenant_id))]
    if query.open_only:
        parts.append(equal("disclosure", Disclosure.OPEN))
    if query.provider_id is not None:
        parts.append(equal("provider", str(query.provider_id)))
    return all_of(parts)


def within_reach(snapshot: Snapshot, origin: Place) -> str:
    """Return the filter for what distance does not matter for: online, nationwide, or the provider comes."""
    comes = (all_of([equal("travel", str(step)), within(origin, step)]) for step in snapshot.travel_steps())
    return any_of([equal("online", _flag(True)), equal("nationwide", _flag(True)), *comes])


def within(origin: Place, radius_km: float) -> str:
    """Return the filter for offerings no further away than so many kilometres."""
    return one_of("area", map(str, circle(origin.postcode, radius_km)))


def _around(snapshot: Snapshot, query: SearchQuery) -> str | None:
    if query.origin is None or query.radius_km is None:
        return None
    return any_of([within(query.origin, query.radius_km), within_reach(snapshot, query.origin)])


def _flag(value: bool) -> str:
    return str(value).lower()
