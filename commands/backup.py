"""`make backup`: the whole database in one sealed file, proven by restoring it into a fresh server."""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.opening import DATABASE_NAME, create_database, opened
from commands.proving import prove_all
from core import backup
from core.clock import now
from core.database import Database
from core.embedded_postgres import EmbeddedPostgres
from core.errors import Unavailable
from core.language import _
from core.migrations import migrate
from core.settings import Settings


def run(settings: Settings, options: argparse.Namespace, server: EmbeddedPostgres | None) -> None:
    """Make a backup in the folder that was named, restore it elsewhere, and see that the copy is whole."""
    key = settings.backup_key_bytes
    if key is None:
        raise Unavailable(_("Stel PROVIDERBOOG_BACKUP_KEY in: zonder sleutel wordt er geen back-up gemaakt."))
    folder = options.folder or settings.data_dir / "backups"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    began = time.monotonic()
    with opened(settings, server) as database:
        made = backup.make(database.owner, key, folder / f"providerboog-{now():%Y%m%d-%H%M%S}.backup")
        if not options.quick:
            try_out(settings, key, made.file)
        backup.note(database.owner, made, time.monotonic() - began, verified=not options.quick)
    print(f"{made.file} {made.bytes} bytes{'' if options.quick else ', restored and proven'}")  # noqa: T201 -- the answer


def try_out(settings: Settings, key: bytes, file: Path) -> None:
    """Restore a backup into a server of its own, prove every chain in it, and throw it away."""
    with TemporaryDirectory(prefix="restore-") as name:
        elsewhere = EmbeddedPostgres(Path(name), durable=False)
        elsewhere.start()
        try:
            create_database(elsewhere)
            copy = Database(settings, elsewhere.url(DATABASE_NAME, "postgres"))
            backup.restore(copy.owner, key, file)
            migrate(copy)
            prove_all(copy)
            copy.dispose()
        finally:
            elsewhere.stop()
            elsewhere.erase()
