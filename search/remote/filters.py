"""The filters of a question, one for each facet, so that a count can leave out its own."""

from collections.abc import Mapping

from network.postcodes import Place
from network.taxonomy import Disclosure
from search.areas import circle
from search.query import SearchQuery
from search.remote.entry import written
from search.remote.expressions import all_of, any_of, at_most, equal, none_of, one_of
from search.remote.snapshot import Snapshot

NETWORK = "network"
NOBODY = one_of("travel", ())


def filters(snapshot: Snapshot, query: SearchQuery) -> Mapping[str, str]:
    """Return the filters that are chosen, by the name of their facet; `network` (whose offerings) is always one."""
    chosen = {
        NETWORK: network(query),
        **{name: one_of(name, map(written, values)) for name, values in query.chosen.items()},
        "at_employee": _at_employee(snapshot, query),
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
    return any_of([equal("online", written(True)), equal("nationwide", written(True)), *_coming(snapshot, origin)])


def within(origin: Place, radius_km: float) -> str:
    """Return the filter for offerings no further away than so many kilometres."""
    return one_of("area", map(str, circle(origin.postcode, radius_km)))


def _around(snapshot: Snapshot, query: SearchQuery) -> str | None:
    if query.origin is None or query.radius_km is None:
        return None
    return any_of([within(query.origin, query.radius_km), within_reach(snapshot, query.origin)])


def _coming(snapshot: Snapshot, origin: Place) -> list[str]:
    """Return the filters for who travels so far and is no further away, one for each distance."""
    return [all_of([equal("travel", str(step)), within(origin, step)]) for step in snapshot.travel_steps()]


def _at_employee(snapshot: Snapshot, query: SearchQuery) -> str | None:
    """Return who travels to the employee; without a postcode, who travels at all."""
    if query.at_employee is None:
        return None
    travels = [one_of("travel", map(str, snapshot.travel_steps()))]
    comes = travels if query.origin is None else [NOBODY, *_coming(snapshot, query.origin)]
    return any_of(comes) if query.at_employee else none_of(comes)
