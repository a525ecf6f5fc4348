"""Pictures never lie: labels do not cover each other, bars add up, what is hidden stays hidden, places are places."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.postcodes import places
from portal.assets import STATIC
from portal.figures.bars import Amount, Bars, Part, share
from portal.figures.netherlands import HEIGHT, WIDTH, drawing, land_dots, place, radius
from portal.figures.ribbon import UNIT, Ribbon, Row, Span, Term, label_width, number_width

words = st.text("abcdefg hij", min_size=1, max_size=30)
terms = st.lists(st.builds(Term, st.integers(-5, 130), words, st.just(date(2026, 1, 1))), max_size=14).map(tuple)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(st.integers(1, 110))
    return Span(first, draw(st.integers(first, 120)), draw(words))


@given(terms)
def test_no_label_is_covered_by_another_or_crossed_by_a_line(given_terms: tuple[Term, ...]) -> None:
    wide = Ribbon(30, given_terms).wide
    assert [tick.number for tick in wide.ticks] == list(range(1, len(given_terms) + 1))
    for left, right in combinations(wide.ticks, 2):
        if right.x < left.x + label_width(left):
            # What begins within a label stands lower, and so does its line.
            assert right.lane < left.lane
    assert all(tick.x + label_width(tick) <= wide.width + wide.overhang for tick in wide.ticks)


@given(terms)
def test_the_narrow_picture_has_every_term_once(given_terms: tuple[Term, ...]) -> None:
    first, second = Ribbon(30, given_terms).narrow
    assert [tick.number for tick in first.ticks + second.ticks] == list(range(1, len(given_terms) + 1))
    for row in (first, second):
        assert all(0 <= tick.x <= row.width for tick in row.ticks)
        for left, right in combinations(row.ticks, 2):
            assert left.lane != right.lane or right.x - left.x >= number_width(left)


@given(st.lists(spans(), max_size=8).map(tuple))
def test_spans_do_not_cover_each_other(given_spans: tuple[Span, ...]) -> None:
    for row in (Ribbon(30, spans=given_spans).wide, *Ribbon(30, spans=given_spans).narrow):
        for one, other in combinations(row.bars, 2):
            apart = one.reach[1] < other.reach[0] or other.reach[1] < one.reach[0]
            assert one.lane != other.lane or apart
        assert all(bar.x >= 0 and bar.x + bar.width <= row.width for bar in row.bars)


@pytest.mark.parametrize(
    ("week", "passed"),
    [(1, (5, 0)), (34, (335, 0)), (52, (515, 0)), (53, (520, 5)), (104, (520, 515)), (140, (520, 515))],
)
def test_where_now_is(week: int, passed: tuple[int, int]) -> None:
    first, second = Ribbon(week).narrow
    assert (first.passed, second.passed) == passed
    assert [row.now_x is not None for row in (first, second)] == [week < 53, week >= 53]


def test_quarters_are_written_below() -> None:
    def weeks(row: Row) -> list[int]:
        return [week for week, _x in row.marks]

    first, second = Ribbon(1).narrow
    assert weeks(Ribbon(1).wide) == [0, 13, 26, 39, 52, 65, 78, 91, 104]
    assert (weeks(first), weeks(second)) == ([0, 13, 26, 39, 52], [52, 65, 78, 91, 104])
    assert second.marks[-1] == (104, 52 * UNIT)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=12))
def test_bars_are_in_proportion(values: list[tuple[int, int]]) -> None:
    bars = Bars((Part("a"), Part("b", 2)), tuple(Amount(str(n), pair) for n, pair in enumerate(values)))
    for amount, pair in zip(bars.amounts, values, strict=True):
        width = sum(piece.width for piece in bars.segments(amount))
        assert abs(width - share(sum(pair), bars.largest)) <= share(1, 50)
    assert max(sum(piece.width for piece in bars.segments(amount)) for amount in bars.amounts) <= 101


def test_a_hidden_part_takes_no_room_and_leaves_no_total() -> None:
    """R47."""
    amount = Amount("oktober", (240000, None))
    bars = Bars((Part("Werkgever"), Part("Verzekeraar", 2)), (amount,))
    assert amount.hidden
    assert [piece.tone for piece in bars.segments(amount)] == [1]


@pytest.mark.parametrize(("part", "whole", "hundredths"), [(1, 4, 25), (5, 4, 100), (-1, 4, 0), (0, 0, 0), (3, 0, 0)])
def test_shares_stay_between_nothing_and_all(part: int, whole: int, hundredths: int) -> None:
    assert share(part, whole) == hundredths


def test_the_map_in_the_folder_is_the_one_that_the_postcodes_draw() -> None:
    centres = [place(each.lat, each.lon) for each in places().values()]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in centres)
    assert (STATIC / "netherlands.svg").read_text(encoding="utf-8") == drawing(land_dots())


def test_a_kilometre_is_a_kilometre_in_every_direction() -> None:
    utrecht, east, south = place(52.0907, 5.1214), place(52.0907, 5.1214 + 0.1463), place(52.0907 - 0.0899, 5.1214)
    assert east[0] - utrecht[0] == pytest.approx(radius(10), abs=0.3)
    assert south[1] - utrecht[1] == pytest.approx(radius(10), abs=0.3)
