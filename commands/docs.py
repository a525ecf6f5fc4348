"""`make docs`: the page of who may do what."""

import argparse

from core.embedded_postgres import EmbeddedPostgres
from core.settings import ROOT, Settings
from identity.policy_page import policy_page


def run(_settings: Settings, _options: argparse.Namespace, _server: EmbeddedPostgres | None) -> None:
    """Write the page of who may do what."""
    (ROOT / "docs" / "roles.md").write_text(policy_page(), encoding="utf-8")
