"""`make restore`: an empty database is filled from a backup, and proven to be what it was."""

import argparse

from commands.opening import opened
from commands.proving import prove_all
from core import backup
from core.embedded_postgres import EmbeddedPostgres
from core.errors import Unavailable
from core.language import _
from core.migrations import migrate
from core.settings import Settings


def run(settings: Settings, options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Restore the file that was named; a damaged one, or a database that holds something, is left as it is."""
    key = settings.backup_key_bytes
    if key is None:
        raise Unavailable(_("Stel PROVIDERBOOG_BACKUP_KEY in op de sleutel waarmee de back-up is verzegeld."))
    with opened(settings, server) as database:
        facts = backup.restore(database.owner, key, options.file)
        migrate(database)
        proven = prove_all(database)
    rows = sum(facts["rows"].values())
    print(f"{rows} rows restored, {proven} audit chains whole, ledgers as they were; now: make reindex")  # noqa: T201 -- the answer
