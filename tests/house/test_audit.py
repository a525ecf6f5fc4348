"""Every use case of the medical room leaves an event in the audit trail, reading too (DESIGN 5, R68).

A count leaves none: a number tells of nobody, and it stands in the menu of every page.
"""

import ast

from tests.house.sources import ROOT, Function, functions

RECORDING = {"record", "record_all", "record_list"}
PURE = {"possible_actions"}
"""Functions that take an actor and touch no data."""


def called_by(function: Function) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {
        call.id if isinstance(call, ast.Name) else call.attr
        for call in calls
        if isinstance(call, ast.Name | ast.Attribute)
    }


def is_use_case(function: Function) -> bool:
    names = [argument.arg for argument in function.args.args]
    return names[:2] == ["session", "actor"] and not function.name.startswith("_")


def is_count(function: Function) -> bool:
    returned = function.returns
    return function.name.startswith("count_") and isinstance(returned, ast.Name) and returned.id == "int"


def test_every_medical_use_case_records() -> None:
    """R68."""
    medical = [f for file, f in functions() if file.is_relative_to(ROOT / "medical")]
    records = {f.name for f in medical if called_by(f) & RECORDING}
    while more := {f.name for f in medical if f.name not in records and called_by(f) & records}:
        records |= more
    use_cases = {f.name for f in medical if is_use_case(f)} - PURE
    counts = {f.name for f in medical if is_use_case(f) and is_count(f)}
    assert len(use_cases - counts) > 15
    assert use_cases - records == counts


def test_a_menu_is_drawn_from_counts_alone() -> None:
    """No navigation reads a list of the medical room, for it is drawn on every page."""
    menus = [(file, f) for file, f in functions() if file.name == "navigation.py" and "care" in file.parts]
    called = {name for _file, menu in menus for name in called_by(menu)}
    medical = {f.name for file, f in functions() if file.is_relative_to(ROOT / "medical") and is_use_case(f)}
    assert menus
    assert called & medical
    assert [name for name in sorted(called & medical) if not name.startswith("count_")] == []
