"""The documents say what the code does."""

from identity.policy_page import policy_page
from tests.house.sources import ROOT


def test_roles_page_is_made_of_the_policy() -> None:
    assert (ROOT / "docs" / "roles.md").read_text(encoding="utf-8") == policy_page(), "run: make docs"


def test_every_decision_is_on_the_list() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    decisions = [file.name for file in (ROOT / "docs" / "adr").glob("0*.md")]
    assert decisions
    assert [name for name in decisions if name not in listed] == []
