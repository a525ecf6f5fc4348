"""No hidden number can be worked out from those that are shown, however one goes about it (R47, R76).

Three attackers, none of whom uses anything of what hides: one solves the linear equations within their bounds (with the
simplex method of scipy), one knows the rule by heart and tries every world that would have been published just so, and
one has kept what was published a month ago.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from medical.hatch.hiding import shown_parts
from medical.hatch.reports import Begun, report
from medical.hatch.values import ReleasedCount
from network.taxonomy import Disclosure, interventions

K = 5
TYPES = [code for code, kind in interventions().items() if kind.disclosure is Disclosure.OPEN]
CONFIDENTIAL = [code for code, kind in interventions().items() if kind.disclosure is Disclosure.CONF]
PEOPLE = [UUID(int=nth) for nth in range(40)]
EMPLOYER = uuid4()

Look = tuple[int, tuple[int | None, ...]]  # a total, and its parts as far as they are shown
TOO_FEW: Look = (0, ())
Cell = tuple[str, int]  # a type and a year of sickness


def persons(count: int, first: int = 0) -> list[int]:
    return list(range(first, first + count))


def apart(counts: Sequence[int]) -> list[list[int]]:
    """Return as many persons for each number, nobody in two."""
    return [persons(count, 100 * nth) for nth, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([7, 9], [True, True]),
        ([7, 3], [False, False]),  # alone beside a small one, a number tells it
        ([9, 8, 2], [True, False, False]),
        ([9, 7, 2], [False, False, False]),  # nine together would leave the small one too little room
        ([7, 20, 1, 2, 3], [True, True, False, False, False]),  # the small ones hide each other
        ([20, 5, 0, 0, 0], [False, False, False, False, False]),
        ([20, 7, 4, 4], [True, False, False, False]),  # of two that are eight together, both would be told
        ([20, 11, 0, 0, 0], [True, False, False, False, False]),
    ],
)
def test_what_is_hidden_beside_a_small_number(counts: list[int], shown: list[bool]) -> None:
    """R47."""
    assert list(shown_parts(apart(counts), K)) == shown


@pytest.mark.parametrize(("length", "most", "k"), [(2, 30, 3), (3, 24, 3), (4, 16, 3), (3, 32, 5)])
def test_who_knows_the_rule_learns_no_small_number(length: int, most: int, k: int) -> None:
    """R47, R76: of every world, those that look the same; in them each small number takes every value below k."""
    looks: defaultdict[Look, list[tuple[int, ...]]] = defaultdict(list)
    for counts in (each for each in product(range(most + 1), repeat=length) if sum(each) <= most):
        total = sum(counts)
        if total < k:
            looks[TOO_FEW].append(counts)
            continue
        shown = shown_parts(apart(counts), k)
        looks[total, tuple(n if s else None for n, s in zip(counts, shown, strict=True))].append(counts)
    assert len(looks) > length
    for look, worlds in looks.items():
        for nth in range(length):
            values = {world[nth] for world in worlds}
            # Either it can be any small number, or it is none and nothing small is told of it.
            assert {value for value in values if value < k} in (set(), set(range(k))), (look, nth)
            if look == TOO_FEW or look[1][nth] is None:
                assert len(values) >= k, (look, nth)


@given(st.lists(st.lists(st.integers(0, 12), max_size=14), min_size=2, max_size=6))
def test_what_is_left_of_a_total_is_of_enough_persons(parts: list[list[int]]) -> None:
    """R47: whichever of the shown parts are taken off; somebody may be in several."""
    shown = shown_parts(parts, K)
    for part, is_shown in zip(parts, shown, strict=True):
        assert not is_shown or len(set(part)) >= K
    left = {person for part, is_shown in zip(parts, shown, strict=True) if not is_shown for person in part}
    if any(shown) and not all(shown):
        assert len(left) >= K


@st.composite
def years(draw: st.DrawFn) -> list[Begun]:
    """What one employer's people began in a year; a few types often, so that there is something to show."""
    types = st.sampled_from([*TYPES[:4], *TYPES[:2], *CONFIDENTIAL[:2], TYPES[7]])
    each = st.builds(
        lambda who, code, year, told: Begun(
            2025, EMPLOYER, who, interventions()[code].disclosure, code, year, told and code in CONFIDENTIAL
        ),
        st.sampled_from(PEOPLE),
        types,
        st.sampled_from([1, 1, 2]),
        st.sampled_from([False, False, True]),
    )
    return draw(st.lists(each, max_size=120))


