"""The page of the ASVS is whole, and what it names exists."""

import ast
import re
from importlib.metadata import distributions

from tests.house.sources import ROOT
from tests.house.test_rules_page import within

ASKED: dict[str, tuple[int, ...]] = {
    "1.1": (1, 2),
    "1.2": (1, 2, 3, 4, 5, 6, 7, 8, 9),
    "1.3": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    "1.4": (1, 2, 3),
    "1.5": (1, 2),
    "2.1": (1, 2, 3),
    "2.2": (1, 2, 3),
    "2.3": (1, 2, 3, 4),
    "2.4": (1,),
    "3.2": (1, 2),
    "3.3": (1, 2, 3, 4),
    "3.4": (1, 2, 3, 4, 5, 6),
    "3.5": (1, 2, 3, 4, 5),
    "3.7": (1, 2),
    "4.1": (1, 2, 3),
    "4.2": (1,),
    "4.3": (1, 2),
    "4.4": (1, 2, 3, 4),
    "5.1": (1,),
    "5.2": (1, 2, 3),
    "5.3": (1, 2),
    "5.4": (1, 2, 3),
    "6.1": (1, 2, 3),
    "6.2": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    "6.3": (1, 2, 3, 4),
    "6.4": (1, 2, 3, 4),
    "6.5": (1, 2, 3, 4, 5),
    "6.6": (1, 2, 3),
    "6.8": (1, 2, 3, 4),
    "7.1": (1, 2, 3),
    "7.2": (1, 2, 3, 4),
    "7.3": (1, 2),
    "7.4": (1, 2, 3, 4, 5),
    "7.5": (1, 2),
    "7.6": (1, 2),
    "8.1": (1, 2, 3, 4),
    "8.2": (1, 2, 3, 4),
    "8.3": (1, 2, 3),
    "8.4": (1, 2),
    "9.1": (1, 2, 3),
    "9.2": (1, 2, 3, 4),
    "10.1": (1, 2),
    "10.2": (1, 2),
    "10.3": (1, 2, 3, 4),
    "10.4": (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    "10.5": (1, 2, 3, 4, 5),
    "10.6": (1, 2),
    "10.7": (1, 2, 3),
    "11.1": (1, 2),
    "11.2": (1, 2, 3),
    "11.3": (1, 2, 3),
    "11.4": (1, 2, 3, 4),
    "11.5": (1,),
    "11.6": (1,),
    "12.1": (1, 2, 3),
    "12.2": (1, 2),
    "12.3": (1, 2, 3, 4),
    "13.1": (1,),
    "13.2": (1, 2, 3, 4, 5),
    "13.3": (1, 2),
    "13.4": (1, 2, 3, 4, 5),
    "14.1": (1, 2),
    "14.2": (1, 2, 3, 4, 5, 6, 7, 8),
    "14.3": (1, 2, 3),
    "15.1": (1, 2, 3),
    "15.2": (1, 2, 3),
    "15.3": (1, 2, 3, 4, 5, 6, 7),
    "16.1": (1,),
    "16.2": (1, 2, 3, 4, 5),
    "16.3": (1, 2, 3, 4),
    "16.4": (1, 2, 3),
    "16.5": (1, 2, 3),
    "17.1": (1,),
    "17.2": (1, 2, 3, 4),
    "17.3": (1, 2),
}  # fmt: skip
"""The requirements of version 5.0.0 at level 2, and at level 3 in chapters 8 and 14: section and numbers."""

PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"\b(\d{1,2}\.\d{1,2}\.\d{1,2})\b(?! \(OWASP)")
PATH = re.compile(r"`([\w./-]+/[\w./-]+\.\w+|[\w-]+\.(?:py|toml|lock))(::\w+)?`")


def test_every_requirement_stands_on_the_page_once() -> None:
    said = NUMBER.findall(PAGE.partition("## V1 ")[2])
    wanted = [f"{section}.{number}" for section, numbers in ASKED.items() for number in numbers]
    assert sorted(set(wanted) - set(said)) == []
    assert sorted(set(said) - set(wanted)) == []
    assert len(said) == len(set(said))


def test_every_file_and_test_that_it_names_is_there() -> None:
    found = PATH.findall(PAGE)
    assert len(found) > 100
    for name, test in found:
        file = ROOT / name
        assert file.is_file(), name
        if test:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            assert f"{name}{test}" in {node for node, _tree in within(tree, name)}, f"{name}{test}"


def test_each_row_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) > 90
    assert [row for row in rows if "`tests/" not in row] == []


def test_every_decision_that_it_names_is_there() -> None:
    named = set(re.findall(r"\b00\d\d\b", PAGE))
    there = {file.name[:4] for file in (ROOT / "docs" / "adr").glob("0*.md")}
    assert named
    assert named - there == set()


def test_the_lock_names_what_is_installed() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {name.lower() for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    needed = {"fastapi", "sqlalchemy", "cryptography", "uvicorn", "pydantic"}
    assert needed <= locked
    assert needed <= {each.name.lower() for each in distributions()}
