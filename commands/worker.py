"""`make worker`: the jobs of the queue."""

import argparse
import asyncio
from functools import partial

from commands.opening import opened
from core import metrics, tracing
from core.embedded_postgres import EmbeddedPostgres
from core.operation import state_of
from core.settings import Settings
from worker.queue import Worker
from worker.tasks import JOBS, ROUNDS


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Do the jobs of the queue."""
    with opened(settings, server) as database:
        if settings.metrics_port is not None:
            metrics.REGISTRY.register(metrics.Standing(database.pool_sizes, partial(state_of, database)))
            metrics.give_out(settings.metrics_port)
        tracing.send_to(settings.traces_url)
        asyncio.run(Worker(database, JOBS, ROUNDS).run())
