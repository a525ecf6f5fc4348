"""What people want to see for a question, judged by hand in tests/search/judgements.csv, which says how to read it."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from uuid import UUID

from core.settings import ROOT
from demo.people import demo_id
from demo.providers import providers
from network.offering_view import OfferingView
from network.postcodes import distance_km, places
from search.query import SearchFilters

FILE = ROOT / "tests" / "search" / "judgements.csv"
GRADES = (3, 2, 1)
LOOKED_AT = 10  # results; what stands lower is not looked at
RELEVANT = 2  # from this grade on a result answers the question
WITHIN_REACH_KM = 25
STILL_NEAR_KM = 50
EXPRESSION = re.compile(
    r"(?P<provider>[\w*-]+)/(?P<intervention>\w+|\*)(:(?P<word>\w+))?((?P<near>@@?)(?P<from>\d{4})?)?"
)


@dataclass(frozen=True)
class Expression:
    """Which offerings are meant, as one expression of the file says it."""

    text: str
    provider: str
    intervention: str
    word: str | None
    near: str | None
    origin: str | None

    def means(self, provider: str, offering: OfferingView) -> bool:
        """Tell whether an offering of the provider with this key is meant."""
        return (
            self.provider in ("*", provider)
            and self.intervention in ("*", offering.intervention)
            and (self.word is None or self.word in offering.title)
            and (self.near is None or self._is_near(offering))
        )

    def _is_near(self, offering: OfferingView) -> bool:
        if offering.online or offering.nationwide:
            return True
        if self.origin is None or offering.postcode is None:
            return False
        away = distance_km(places()[self.origin], places()[offering.postcode])
        limit = WITHIN_REACH_KM if self.near == "@" else STILL_NEAR_KM
        return away <= max(limit, offering.radius_km)


@dataclass(frozen=True)
class Judgement:
    """A question, and what each grade is for."""

    kind: str
    asked: Mapping[str, str]
    meant: Mapping[int, tuple[Expression, ...]]

    @property
    def filters(self) -> SearchFilters:
        """The question as the search room takes it."""
        values = {**self.asked, "cause": tuple(self.asked["cause"].split())}
        return SearchFilters.model_validate({**values, "page_size": LOOKED_AT})

    def grade(self, provider: str, offering: OfferingView) -> int:
        """Return how much an offering is wanted, 0 to 3."""
        found = next((g for g in GRADES if any(one.means(provider, offering) for one in self.meant[g])), 0)
        if not self.asked["max_wait_days"]:
            return found
        limit = int(self.asked["max_wait_days"])
        if offering.stated_wait_days > limit:
            return 0
        return max(found - 1, 0) if (offering.median_wait_days or 0) > limit else found

    def grades(self, network: Iterable[OfferingView]) -> Mapping[UUID, int]:
        """Return the grades of all offerings that have one."""
        keys = _keys()
        graded = {offering.id: self.grade(keys[offering.provider_id], offering) for offering in network}
        return {offering_id: grade for offering_id, grade in graded.items() if grade}


@dataclass(frozen=True)
class Score:
    """How good the answers were: nDCG@10, the mean of 1 / the first relevant place, and the part without results."""

    ndcg: float
    mrr: float
    empty: float


def judgements() -> list[Judgement]:
    """Return everything that was judged; raises ValueError for an expression that means nothing."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [_judgement(row) for row in csv.DictReader(line for line in lines if not line.startswith("#"))]


def ndcg(results: Sequence[UUID], grades: Mapping[UUID, int]) -> float:
    """Return the gain of the first ten results, as a part of what the best order would give."""
    best = sorted(grades.values(), reverse=True)
    return _gain([grades.get(one, 0) for one in results]) / _gain(best)


def reciprocal_rank(results: Sequence[UUID], grades: Mapping[UUID, int]) -> float:
    """Return 1 / the place of the first relevant result; 0 when none of the first ten is."""
    ranks = (1 / rank for rank, one in enumerate(results[:LOOKED_AT], 1) if grades.get(one, 0) >= RELEVANT)
    return next(ranks, 0.0)


def score(answers: Sequence[tuple[Sequence[UUID], Mapping[UUID, int]]]) -> Score:
    """Return how good answers are: for each question the results in order, and the grades."""
    return Score(
        ndcg=sum(ndcg(*answer) for answer in answers) / len(answers),
        mrr=sum(reciprocal_rank(*answer) for answer in answers) / len(answers),
        empty=sum(not results for results, _grades in answers) / len(answers),
    )


def _gain(grades: Sequence[int]) -> float:
    return sum(((1 << grade) - 1) / log2(place + 1) for place, grade in enumerate(grades[:LOOKED_AT], 1))


def _keys() -> Mapping[UUID, str]:
    from_demo = (one.organisation.key for one in providers(0))
    return {demo_id(f"organisation:{key}"): key for key in from_demo}


def _judgement(row: Mapping[str, str]) -> Judgement:
    asked = {
        "q": row["text"],
        "cause": row["cause"],
        "sickness_year": row["year"],
        "postcode": row["postcode"],
        "max_wait_days": row["max_wait_days"],
    }
    meant = {g: tuple(_expression(text, row["postcode"]) for text in row[f"grade_{g}"].split()) for g in GRADES}
    return Judgement(row["kind"], asked, meant)


def _expression(text: str, postcode: str) -> Expression:
    found = EXPRESSION.fullmatch(text)
    if found is None:
        raise ValueError(f"{FILE.name}: {text!r} means nothing")
    return Expression(
        text, found["provider"], found["intervention"], found["word"], found["near"], found["from"] or postcode or None
    )
