"""The composition root and the command line: puts the rooms together and starts them. Nobody imports it."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from pydantic import ValidationError
from sqlalchemy import create_engine, text

import demo.network
import demo.play
from application import build
from core.database import Database, Door
from core.embedded_postgres import EmbeddedPostgres
from core.errors import Refusal
from core.logs import configure
from core.migrations import migrate
from core.postgres_place import EmbeddedPostgresError
from core.settings import ROOT, Settings, demo_settings, has_demo
from demo.people import describe
from identity.policy_page import policy_page
from identity.roles import Role
from identity.sign_in import issue_token
from search.engines import engine_for
from worker.open_jobs import rebuild_index
from worker.queue import Worker
from worker.tasks import JOBS, ROUNDS

DATABASE_NAME = "providerboog"


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Yield the database that the settings name, or the embedded one, which is stopped by its last user."""
    if settings.database_url is not None or settings.database_care_url is not None:
        owner = settings.database_url.get_secret_value() if settings.database_url else None
        with closing_after(Database(settings, owner)) as database:
            yield database
        return
    server = EmbeddedPostgres(settings.data_dir)
    server.start()
    try:
        create_database(server)
        with closing_after(Database(settings, server.url(DATABASE_NAME, "postgres"))) as database:
            yield database
    finally:
        server.stop()


@contextmanager
def closing_after(database: Database) -> Iterator[Database]:
    """Close every connection when the block ends, however it ends."""
    try:
        yield database
    finally:
        database.dispose()


def create_database(server: EmbeddedPostgres) -> None:
    """Create the database in the embedded server when it is not there yet."""
    engine = create_engine(server.url("postgres", "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": DATABASE_NAME})
        if found.scalar() is None:
            connection.execute(text(f'CREATE DATABASE "{DATABASE_NAME}"'))
    engine.dispose()


def run_demo(settings: Settings, _options: argparse.Namespace) -> None:
    """Set everything up, load the demo network once, and serve it with a worker beside."""
    with opened(settings) as database:
        migrate(database)
        if demo.network.load(database, settings):
            demo.play.play(database)
        engine = engine_for(settings)
        if not engine.is_ready() or engine.count() == 0:
            rebuild_index(database, engine)
        worker = Worker(database, JOBS, ROUNDS)
        thread = worker.start_beside()
        print(describe(settings.base_url))  # noqa: T201 -- for the person at the terminal
        try:
            serve(settings, database)
        finally:
            worker.stop()
            thread.join(timeout=15)


def run_serve(settings: Settings, _options: argparse.Namespace) -> None:
    """Serve both doors."""
    with opened(settings) as database:
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


def run_worker(settings: Settings, _options: argparse.Namespace) -> None:
    """Do the jobs of the queue."""
    with opened(settings) as database:
        asyncio.run(Worker(database, JOBS, ROUNDS).run())


def run_migrate(settings: Settings, _options: argparse.Namespace) -> None:
    """Bring the database to the newest schema."""
    with opened(settings) as database:
        migrate(database)


def run_reindex(settings: Settings, _options: argparse.Namespace) -> None:
    """Build the search index anew beside the one that serves; after an interruption, go on from there."""
    with opened(settings) as database:
        engine = engine_for(settings)
        if engine.unfinished():
            sys.stderr.write("Going on where the last time stopped.\n")
        count = rebuild_index(database, engine, lambda read: sys.stderr.write(f"{read} offerings read\n"))
        print(f"{count} offerings indexed")  # noqa: T201 -- for the person at the terminal


def run_docs(_settings: Settings, _options: argparse.Namespace) -> None:
    """Write the page of who may do what."""
    (ROOT / "docs" / "roles.md").write_text(policy_page(), encoding="utf-8")


def run_token(settings: Settings, options: argparse.Namespace) -> None:
    """Print an API token for an account, and nothing else."""
    with opened(settings) as database, database.transaction(Door.IDENTITY) as session:
        session.execute(text("SELECT set_config('role', :role, true)"), {"role": Door.IDENTITY.role})
        token = issue_token(session, options.email, Role(options.role) if options.role else None, settings)
    print(token)  # noqa: T201 -- the answer itself


COMMANDS = {
    "demo": run_demo,
    "serve": run_serve,
    "worker": run_worker,
    "migrate": run_migrate,
    "reindex": run_reindex,
    "token": run_token,
    "docs": run_docs,
}


def parser() -> argparse.ArgumentParser:
    """Return what the command line understands."""
    made = argparse.ArgumentParser(prog="providerboog", description="The provider network of occupational health.")
    commands = made.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        each = commands.add_parser(name, help=command.__doc__)
        if name == "token":
            each.add_argument("email")
            each.add_argument("--role", choices=[role.value for role in Role if role != Role.SYSTEM])
    return made


def settings_for(command: str) -> Settings:
    """Return the settings; tokens and the index of a demo network belong to the demo, without anything being set."""
    of_the_demo = command == "demo" or (command in ("token", "reindex") and has_demo())
    if command == "docs":
        return Settings(demo=True)
    return demo_settings() if of_the_demo else Settings()


def main() -> int:
    """Run one command and return its exit status; what is wrong is said in one line."""
    options = parser().parse_args()
    # Asked to stop, leave through the same doors as after Ctrl-C, so that the embedded server is stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        settings = settings_for(options.command)
        configure(settings.log_level)
        COMMANDS[options.command](settings, options)
    except ValidationError as fault:
        for error in fault.errors():
            print(f"settings: {error['msg']}", file=sys.stderr)  # noqa: T201 -- for the person at the terminal
        return 2
    except (Refusal, EmbeddedPostgresError) as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 -- for the person at the terminal
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
