"""One state of the index, and what is worked out once for it: medians of prices and counts of whole networks."""

from collections.abc import Mapping
from typing import Any

from tantivy import DocAddress, Order, Query, Searcher

from network.tables import PriceUnit
from search.document import TRAVEL_STEPS_KM, OfferingDocument
from search.embedded.clauses import all_of, term
from search.embedded.schema import STANDING_BITS
from search.ranking import FEWEST_FOR_A_MEDIAN

MOST_KEPT = 512


class Snapshot:
    """A searcher over one commit. Nothing in it changes, so what is kept here stays true until it is dropped."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self._medians: dict[tuple[str, str], int | None] = {}
        self._travel_steps: tuple[int, ...] | None = None
        self._facets: dict[str, Mapping[str, Mapping[str, int]]] = {}

    def count(self, query: Query) -> int:
        """Return how many offerings match."""
        found: Any = self.searcher.search(query, 1)
        return int(found.count)

    def best(self, query: Query, limit: int, offset: int, field: str) -> tuple[int, list[tuple[float, DocAddress]]]:
        """Return how many offerings match, and some by falling score, equals by a field of ties."""
        found: Any = self.searcher.search(query, limit, offset=offset, weight_by_field=field)
        return int(found.count), list(found.hits)

    def ordered(self, query: Query, limit: int, offset: int, field: str) -> tuple[int, list[tuple[int, DocAddress]]]:
        """Return how many offerings match, and some by a rising number."""
        found: Any = self.searcher.search(query, limit, offset=offset, order_by_field=field, order=Order.Asc)
        return int(found.count), list(found.hits)

    def values(self, field: str, addresses: list[DocAddress]) -> list[int | None]:
        """Return a number of each of the offerings."""
        found = self.searcher.fast_field_values(field, addresses)
        return [None if value is None else int(value) for value in found]

    def aggregate(self, query: Query, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return counts over all offerings that match."""
        return dict(self.searcher.aggregate(query, dict(request)))

    def offering(self, address: DocAddress) -> OfferingDocument:
        """Return an offering as it was put in."""
        return OfferingDocument.model_validate_json(bytes(self.searcher.doc(address)["source"][0]))

    def travel_steps(self) -> tuple[int, ...]:
        """Return the distances that providers travel, as far as somebody does; the fewer, the quicker a question."""
        if self._travel_steps is None:
            request = {"travel": {"terms": {"field": "travel_km", "size": len(TRAVEL_STEPS_KM) + 1}}}
            buckets = self.aggregate(Query.all_query(), request)["travel"]["buckets"]
            self._travel_steps = tuple(sorted(int(bucket["key"]) for bucket in buckets if bucket["key"]))
        return self._travel_steps

    def medians(self, tenant: str, interventions: tuple[str, ...]) -> dict[str, int]:
        """Return the median price in cents of every kind of these interventions that has one."""
        kinds = [f"{intervention}:{unit}" for intervention in interventions for unit in PriceUnit]
        found = {kind: self.median(tenant, kind) for kind in kinds}
        return {kind: median for kind, median in found.items() if median is not None}

    def median(self, tenant: str, kind: str) -> int | None:
        """Return the median price of a kind in a tenant's network; None below three offerings."""
        key = (tenant, kind)
        if key not in self._medians:
            self._medians[key] = self._median_of(all_of([term("tenant", tenant), term("kind", kind)]))
        return self._medians[key]

    def kept_facets(self, key: str) -> Mapping[str, Mapping[str, int]] | None:
        """Return counts that were worked out before for the same filters."""
        return self._facets.get(key)

    def keep_facets(self, key: str, facets: Mapping[str, Mapping[str, int]]) -> None:
        """Keep counts for as long as this state of the index lasts, up to a bound."""
        if len(self._facets) < MOST_KEPT:
            self._facets[key] = facets

    def _median_of(self, query: Query) -> int | None:
        number = self.count(query)
        if number < FEWEST_FOR_A_MEDIAN:
            return None
        _total, middle = self.ordered(query, 2 - number % 2, (number - 1) // 2, "price_order")
        return sum(order >> STANDING_BITS for order, _address in middle) // len(middle)
