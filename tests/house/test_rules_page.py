"""The page of the rules is held to the code: its files name the rule, and its tests are those that name it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from tests.house.sources import ROOT

RULES = range(1, 77)
NAME = re.compile(r"\bR(\d{1,2})\b(?:\s?-\s?R(\d{1,2})\b)?")  # R24, or R23-R26
ENTRY = re.compile(r"^- \*\*R(\d+)\*\* (.+?)(?=^- \*\*R|^#|\Z)", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")

Node = ast.Module | ast.ClassDef | ast.FunctionDef


def rules_in(words: str | None) -> set[int]:
    """Return the rules that are named, those within a range too."""
    found = NAME.findall(words or "")
    return {rule for first, last in found for rule in range(int(first), int(last or first) + 1)}


@cache
def page() -> tuple[tuple[str, str], ...]:
    """Return every entry of the page: the number of its rule, and what it says."""
    return tuple(ENTRY.findall((ROOT / "docs" / "rules.md").read_text(encoding="utf-8")))


def entry(rule: int) -> str:
    """Return what the page says of a rule."""
    return dict(page())[str(rule)]


def kept_in(rule: int) -> set[str]:
    """Return the files that keep a rule, as its entry says."""
    return {name for name in CODE.findall(entry(rule)) if "::" not in name}


def held_by(rule: int) -> set[str]:
    """Return the tests that hold a rule, as its entry says."""
    return {name for name in CODE.findall(entry(rule)) if "::" in name}


def within(node: Node, name: str) -> Iterator[tuple[str, Node]]:
    """Yield a file of tests, its classes and its tests, each under the name by which it is run."""
    yield name, node
    for child in [] if isinstance(node, ast.FunctionDef) else node.body:
        if isinstance(child, ast.ClassDef) or (isinstance(child, ast.FunctionDef) and child.name.startswith("test_")):
            yield from within(child, f"{name}::{child.name}")


@cache
def naming() -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Return for each rule the tests whose docstring names it, and the files and classes whose docstring does."""
    tests: defaultdict[int, set[str]] = defaultdict(set)
    around: defaultdict[int, set[str]] = defaultdict(set)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, node in within(ast.parse(file.read_text(encoding="utf-8")), file.relative_to(ROOT).as_posix()):
            for rule in rules_in(ast.get_docstring(node)):
                (tests if isinstance(node, ast.FunctionDef) else around)[rule].add(name)
    return tests, around


def test_every_rule_has_its_entry() -> None:
    assert [int(rule) for rule, _said in page()] == list(RULES)


def test_a_rule_is_kept_and_held_or_said_to_be_missing() -> None:
    assert [rule for rule in RULES if bool(kept_in(rule)) != bool(held_by(rule))] == []
    missing = {rule for rule in RULES if "Not built yet: " in entry(rule)}
    assert {rule for rule in RULES if not held_by(rule)} <= missing


def test_every_file_that_keeps_a_rule_names_it() -> None:
    silent = [
        (rule, name)
        for rule in RULES
        for name in sorted(kept_in(rule))
        if rule not in rules_in((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert silent == []


def test_the_tests_of_a_rule_are_those_that_name_it() -> None:
    tests, _around = naming()
    assert {rule: sorted(tests[rule] - held_by(rule)) for rule in RULES if tests[rule] - held_by(rule)} == {}
    assert {rule: sorted(held_by(rule) - tests[rule]) for rule in RULES if held_by(rule) - tests[rule]} == {}


def test_a_file_or_class_that_names_a_rule_has_a_test_of_it() -> None:
    _tests, around = naming()
    empty = [
        (rule, name)
        for rule in RULES
        for name in sorted(around[rule])
        if not any(test.startswith(f"{name}::") for test in held_by(rule))
    ]
    assert empty == []
