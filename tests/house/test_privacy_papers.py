"""The papers for the privacy officer are held to the code: what they name is there, and so are the terms."""

import re

import pytest
from sqlalchemy import text

import schema
from core.database import Database
from tests.house.sources import ROOT

PAPERS = ("dpia.md", "processing.md", "breaches.md")
PLACE = re.compile(
    r"`((?:alembic|billing|cases|core|identity|medical|network|portal|tests|worker)/[\w./]*)(?:::(\w+))?`"
)
LINK = re.compile(r"\]\(([\w./-]+)\)")
TABLE = re.compile(r"`((?:identity|cases|billing|medical|network)\.\w+)`")


def paper(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAPERS)
def test_whatever_a_paper_names_is_there(name: str) -> None:
    """R74."""
    words = paper(name)
    files = PLACE.findall(words)
    assert [place for place, _test in files if not (ROOT / place).exists()] == []
    tests = [(place, test) for place, test in files if test]
    assert [(p, t) for p, t in tests if f"def {t}(" not in (ROOT / p).read_text(encoding="utf-8")] == []
    assert [link for link in LINK.findall(words) if not (ROOT / "docs" / link).exists()] == []
    known = {table.fullname for table in schema.metadata.sorted_tables}
    assert [table for table in TABLE.findall(words) if table not in known] == []
    assert len(words) > 4_000


def test_the_record_gives_the_terms_that_the_database_counts_with(database: Database) -> None:
    """R71, R74."""
    with database.owner.connect() as connection:
        found = connection.execute(text("SELECT kept, years FROM identity.retention_term"))
        terms = {row.kept: row.years for row in found}
    said = paper("processing.md")
    absences = {"absence": 2, "absence_wga": 10, "absence_zw": 5}
    assert terms == absences | {"medical": 20, "paper": 7, "invoice": 7, "log": 5, "account": 1, "person": 5}
    assert f"{terms['medical']} years after the last change" in said
    assert f"{terms['absence']} years after the end of employment; {terms['absence_zw']} (Ziektewet)" in said
    assert f"or {terms['absence_wga']} (WGA)" in said
    assert f"the reference {terms['invoice']} years after the year" in said
    assert f"{terms['log']} years at the least" in said
    assert f"{terms['paper']} years after it was judged" in said
    assert f"{terms['account']} year after the last role; the name and a random id {terms['person']} years" in said
