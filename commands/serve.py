"""`make serve`: both doors, in one process or in several that share a port."""

import argparse
from functools import partial

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from application import build
from commands.opening import opened
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.logs import configure
from core.settings import Settings

LONGEST_SILENCE = 60  # seconds that a process may take to read the app in, or be busy, before another takes its place


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Serve both doors."""
    with opened(settings, server) as database:
        serve(settings, database)


def serve(settings: Settings, database: Database) -> None:
    """Serve until the process is asked to stop; the log of addresses stays off, for they may hold what is sought."""
    alone = settings.processes == 1
    config = uvicorn.Config(
        build(settings, database) if alone else partial(build_one_of_several, settings, database.owner_url),
        factory=not alone,
        workers=settings.processes,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=30,
        timeout_worker_healthcheck=LONGEST_SILENCE,
    )
    if alone:
        uvicorn.Server(config).run()
    else:
        Multiprocess(config, [config.bind_socket()]).run()


def build_one_of_several(settings: Settings, owner_url: str | None) -> FastAPI:
    """Return the application in a process of its own, with connections of its own."""
    configure(settings.log_level)
    return build(settings, Database(settings, owner_url))
