"""The order by distance: the engine counts per postcode, and only the offerings of one page are looked up."""

from tantivy import DocAddress, Occur, Query

from network.postcodes import surroundings
from search.embedded.clauses import all_of, between, numbers
from search.embedded.snapshot import Snapshot
from search.query import SearchQuery

HIGHEST_POSTCODE = 9_999


def page_by_distance(snapshot: Snapshot, matching: Query, query: SearchQuery) -> tuple[int, list[DocAddress]]:
    """Return how many match, and one page by rising distance; offerings without a place stand last."""
    counts = _per_postcode(snapshot, matching)
    located = sum(counts.values())
    page = _located(snapshot, matching, query, counts)
    total = snapshot.count(matching)
    missing = min(query.page_size - len(page), total - located)
    if missing > 0:
        begin = max(0, query.offset - located)
        nowhere = Query.boolean_query(
            [(Occur.Must, matching), (Occur.MustNot, between("postcode", 0, HIGHEST_POSTCODE))]
        )
        _total, found = snapshot.ordered(nowhere, missing, begin, "standing")
        page += [address for _order, address in found]
    return total, page


def _located(snapshot: Snapshot, matching: Query, query: SearchQuery, counts: dict[int, int]) -> list[DocAddress]:
    """Return the part of the page that has a place, nearest first, equals in a fixed order."""
    if query.postcode is None:
        raise ValueError("a distance needs a postcode; SearchFilters sees to it")
    chosen: dict[int, int] = {}
    skipped = passed = 0
    for number in surroundings(query.postcode).nearest_first():
        size = counts.get(number, 0)
        if passed + size <= query.offset:
            skipped = passed + size
        elif size and passed < query.offset + query.page_size:
            chosen[number] = size
        passed += size
    return _looked_up(snapshot, matching, chosen)[query.offset - skipped :][: query.page_size] if chosen else []


def _looked_up(snapshot: Snapshot, matching: Query, chosen: dict[int, int]) -> list[DocAddress]:
    """Return all offerings of some postcodes, in the order of those."""
    rank = {number: place for place, number in enumerate(chosen)}
    here = all_of([matching, numbers("postcode", chosen)])
    _total, found = snapshot.ordered(here, sum(chosen.values()), 0, "standing")
    addresses = [address for _order, address in found]
    postcodes = snapshot.values("postcode", addresses)
    # Sorting keeps the order of equals, so offerings of one postcode stay by their standing.
    rows = sorted(zip(postcodes, addresses, strict=True), key=lambda row: rank[row[0] or 0])
    return [address for _postcode, address in rows]


def _per_postcode(snapshot: Snapshot, matching: Query) -> dict[int, int]:
    request = {"postcode": {"terms": {"field": "postcode", "size": HIGHEST_POSTCODE}}}
    buckets = snapshot.aggregate(matching, request)["postcode"]["buckets"]
    return {int(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
