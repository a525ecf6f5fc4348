"""Groups of offerings that get the same points for how they are named, where they are, and what they cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise, product

from network.offering_view import STALE_AFTER_DAYS
from search import ranking
from search.query import SearchQuery
from search.ranking import DISTANCE_POINTS, LOW_PRICE_PERCENT, REACH_POINTS, USUAL_PRICE_PERCENT
from search.remote.expressions import all_of, any_of, at_least, at_most, equal, none_of, one_of
from search.remote.filters import within, within_reach
from search.remote.server import Question
from search.remote.snapshot import Snapshot
from search.remote.text import TextMatch

# Words that match weigh against the points of ranking.py: all of them in the heading as asked, or by a synonym, some of
# them there, or all of them in the text as asked, and not only by a synonym or the beginning of a word.
ALL_HEADING, MEANT_HEADING, SOME_HEADING, ALL_TEXT = 36, 28, 20, 12
Part = tuple[int, tuple[str, ...]]
"""Points, and the filters for what gets just those."""


@dataclass(frozen=True, slots=True)
class Step:
    """Whatever passes the filter gets at least these points; without a filter everything does."""

    points: int
    filter: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Offerings that get the same points for all that is not in their key."""

    filters: tuple[str, ...]
    points: int
    fresh: bool


def text_steps(text: TextMatch) -> list[Step]:
    """Return the points for how words match, from many to few."""
    headings = [word.in_heading for word in text.words if word.in_heading]
    meant = [word.meant_in_heading for word in text.words if word.meant_in_heading]
    texts = [word.in_text for word in text.words if word.in_text]
    steps = []
    # Whatever passes a step passes the later ones, so that it is enough to leave out the step before.
    if text.words and len(headings) == len(text.words):
        steps += [Step(ALL_HEADING, all_of(headings)), Step(MEANT_HEADING, all_of(meant))]
    if meant:
        steps.append(Step(SOME_HEADING, any_of(meant)))
    if text.words and len(texts) == len(text.words):
        steps.append(Step(ALL_TEXT, any_of([*meant, all_of(texts)])))
    return [*steps, Step(0)]


def apart(steps: Sequence[Step]) -> Iterator[Part]:
    """Yield the points with the filters for what gets just those; whatever passes a step must pass the later ones."""
    yield steps[0].points, _given(steps[0])
    for before, step in pairwise(steps):
        yield step.points, (*_given(step), none_of(_given(before)))


def groups_of(snapshot: Snapshot, matching: str, text: TextMatch, query: SearchQuery, today: date) -> list[Group]:
    """Return the groups in which something can stand that passes `matching`; each offering is in one of them."""
    fresh = at_least("wait_day", today.toordinal() - STALE_AFTER_DAYS)
    scales = [text_steps(text), _place_steps(snapshot, query), _price_steps(snapshot, query), _favourites(query)]
    ages = ((True, fresh), (False, none_of([fresh])))
    return [
        Group((*chain.from_iterable(parts for _points, parts in chosen), age), sum(p for p, _parts in chosen), is_fresh)
        for chosen in product(*_occurring(snapshot, matching, scales))
        for is_fresh, age in ages
    ]


def _occurring(snapshot: Snapshot, matching: str, scales: Sequence[Sequence[Step]]) -> list[list[Part]]:
    """Return of each scale the steps on which anything stands: what is on none needs not be counted in groups."""
    parts = [list(apart(steps)) for steps in scales]
    asked = [Question(all_of([matching, *given])) for steps in parts for _points, given in steps if len(steps) > 1]
    answers = iter(snapshot.ask(asked))
    return [[part for part in steps if len(steps) == 1 or next(answers).total] for steps in parts]


def _place_steps(snapshot: Snapshot, query: SearchQuery) -> list[Step]:
    origin = query.origin
    if origin is None:
        return [Step(0)]
    reach = within_reach(snapshot, origin)
    steps = []
    for points in sorted({REACH_POINTS, *(points for _limit, points in DISTANCE_POINTS)}, reverse=True):
        # Circles inside each other: the largest one that is worth so much holds the smaller ones.
        limit = max((limit for limit, worth in DISTANCE_POINTS if worth >= points), default=0)
        near = [within(origin, limit)] if limit else []
        steps.append(Step(points, any_of([*near, *([reach] if points <= REACH_POINTS else [])])))
    return [*steps, Step(0)]


def _price_steps(snapshot: Snapshot, query: SearchQuery) -> list[Step]:
    medians = snapshot.medians(str(query.tenant_id), query.compared)
    if not medians:
        return [Step(0)]
    limits = ((ranking.LOW_PRICE_POINTS, LOW_PRICE_PERCENT), (ranking.USUAL_PRICE_POINTS, USUAL_PRICE_PERCENT))
    return [*(Step(points, _cheaper(medians, percent)) for points, percent in limits), Step(0)]


def _favourites(query: SearchQuery) -> list[Step]:
    if not query.favourites:
        return [Step(0)]
    return [Step(ranking.FAVOURITE_POINTS, one_of("id", sorted(map(str, query.favourites)))), Step(0)]


def _cheaper(medians: Mapping[str, int], percent: int) -> str:
    return any_of(
        all_of([equal("kind", kind), at_most("price_cents", ranking.share_of(median, percent))])
        for kind, median in medians.items()
    )


def _given(step: Step) -> tuple[str, ...]:
    return () if step.filter is None else (step.filter,)
