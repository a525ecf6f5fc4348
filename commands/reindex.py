"""`make reindex`: the search index anew."""

import argparse
import sys

from commands.opening import opened
from core.embedded_postgres import EmbeddedPostgres
from core.settings import Settings
from search.engines import engine_for
from worker.open_jobs import rebuild_index


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Build the search index anew beside the one that serves; after an interruption, go on from there."""
    with opened(settings, server) as database:
        engine = engine_for(settings)
        if engine.unfinished():
            sys.stderr.write("Going on where the last time stopped.\n")
        count = rebuild_index(database, engine, lambda read: sys.stderr.write(f"{read} offerings read\n"))
        print(f"{count} offerings indexed")  # noqa: T201 -- for the person at the terminal
