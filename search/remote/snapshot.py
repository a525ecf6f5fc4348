"""One state of the index, and what is worked out once for it: medians of prices and counts of whole networks."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeVar, cast

from network.tables import PriceUnit
from search.gateway import Facets
from search.ranking import FEWEST_FOR_A_MEDIAN
from search.remote.expressions import all_of, equal
from search.remote.server import Found, Question, Server, Version

MOST_KEPT = 512
Kept = TypeVar("Kept")


class Snapshot:
    """An index at one version. What is kept here is true of that version, and dropped with it."""

    def __init__(self, server: Server, uid: str, version: Version) -> None:
        self.version = version
        self._server = server
        self._uid = uid
        self._kept: dict[object, object] = {}

    def ask(self, questions: Sequence[Question]) -> list[Found]:
        """Answer some questions in one call."""
        return self._server.ask(self._uid, questions) if questions else []

    def similar(self, field: str, word: str, condition: str) -> list[str]:
        """Return the values of a field that begin about as a word does, in offerings that pass a filter."""
        return self._server.similar(self._uid, field, word, condition)

    def travel_steps(self) -> tuple[int, ...]:
        """Return the distances that providers travel, as far as somebody does; the fewer, the quicker a question."""
        return self._once("travel", self._count_travel_steps)

    def medians(self, tenant: str, interventions: Iterable[str]) -> dict[str, int]:
        """Return the median price in cents of every kind of these interventions that has one."""
        kinds = [f"{intervention}:{unit}" for intervention in interventions for unit in PriceUnit]
        return {kind: median for kind, median in self.medians_of(tenant, kinds).items() if median is not None}

    def medians_of(self, tenant: str, kinds: Iterable[str]) -> dict[str, int | None]:
        """Return the median price of kinds in a tenant's network; None below three offerings."""
        known = self._once(("medians", tenant), dict[str, int | None])
        sizes = self._once(("kinds", tenant), lambda: self._count_kinds(tenant))
        wanted = set(kinds)
        missing = [kind for kind in sorted(wanted - known.keys()) if sizes.get(kind, 0) >= FEWEST_FOR_A_MEDIAN]
        answers = self.ask([Question(_of_kind(tenant, kind), facets=("price_cents",)) for kind in missing])
        for kind, found in zip(missing, answers, strict=True):
            known[kind] = _median(found.counts.get("price_cents", {}))
        return {kind: known.get(kind) for kind in wanted}

    def facets(self, key: str, work_out: Callable[[], Facets]) -> Facets:
        """Return counts that were worked out before for the same filters, or work them out."""
        return self._once(("facets", key), work_out)

    def _once(self, key: object, work_out: Callable[[], Kept]) -> Kept:
        if key not in self._kept:
            made = work_out()
            if len(self._kept) >= MOST_KEPT:
                return made
            self._kept[key] = made
        return cast("Kept", self._kept[key])

    def _count_travel_steps(self) -> tuple[int, ...]:
        (found,) = self.ask([Question("travel EXISTS", facets=("travel",))])
        return tuple(sorted(int(step) for step in found.counts.get("travel", ()) if step != "0"))

    def _count_kinds(self, tenant: str) -> Mapping[str, int]:
        (found,) = self.ask([Question(equal("tenant", tenant), facets=("kind",))])
        return found.counts.get("kind", {})


def _of_kind(tenant: str, kind: str) -> str:
    return all_of([equal("tenant", tenant), equal("kind", kind)])


def _median(counts: Mapping[str, int]) -> int | None:
    """Return the price in the middle, between the two there when their number is even; counted by price."""
    prices = sorted((int(float(price)), count) for price, count in counts.items())
    total = sum(counts.values())
    if total < FEWEST_FOR_A_MEDIAN:
        return None
    passed = list(accumulate(count for _price, count in prices))
    low, high = (prices[bisect_right(passed, place)][0] for place in ((total - 1) // 2, total // 2))
    return (low + high) // 2
