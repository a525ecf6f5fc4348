"""`make -s token EMAIL=...`: an API token, and nothing else."""

import argparse
import time

from sqlalchemy import text

from commands.opening import opened
from core.database import BECOME_KEEPER, Database, Door
from core.embedded_postgres import EmbeddedPostgres
from core.errors import Unavailable
from core.language import _
from core.migrations import is_current
from core.settings import Settings
from identity.roles import Role
from identity.sign_in import issue_token

PATIENCE_SECONDS = 60  # the first load of the demo takes some ten
POLL_SECONDS = 0.5
ANYBODY = text("SELECT EXISTS (SELECT FROM identity.account)")


def run(settings: Settings, options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Print an API token for an account, and nothing else; a demo that is being set up is waited for."""
    with opened(settings, server) as database:
        if database.owner_url is not None:
            wait_until_set_up(database)
        with database.transaction(Door.IDENTITY) as session:
            token = issue_token(session, options.email, Role(options.role) if options.role else None, settings)
    print(token)  # noqa: T201 -- the answer itself


def wait_until_set_up(database: Database) -> None:
    """Return when the database has accounts; raises Unavailable with what to do when that takes too long."""
    patience = PATIENCE_SECONDS if database.settings.demo else 0
    end = time.monotonic() + patience
    while not is_set_up(database):
        if time.monotonic() >= end:
            raise Unavailable(_("De database is nog niet ingericht: draai eerst make demo of make migrate."))
        time.sleep(POLL_SECONDS)


def is_set_up(database: Database) -> bool:
    """Tell whether the schema is there and somebody can sign in."""
    with database.owner.begin() as connection:
        if not is_current(connection):
            return False
        connection.execute(BECOME_KEEPER)
        return connection.execute(ANYBODY).scalar_one() is True
