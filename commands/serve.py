"""`make serve`: both doors, in one process or in several that share a port."""

import argparse
from functools import partial

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from application import build
from commands.opening import opened
from core import metrics, tracing
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.logs import configure
from core.operation import state_of
from core.settings import Settings

LONGEST_SILENCE = 60  # seconds that a process may take to read the app in, or be busy, before another takes its place
FINISH_SECONDS = 10  # that requests in flight get when the process is asked to stop


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Serve both doors."""
    with opened(settings, server) as database:
        serve(settings, database)


def serve(settings: Settings, database: Database) -> None:
    """Serve until the process is asked to stop; the log of addresses stays off, for they may hold what is sought."""
    alone = settings.processes == 1
    config = uvicorn.Config(
        build_watched(settings, database) if alone else partial(build_one_of_several, settings, database.owner_url),
        factory=not alone,
        workers=settings.processes,
        host=settings.host,
        port=settings.port,
        access_log=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=FINISH_SECONDS,
        timeout_keep_alive=30,
        timeout_worker_healthcheck=LONGEST_SILENCE,
    )
    if alone:
        uvicorn.Server(config).run()
    else:
        Multiprocess(config, [config.bind_socket()]).run()


def build_watched(settings: Settings, database: Database) -> FastAPI:
    """Return the application of this process, seen by Prometheus and OpenTelemetry where the settings ask for it."""
    if settings.metrics_port is not None:
        metrics.REGISTRY.register(metrics.Standing(database.pool_sizes, partial(state_of, database)))
        metrics.give_out(settings.metrics_port)
    tracing.send_to(settings.traces_url)
    return build(settings, database)


def build_one_of_several(settings: Settings, owner_url: str | None) -> FastAPI:
    """Return the application in a process of its own, with connections of its own."""
    configure(settings.log_level)
    return build_watched(settings, Database(settings, owner_url))
