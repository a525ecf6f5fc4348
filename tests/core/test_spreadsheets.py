"""CSV: text stays text, whatever it begins with, and a reader gets back what was written."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets import BEGINS_A_FORMULA, BYTE_ORDER_MARK, write_csv


def read(content: bytes) -> list[list[str]]:
    written = content.decode()
    assert written.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(StringIO(written[1:], newline=""), delimiter=";"))


@pytest.mark.parametrize("text", ["=1+1", "+31", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|calc", "％", "＝1"])
def test_no_text_is_a_formula(text: str) -> None:
    """Leak L10."""
    ((cell,),) = read(write_csv(("kop",), [(text,)]))[1:]
    assert not cell.lstrip(" ").startswith(BEGINS_A_FORMULA)
    assert cell.endswith(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_a_reader_gets_back_what_was_written(text: str) -> None:
    ((cell, last),) = read(write_csv(("kop", "einde"), [(text, "x")]))[1:]
    assert last == "x"
    assert cell in (text, f"'{text}")


def test_figures_are_figures_the_dutch_way() -> None:
    rows = read(write_csv(("a", "b", "c", "d"), [(Decimal("-12.50"), 7, date(2026, 11, 22), None)]))
    assert rows[1] == ["-12,50", "7", "2026-11-22", ""]
