"""The 54 steps as data: whole, assigned, and without a word that tells of health where the open side looks (R65)."""

import csv
import re
from pathlib import Path

ROLES = {"employee", "employer", "physician", "delegate", "case_manager"}
OPEN_ROLES = {"employer", "case_manager"}
STEPS = Path(__file__).resolve().parents[2] / "cases" / "data" / "poortwachter_steps.csv"
TELLS_OF_HEALTH = re.compile(r"psych|klacht|medisch|diagnos|behandel|therap|medical|complaint|treat", re.IGNORECASE)


def steps() -> list[dict[str, str]]:
    with STEPS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_there_are_54_steps_numbered_in_order() -> None:
    assert [int(step["nr"]) for step in steps()] == list(range(1, 55))


def test_every_step_has_an_owner_among_those_involved() -> None:
    """R65."""
    for step in steps():
        involved = set(step["roles"].split())
        assert involved <= ROLES
        assert step["owner"] in involved, step["nr"]


def test_weeks_are_possible() -> None:
    for step in steps():
        first, last = int(step["week_from"]), int(step["week_until"] or 104)
        assert 1 <= first <= last <= 104, step["nr"]
        assert step["before"] == "false" or first < last


def test_every_week_of_the_rule_has_a_step_that_is_due() -> None:
    """R65."""
    due = {int(step["week_until"]) for step in steps() if step["week_until"]}
    assert {6, 8, 42, 52, 58, 67, 88, 91, 93, 95, 101, 104} <= due


def test_recurring_and_event_steps() -> None:
    assert {step["nr"]: step["recurs_weeks"] for step in steps() if step["recurs_weeks"]} == {
        "19": "4",
        "20": "4",
        "21": "13",
    }
    assert {int(step["nr"]) for step in steps() if step["on_event"] == "true"} == {22, 23, 24, 51, 52, 53, 54}


def test_steps_that_would_reveal_health_stay_on_the_care_side() -> None:
    care_only = {int(step["nr"]) for step in steps() if step["care_only"] == "true"}
    assert {9, 10, 12} <= care_only
    for step in steps():
        shared = bool(set(step["roles"].split()) & OPEN_ROLES) and step["condition"] != "psychological"
        assert (step["care_only"] == "false") == shared, step["nr"]


def test_titles_on_the_open_side_do_not_tell_of_health() -> None:
    for step in steps():
        assert step["title_nl"]
        assert step["title_en"]
        if step["care_only"] == "false":
            assert not TELLS_OF_HEALTH.search(step["title_nl"] + step["title_en"]), step["nr"]
