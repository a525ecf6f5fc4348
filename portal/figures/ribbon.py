"""The 104 weeks of sickness as a ribbon: where the case is now, its terms, and what runs in between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

WEEKS = 104
YEAR = 52
# Width of a week, and of a character of a label, in units of the picture.
UNIT = 10
CHARACTER = 6.7


class TermState(StrEnum):
    """How a term stands."""

    DONE = "done"
    COMING = "coming"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True)
class Term:
    """Something that has to be done in a week of sickness; `latest` marks the one after which there is no way back."""

    week: int
    label: str
    day: date
    state: TermState = TermState.COMING
    latest: bool = False


@dataclass(frozen=True)
class Span:
    """Something that runs from a week through a week, such as an intervention."""

    first_week: int
    last_week: int
    label: str


@dataclass(frozen=True)
class Tick:
    """A term in its place: the number it has in the list, and how many lines its label stands above the ribbon."""

    number: int
    term: Term
    x: float
    lane: int


@dataclass(frozen=True)
class Bar:
    """The part of a span that a stretch shows; its label stands within it, or after it, or else before it."""

    span: Span
    x: float
    width: float
    label_x: float
    anchor: str
    lane: int = 0

    @property
    def reach(self) -> tuple[float, float]:
        """Return from where to where the bar with its label takes up room."""
        label = len(self.span.label) * CHARACTER
        start = self.label_x - label if self.anchor == "end" else self.label_x
        return min(self.x, start), max(self.x + self.width, start + label)


@dataclass(frozen=True)
class Row:
    """A stretch of weeks in the picture: all of them in the wide one, a year in the narrow one.

    `passed` is the width that has gone by, `overhang` how far the last terms reach beyond the end.
    """

    first_week: int
    last_week: int
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    now_x: float | None
    passed: float
    overhang: float

    @property
    def width(self) -> float:
        """Return the width of the stretch."""
        return (self.last_week - self.first_week + 1) * UNIT

    @property
    def lanes(self) -> int:
        """Return how many lines of labels stand above it."""
        return max((tick.lane + 1 for tick in self.ticks), default=0)

    @property
    def bar_lanes(self) -> int:
        """Return how many lines of spans hang below it."""
        return max((bar.lane + 1 for bar in self.bars), default=0)

    @property
    def marks(self) -> tuple[tuple[int, float], ...]:
        """Return the weeks that are written below the ribbon, each quarter of a year, with their places."""
        weeks = [week for week in range(0, WEEKS + 1, 13) if self.first_week - 1 <= week <= self.last_week]
        return tuple((week, (week - self.first_week + 1) * UNIT) for week in weeks)


@dataclass(frozen=True)
class Ribbon:
    """A case over its 104 weeks. A week beyond the end stands at the end."""

    now_week: int
    terms: tuple[Term, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def ordered(self) -> tuple[Term, ...]:
        """Return the terms by week, in the order in which they are numbered."""
        return tuple(sorted(self.terms, key=lambda term: term.week))

    @property
    def wide(self) -> Row:
        """Return the picture for wide screens: one stretch, each term with its label."""
        return self._row(1, WEEKS, label_width)

    @property
    def narrow(self) -> tuple[Row, Row]:
        """Return the picture for narrow screens: a stretch for each year, each term with its number only."""
        return self._row(1, YEAR, number_width), self._row(YEAR + 1, WEEKS, number_width)

    def _row(self, first: int, last: int, width: Callable[[Tick], float]) -> Row:
        shown = [(number, term) for number, term in enumerate(self.ordered, 1) if first <= _bounded(term.week) <= last]
        ticks = [Tick(number, term, (_bounded(term.week) - first + 0.5) * UNIT, 0) for number, term in shown]
        spans = [span for span in self.spans if span.first_week <= last and span.last_week >= first]
        now = _bounded(self.now_week)
        return Row(
            first_week=first,
            last_week=last,
            ticks=_stepped(ticks, width),
            bars=_hung([_bar(span, first, last) for span in spans]),
            now_x=(now - first + 0.5) * UNIT if first <= now <= last else None,
            passed=max(0, min(now, last + 0.5) - first + 0.5) * UNIT,
            overhang=max([0, *(tick.x + width(tick) - (last - first + 1) * UNIT for tick in ticks)]),
        )


def label_width(tick: Tick) -> float:
    """Return the room that a term with its label takes up to the right of its place."""
    return len(tick.term.label) * CHARACTER + 34


def number_width(_tick: Tick) -> float:
    """Return the room that a term takes up when only its number is drawn."""
    return 27


def _bounded(week: int) -> int:
    return max(1, min(week, WEEKS))


def _stepped(ticks: Sequence[Tick], width: Callable[[Tick], float]) -> tuple[Tick, ...]:
    """Put each label above those that begin within it, so that the labels step down and no line crosses a label."""
    placed: list[Tick] = []
    for tick in reversed(ticks):
        under = [later.lane for later in placed if later.x < tick.x + width(tick)]
        placed.insert(0, replace(tick, lane=max(under, default=-1) + 1))
    return tuple(placed)


def _bar(span: Span, first: int, last: int) -> Bar:
    x = (max(span.first_week, first) - first) * UNIT
    end = (min(span.last_week, last) - first + 1) * UNIT
    label = len(span.label) * CHARACTER + 16
    if label <= end - x:
        return Bar(span, x, end - x, x + 8, "start")
    if end + label <= (last - first + 1) * UNIT:
        return Bar(span, x, end - x, end + 6, "start")
    return Bar(span, x, end - x, x - 6, "end")


def _hung(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Hang each bar on the first line where it has room."""
    ends: list[float] = []
    hung = []
    for bar in sorted(bars, key=lambda bar: bar.reach):
        start, end = bar.reach
        lane = next((line for line, taken in enumerate(ends) if taken + 8 <= start), len(ends))
        ends[lane : lane + 1] = [end]
        hung.append(replace(bar, lane=lane))
    return tuple(hung)
