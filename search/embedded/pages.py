"""One page of addresses in the order that was asked for; the same question gives the same page."""

from datetime import date

from tantivy import DocAddress, Query

from search import ranking
from search.embedded.clauses import all_of
from search.embedded.distances import page_by_distance
from search.embedded.fit import scored
from search.embedded.schema import tie_field
from search.embedded.snapshot import Snapshot
from search.query import SearchQuery, Sort

# Equals whose ties are equal too are rare and few; so many around a page are looked at to put them in one order.
MARGIN = 32
# The engine reserves room for all results before a page, so one this deep is only asked for when it exists.
DEEP = 1_000
ORDER_FIELDS = {Sort.WAIT: "wait_order", Sort.PRICE: "price_order"}


def page_of(
    snapshot: Snapshot, filters: Query, text: Query | None, query: SearchQuery, today: date
) -> tuple[int, list[DocAddress]]:
    """Return how many offerings match, and the addresses of those on the page that was asked for."""
    matching = filters if text is None else all_of([filters, text])
    if query.offset > DEEP:
        total = snapshot.count(matching)
        if query.offset >= total:
            return total, []
    if query.sort is Sort.FIT:
        return _by_fit(snapshot, scored(snapshot, filters, text, query, today), query, today)
    if query.sort is Sort.DISTANCE:
        return page_by_distance(snapshot, matching, query)
    total, found = snapshot.ordered(matching, query.page_size, query.offset, ORDER_FIELDS[query.sort])
    return total, [address for _order, address in found]


def _by_fit(snapshot: Snapshot, ranked: Query, query: SearchQuery, today: date) -> tuple[int, list[DocAddress]]:
    start = max(0, query.offset - MARGIN)
    limit = query.offset - start + query.page_size + MARGIN
    total, found = snapshot.best(ranked, limit, start, tie_field(ranking.rotation(today)))
    standings = snapshot.values("standing", [address for _score, address in found])
    rows = sorted(zip(found, standings, strict=True), key=lambda row: (-row[0][0], row[1] or 0))
    page = rows[query.offset - start :][: query.page_size]
    return total, [address for (_score, address), _standing in page]
