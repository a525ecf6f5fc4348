"""One page of offerings in the order that was asked for; the same question gives the same page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from network.postcodes import surroundings
from search import ranking
from search.document import OfferingDocument
from search.query import SearchQuery, Sort
from search.remote.entry import offering_in, tie_field
from search.remote.expressions import all_of, equal
from search.remote.fit import Run, runs
from search.remote.groups import apart, text_steps
from search.remote.server import Question
from search.remote.snapshot import Snapshot
from search.remote.text import TextMatch

# So many offerings are fetched and ranked here; of more, the server counts how many of which kind there are.
FEW = 400
ORDERS = {Sort.WAIT: ("wait_days:asc", "standing:asc"), Sort.PRICE: ("price_cents:asc", "standing:asc")}
STANDING = ("standing:asc",)

Page = list[OfferingDocument]


def page_of(snapshot: Snapshot, matching: str, text: TextMatch, query: SearchQuery, today: date) -> tuple[int, Page]:
    """Return how many offerings pass `matching`, which holds `text`, and those on the page that was asked for."""
    if query.sort in ORDERS:
        (found,) = snapshot.ask([Question(matching, query.page_size, query.offset, ORDERS[query.sort])])
        return found.total, [offering_in(entry) for entry in found.documents]
    name = "fit_key" if query.sort is Sort.FIT else "postcode"
    (found,) = snapshot.ask([Question(matching, facets=(name,))])
    total, counts = found.total, found.counts.get(name, {})
    if query.offset >= total:
        return total, []
    if query.sort is Sort.DISTANCE:
        return total, _slices(snapshot, list(_by_distance(matching, query, counts, total)), query, STANDING)
    if total <= FEW:
        return total, _ranked(snapshot, matching, text, query, today)
    equals = runs(snapshot, matching, text, query, today, counts, query.offset + query.page_size)
    return total, _slices(snapshot, equals, query, (f"{tie_field(ranking.rotation(today))}:desc", *STANDING))


def _slices(snapshot: Snapshot, equals: Sequence[Run], query: SearchQuery, order: Sequence[str]) -> Page:
    """Return the page out of equals after equals, which stand in an order of their own."""
    questions = []
    begin, end, passed = query.offset, query.offset + query.page_size, 0
    for run in equals:
        first, last = max(begin - passed, 0), min(end - passed, run.size)
        if first < last:
            questions.append(Question(run.filter, last - first, first, order))
        passed += run.size
    return [offering_in(entry) for found in snapshot.ask(questions) for entry in found.documents]


def _by_distance(matching: str, query: SearchQuery, counts: Mapping[str, int], total: int) -> Iterator[Run]:
    """Yield the offerings of one postcode after the other, nearest first; those without a place stand last."""
    if query.postcode is None:
        raise ValueError("a distance needs a postcode; SearchFilters sees to it")
    for number in surroundings(query.postcode).nearest_first():
        size = counts.get(str(number), 0)
        if size:
            yield Run(all_of([matching, equal("postcode", str(number))]), size)
    yield Run(all_of([matching, "postcode NOT EXISTS"]), total - sum(counts.values()))


def _ranked(snapshot: Snapshot, matching: str, text: TextMatch, query: SearchQuery, today: date) -> Page:
    """Return the page out of a few offerings, all of which are fetched and ranked as ranking.py says."""
    steps = list(apart(text_steps(text)))
    answers = snapshot.ask([Question(all_of([matching, *parts]), FEW) for _points, parts in steps])
    rows = [
        (points, offering_in(entry))
        for (points, _parts), found in zip(steps, answers, strict=True)
        for entry in found.documents
    ]
    tenant = str(query.tenant_id)
    medians = snapshot.medians_of(tenant, {offering.kind for _points, offering in rows})
    turn = ranking.rotation(today)

    def place(row: tuple[int, OfferingDocument]) -> tuple[int, int, int]:
        about = ranking.facts(row[1], query, medians.__getitem__, today)
        worth = row[0] + ranking.points(about, with_distance=query.origin is not None)
        return -worth, -ranking.tie(row[1].offering_id, turn), ranking.standing(row[1].offering_id)

    rows.sort(key=place)
    return [offering for _points, offering in rows][query.offset :][: query.page_size]
