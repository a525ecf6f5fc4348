"""The order "fit" as scores: the engine adds the points that ranking.py defines, one clause per step."""

from collections.abc import Iterator
from datetime import date

from tantivy import Occur, Query

from network.offering_view import STALE_AFTER_DAYS
from search import ranking
from search.embedded.clauses import all_of, best_of, between, one_of, term, worth
from search.embedded.filters import within, within_reach
from search.embedded.snapshot import Snapshot
from search.query import SearchQuery

END = date.max.toordinal()  # beyond every week and every day


def scored(snapshot: Snapshot, filters: Query, text: Query | None, query: SearchQuery, today: date) -> Query:
    """Return a query that matches what `filters` and `text` do; its score is 1 plus points plus weight of words."""
    clauses = [(Occur.Must, worth(filters, 1.0))]
    if text is not None:
        clauses.append((Occur.Must, text))
    parts = [*_cause(query), *_week(query), *_wait(query, today), *_place(snapshot, query), *_price(snapshot, query)]
    parts += _outcome()
    if query.favourites:
        parts.append(worth(one_of("offering_id", map(str, query.favourites)), ranking.FAVOURITE_POINTS))
    return Query.boolean_query([*clauses, *((Occur.Should, part) for part in parts)])


def _cause(query: SearchQuery) -> Iterator[Query]:
    for intervention, rank in query.advised.items():
        yield worth(term("intervention", intervention), ranking.cause_points(rank))
    for intervention, meant in query.meant.items():
        yield worth(term("intervention", intervention), ranking.meant_points(meant))


def _week(query: SearchQuery) -> Iterator[Query]:
    if query.week is None:
        return
    # A week inside the window is also near it, so being inside adds only the difference.
    near = _window(query.week + ranking.NEAR_WEEKS, query.week - ranking.NEAR_WEEKS)
    yield worth(near, ranking.NEAR_WEEK_POINTS)
    yield worth(_window(query.week, query.week), ranking.WEEK_POINTS - ranking.NEAR_WEEK_POINTS)


def _window(begun_by: int, not_over_at: int) -> Query:
    return all_of([between("week_from", 0, begun_by), between("week_until", max(not_over_at, 0), END)])


def _wait(query: SearchQuery, today: date) -> Iterator[Query]:
    fresh = between("wait_day", today.toordinal() - STALE_AFTER_DAYS, END)
    counts = [fresh, term("accepts_now", True)]
    for step, (_limit, points) in enumerate(ranking.WAIT_POINTS):
        yield worth(all_of([term("wait_step", step), *counts]), points)
    if query.week is not None:
        yield worth(all_of([between("last_week", query.week, END), *counts]), ranking.IN_TIME_POINTS)


def _outcome() -> Iterator[Query]:
    highest = 100
    for least, points in ranking.OUTCOME_POINTS:
        yield worth(between("outcome", least, highest), points)
        highest = least - 1


def _place(snapshot: Snapshot, query: SearchQuery) -> Iterator[Query]:
    origin = query.origin
    if origin is None:
        return
    # Circles inside each other: the smallest one that holds an offering is worth most.
    circles = (worth(within(origin, limit), points) for limit, points in ranking.DISTANCE_POINTS)
    yield best_of([worth(within_reach(snapshot, origin), ranking.REACH_POINTS), *circles])


def _price(snapshot: Snapshot, query: SearchQuery) -> Iterator[Query]:
    # Each step is a clause of its own, led by the few offerings of its kind: a union of ranges would walk through all.
    for kind, median in snapshot.medians(str(query.tenant_id), query.compared).items():
        low = ranking.share_of(median, ranking.LOW_PRICE_PERCENT)
        usual = ranking.share_of(median, ranking.USUAL_PRICE_PERCENT)
        yield worth(all_of([term("kind", kind), between("price_cents", 0, low)]), ranking.LOW_PRICE_POINTS)
        yield worth(all_of([term("kind", kind), between("price_cents", low + 1, usual)]), ranking.USUAL_PRICE_POINTS)
