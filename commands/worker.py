"""`make worker`: the jobs of the queue."""

import argparse
import asyncio

from commands.opening import opened
from core.embedded_postgres import EmbeddedPostgres
from core.settings import Settings
from worker.queue import Worker
from worker.tasks import JOBS, ROUNDS


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Do the jobs of the queue."""
    with opened(settings, server) as database:
        asyncio.run(Worker(database, JOBS, ROUNDS).run())
