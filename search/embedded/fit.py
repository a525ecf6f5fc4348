"""The order "fit" as scores: the engine adds the points that ranking.py defines, one clause per step."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from tantivy import Occur, Query

from search import ranking
from search.embedded.clauses import all_of, any_of, best_of, between, term, worth
from search.embedded.filters import within, within_reach
from search.embedded.snapshot import Snapshot
from search.query import SearchQuery

END = 100_000  # beyond every week


def scored(snapshot: Snapshot, filters: Query, text: Query | None, query: SearchQuery, today: date) -> Query:
    """Return a query that matches what `filters` and `text` do; its score is 1 plus points plus weight of words."""
    clauses = [(Occur.Must, worth(filters, 1.0))]
    if text is not None:
        clauses.append((Occur.Must, text))
    parts = [*_cause(query), *_week(query), _wait(today), *_place(snapshot, query), *_price(snapshot, query)]
    return Query.boolean_query([*clauses, *((Occur.Should, part) for part in parts)])


def _cause(query: SearchQuery) -> Iterator[Query]:
    for intervention, rank in query.advised.items():
        yield worth(term("intervention", intervention), ranking.cause_points(rank))


def _week(query: SearchQuery) -> Iterator[Query]:
    if query.week is None:
        return
    near = ranking.NEAR_WEEKS
    yield best_of(
        [
            worth(_window(query.week, query.week), ranking.WEEK_POINTS),
            worth(_window(query.week + near, query.week - near), ranking.NEAR_WEEK_POINTS),
        ]
    )


def _window(begun_by: int, not_over_at: int) -> Query:
    begins = between("week_from", 0, begun_by)
    return all_of([begins, between("week_until", max(not_over_at, 0), END)])


def _wait(today: date) -> Query:
    oldest = today.toordinal() - ranking.STALE_AFTER_DAYS
    fresh = worth(between("stated_day", oldest, date.max.toordinal()), 0.0)
    limits = [-1, *(limit for limit, _points in ranking.WAIT_POINTS)]
    steps = [
        worth(between("wait_days", beyond + 1, limit), points)
        for (beyond, limit), (_limit, points) in zip(pairwise(limits), ranking.WAIT_POINTS, strict=True)
    ]
    return all_of([fresh, any_of(steps)])


def _place(snapshot: Snapshot, query: SearchQuery) -> Iterator[Query]:
    origin = query.origin
    if origin is None:
        return
    # Circles inside each other: the smallest one that holds an offering is worth most.
    circles = (worth(within(origin, limit), points) for limit, points in ranking.DISTANCE_POINTS)
    yield best_of([worth(within_reach(snapshot, origin), ranking.REACH_POINTS), *circles])


def _price(snapshot: Snapshot, query: SearchQuery) -> Iterator[Query]:
    for kind, median in snapshot.medians(str(query.tenant_id), query.compared).items():
        low = ranking.share_of(median, ranking.LOW_PRICE_PERCENT)
        usual = ranking.share_of(median, ranking.USUAL_PRICE_PERCENT)
        prices = any_of(
            [
                worth(between("price_cents", 0, low), ranking.LOW_PRICE_POINTS),
                worth(between("price_cents", low + 1, usual), ranking.USUAL_PRICE_POINTS),
            ]
        )
        yield all_of([worth(term("kind", kind), 0.0), prices])
