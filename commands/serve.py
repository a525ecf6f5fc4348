"""`make serve`: both doors."""

import argparse

import uvicorn

from application import build
from commands.opening import opened
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.settings import Settings


def run(settings: Settings, _options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Serve both doors."""
    with opened(settings, server) as database:
        serve(settings, database)


def serve(settings: Settings, database: Database) -> None:
    """Serve until the process is asked to stop; the log of addresses stays off, for they may hold what is sought."""
    uvicorn.run(
        build(settings, database),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=30,
    )
