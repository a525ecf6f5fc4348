"""`make demo`: everything in one process, with a network to look around in."""

import argparse

import demo.network
import demo.play
from commands.opening import opened
from commands.serve import serve
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.migrations import migrate
from core.settings import Settings
from demo.people import describe
from search.engines import engine_for
from worker.open_jobs import rebuild_index
from worker.queue import Worker
from worker.tasks import JOBS, ROUNDS


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Set everything up, load the demo network once, and serve it with a worker beside."""
    with opened(settings, server) as database:
        set_up(settings, database)
        worker = Worker(database, JOBS, ROUNDS)
        thread = worker.start_beside()
        print(describe(settings.base_url))  # noqa: T201 -- for the person at the terminal
        try:
            serve(settings, database)
        finally:
            worker.stop()
            thread.join(timeout=15)


def set_up(settings: Settings, database: Database) -> None:
    """Bring the database to the newest schema and fill it, where that was not done before."""
    migrate(database)
    if demo.network.load(database, settings):
        demo.play.play(database)
    engine = engine_for(settings)
    if not engine.is_ready() or engine.count() == 0:
        rebuild_index(database, engine)
