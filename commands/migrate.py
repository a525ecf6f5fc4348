"""`make migrate`: the newest schema."""

import argparse

from commands.opening import opened
from core.embedded_postgres import EmbeddedPostgres
from core.migrations import migrate
from core.settings import Settings


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Bring the database to the newest schema."""
    with opened(settings, server) as database:
        migrate(database)
