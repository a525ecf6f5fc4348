"""`make demo`: everything in one process, with a network to look around in."""

import argparse
from datetime import datetime, time, timedelta

import demo.network
import demo.play
from commands.opening import opened
from commands.serve import serve
from core.clock import AMSTERDAM, standing_at, today
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.migrations import migrate
from core.settings import Settings
from demo.people import describe
from search.engines import engine_for
from worker.audit_jobs import anchor_audit
from worker.open_jobs import rebuild_index, seal_audit
from worker.queue import Worker
from worker.reminder_jobs import remind_everybody
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
        for morning in last_mornings():  # so that the mailbox has something to show, on whatever day it is
            with standing_at(morning):
                remind_everybody(database)
        seal_audit(database)
        anchor_audit(database)  # what the first night would do
    engine = engine_for(settings)
    if not engine.is_ready() or engine.count() == 0:
        rebuild_index(database, engine)


def last_mornings() -> list[datetime]:
    """Return eight o'clock on each day of the last week, today included."""
    days = (today() - timedelta(days=ago) for ago in reversed(range(7)))
    return [datetime.combine(day, time(8), AMSTERDAM) for day in days]
