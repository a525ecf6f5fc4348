"""Values as people write them, in Dutch and in English."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from core.language import speaking
from portal.blocks import Task, by_term
from portal.presenters import (
    age,
    day,
    day_short,
    days,
    duration,
    km,
    moment,
    money,
    month,
    number,
    percent,
    until,
    weeks,
)

NBSP = "\N{NO-BREAK SPACE}"


def test_money() -> None:
    assert money(129700) == f"€{NBSP}1.297,00"
    assert money(-5) == f"€{NBSP}-0,05"
    with speaking("en"):
        assert money(129700) == "€1,297.00"


def test_days_are_days_in_the_netherlands() -> None:
    late = datetime(2026, 11, 11, 23, 30, tzinfo=UTC)
    assert day(date(2026, 11, 12)) == "12 november 2026"
    assert day(late) == "12 november 2026"
    assert moment(late) == "12 november 2026, 00:30"
    assert day_short(date(2026, 1, 2)) == "02-01-2026"
    assert month(date(2026, 1, 2)) == "januari 2026"
    with speaking("en"):
        assert day(date(2026, 11, 12)) == "12 November 2026"
        assert day_short(date(2026, 1, 2)) == "02/01/2026"


def test_numbers() -> None:
    assert number(1297.5) == "1.297,5"
    assert (percent(21), percent(36.54)) == ("21%", "36,5%")
    assert (km(0.44), km(34.4), km(1234)) == (f"0,4{NBSP}km", f"34{NBSP}km", f"1.234{NBSP}km")


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 dagen"), (1, "1 dag"), (20, "20 dagen"), (21, "3 weken"), (181, "25 weken"), (182, "6 maanden")],
)
def test_durations(count: int, said: str) -> None:
    assert duration(count) == said


def test_counted_units() -> None:
    assert (days(1), weeks(1), weeks(12)) == ("1 dag", "1 week", "12 weken")


@time_machine.travel("2026-11-12T12:00:00Z", tick=False)
def test_terms_and_ages() -> None:
    assert age(date(2026, 11, 12)) == "vandaag"
    assert age(date(2026, 11, 9)) == "3 dagen"
    assert age(date(2026, 12, 1)) == "vandaag"
    assert [until(date(2026, 11, n)) for n in (10, 11, 12, 13, 16)] == [
        "2 dagen te laat",
        "1 dag te laat",
        "vandaag",
        "morgen",
        "nog 4 dagen",
    ]


@time_machine.travel("2026-11-11T23:30:00Z", tick=False)
def test_a_term_ends_with_the_dutch_day() -> None:
    assert until(date(2026, 11, 11)) == "1 dag te laat"


@time_machine.travel("2026-11-12T12:00:00Z", tick=False)
def test_the_oldest_term_comes_first_and_tasks_without_one_last() -> None:
    def task(name: str, due: int | None, since: int | None = None) -> Task:
        return Task(
            name,
            "/",
            "Doe",
            due=date(2026, 11, due) if due else None,
            since=date(2026, 11, since) if since else None,
        )

    tasks = [task("none", None), task("far", 20), task("waits", None, 1), task("late", 11), task("soon", 15)]
    assert [each.title for each in by_term(tasks)] == ["late", "soon", "far", "waits", "none"]
    assert [each.urgency for each in by_term(tasks)] == ["late", "soon", "", "", ""]
