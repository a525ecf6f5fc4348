"""What a right engine would answer, worked out the slow and plain way over a list of offerings."""

import statistics
from collections.abc import Callable, Sequence
from uuid import UUID

from network.postcodes import distance_km
from network.taxonomy import Disclosure
from search.document import OfferingDocument
from search.query import SearchQuery, Sort
from search.ranking import facts, points, rotation, tie
from tests.search.sample_network import TODAY

Test = Callable[[OfferingDocument], bool]


def distance(offering: OfferingDocument, query: SearchQuery) -> float | None:
    """Return the kilometres between the asked postcode and the offering; None when either has no place."""
    if query.origin is None or offering.place is None:
        return None
    return distance_km(query.origin, offering.place)


def in_network(offering: OfferingDocument, query: SearchQuery) -> bool:
    """Tell whether the asker may find the offering at all."""
    return (
        offering.tenant_id == query.tenant_id
        and (not query.open_only or offering.disclosure is Disclosure.OPEN)
        and query.provider_id in (None, offering.provider_id)
    )


def near_enough(offering: OfferingDocument, query: SearchQuery) -> bool:
    """Tell whether the radius keeps the offering."""
    if query.radius_km is None or offering.online or offering.nationwide:
        return True
    km = distance(offering, query)
    return km is not None and km <= max(query.radius_km, offering.travel_step_km)


def comes_to_employee(offering: OfferingDocument, query: SearchQuery) -> bool:
    """Tell whether the provider travels to the employee, or travels at all when nobody knows where he lives."""
    if query.origin is None:
        return offering.travel_step_km > 0
    km = distance(offering, query)
    return km is not None and 0 < offering.travel_step_km >= km


def tests_of(query: SearchQuery) -> dict[str, Test]:
    """Return each filter by the name of its facet."""
    wait, price = query.max_wait_days, query.max_price_cents
    return {
        "network": lambda one: in_network(one, query),
        "cause": lambda one: not query.cause or bool(set(query.cause) & set(one.causes)),
        "intervention": lambda one: not query.intervention or one.intervention in query.intervention,
        "sickness_year": lambda one: query.sickness_year is None or query.sickness_year in one.sickness_years,
        "online": lambda one: query.online is None or one.online == query.online,
        "disclosure": lambda one: query.disclosure in (None, one.disclosure),
        "region": lambda one: not query.region or bool(set(query.region) & set(one.in_regions)),
        "at_employee": lambda one: query.at_employee is None or comes_to_employee(one, query) == query.at_employee,
        "language": lambda one: not query.language or bool(set(query.language) & set(one.languages)),
        "mark": lambda one: not query.mark or bool(set(query.mark) & set(one.marks)),
        "gender": lambda one: query.gender is None or query.gender in one.genders,
        "accepts_now": lambda one: query.accepts_now in (None, one.accepts_now),
        "wait": lambda one: wait is None or (one.wait_days is not None and one.wait_days <= wait),
        "price": lambda one: price is None or one.price_cents <= price,
        "distance": lambda one: near_enough(one, query),
    }


def matching(offerings: Sequence[OfferingDocument], query: SearchQuery, without: str = "") -> list[OfferingDocument]:
    """Return the offerings that pass every filter but one."""
    chosen = [test for name, test in tests_of(query).items() if name != without]
    return [one for one in offerings if all(test(one) for test in chosen)]


def median_of(offerings: Sequence[OfferingDocument], query: SearchQuery) -> Callable[[str], int | None]:
    """Return a function from a kind to its median price in the asker's arbodienst."""

    def median(kind: str) -> int | None:
        prices = [one.price_cents for one in offerings if one.tenant_id == query.tenant_id and one.kind == kind]
        return int(statistics.median(prices)) if len(prices) >= 3 else None

    return median


def fit_key(offerings: Sequence[OfferingDocument], query: SearchQuery) -> Callable[[OfferingDocument], tuple[int, int]]:
    """Return the key by which the order "fit" sorts: points, then the tie of the day, both falling."""
    median = median_of(offerings, query)

    def key(offering: OfferingDocument) -> tuple[int, int]:
        about = facts(offering, query, median, TODAY)
        worth = points(about, with_distance=query.origin is not None)
        return -worth, -tie(offering.offering_id, rotation(TODAY))

    return key


def sort_value(offering: OfferingDocument, query: SearchQuery) -> float:
    """Return the number by which wait, price or distance sorts; unknown ones come last."""
    if query.sort is Sort.WAIT:
        return float("inf") if offering.wait_days is None else offering.wait_days
    if query.sort is Sort.PRICE:
        return offering.price_cents
    km = distance(offering, query)
    return float("inf") if km is None else km


def by_id(offerings: Sequence[OfferingDocument]) -> dict[UUID, OfferingDocument]:
    """Return the offerings by their id."""
    return {one.offering_id: one for one in offerings}