def truth(begun: list[Begun]) -> dict[tuple[Disclosure, str, int], int]:
    """Return what is really in every cell, counted by itself; "" for the confidential types together."""
    found: defaultdict[tuple[Disclosure, str, int], set[UUID]] = defaultdict(set)
    for each in begun:
        code = each.intervention if each.disclosure is Disclosure.OPEN else ""
        found[each.disclosure, code, each.sickness_year].add(each.employee_id)
    return {cell: len(who) for cell, who in found.items()}


def cells_of(count: ReleasedCount) -> Iterator[tuple[Disclosure, str, int]]:
    """Yield the cells that a shown number adds up, as its reader understands it."""
    codes = TYPES if count.disclosure is Disclosure.OPEN else [""]
    for code in codes if count.intervention is None else [count.intervention]:
        for year in (1, 2) if count.sickness_year is None else (count.sickness_year,):
            yield count.disclosure, code, year


CELLS = [(Disclosure.OPEN, code, year) for code in TYPES for year in (1, 2)] + [
    (Disclosure.CONF, "", year) for year in (1, 2)
]


def bounds(shown: Sequence[ReleasedCount], wanted: Sequence[tuple[Disclosure, str, int]]) -> tuple[float, float]:
    """Return between which bounds the sum of some cells lies, for all that the shown numbers say."""
    rows = np.array([[cell in set(cells_of(count)) for cell in CELLS] for count in shown], dtype=float)
    right = np.array([count.persons for count in shown], dtype=float)
    target = np.array([cell in wanted for cell in CELLS], dtype=float)
    equations = {"A_eq": rows, "b_eq": right} if len(shown) else {}
    found = [linprog(sign * target, **equations, bounds=[(0, 200)] * len(CELLS), method="highs") for sign in (1, -1)]
    assert all(each.success for each in found)
    return found[0].fun, -found[1].fun


@settings(max_examples=60)
@given(years())
def test_no_hidden_number_follows_from_the_shown_ones(begun: list[Begun]) -> None:
    """R47, R76: neither a cell nor a total of a type or a year; a small one keeps all its room."""
    shown, real = report(begun, K), truth(begun)
    for count in shown:
        assert count.persons == sum(real.get(cell, 0) for cell in cells_of(count))
    told = {frozenset(cells_of(count)) for count in shown}
    types = [[(Disclosure.OPEN, code, year) for year in (1, 2)] for code in TYPES]
    for wanted in [*([cell] for cell in CELLS), *types]:
        value = sum(real.get(cell, 0) for cell in wanted)
        low, high = bounds(shown, wanted)
        assert low - 1e-6 <= value <= high + 1e-6
        if frozenset(wanted) in told or {frozenset([cell]) for cell in wanted} <= told:
            continue
        assert high - low >= K - 1 - 1e-6, (wanted, low, high)
        if value < K:
            assert low <= 1e-6, (wanted, low, high)


@settings(max_examples=60)
@given(years())
def test_the_open_numbers_tell_nothing_of_the_confidential_ones(begun: list[Begun]) -> None:
    """R18, R76: to who knows every open intervention by its invoice, they add nothing; nor do the types matter."""
    confidential = [each for each in begun if each.disclosure is Disclosure.CONF]
    alone = report(confidential, K)
    assert [count for count in report(begun, K) if count.disclosure is Disclosure.CONF] == list(alone)
    other = [Begun(**{**vars(each), "intervention": CONFIDENTIAL[0]}) for each in confidential]
    assert report(other, K) == alone


@settings(max_examples=60)
@given(years())
def test_who_knows_some_by_their_consent_still_sees_k_others(begun: list[Begun]) -> None:
    """R25, R46, R76."""
    confidential = [each for each in begun if each.disclosure is Disclosure.CONF]
    by_themselves = {each.employee_id for each in confidential if each.told}
    for count in report(begun, K):
        if count.disclosure is Disclosure.CONF:
            years = (1, 2) if count.sickness_year is None else (count.sickness_year,)
            of_years = [each for each in confidential if each.sickness_year in years]
            assert len({each.employee_id for each in of_years} - by_themselves) >= K
