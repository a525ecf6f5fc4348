"""The composition root and the command line: starts what a command needs, and the command. Nobody imports it."""

import argparse
import gc
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from pydantic import ValidationError

from commands import COMMANDS, WITHOUT_DATABASE
from core.backup import RestoreFailed
from core.backup_file import DamagedBackup
from core.embedded_postgres import EmbeddedPostgres
from core.errors import Refusal
from core.logs import configure
from core.postgres_place import EmbeddedPostgresError
from core.settings import Settings, demo_settings, has_demo
from identity.roles import Role

OF_THE_DEMO = frozenset({"token", "reindex", "audit-verify", "backup", "restore", "rotate-keys"})
"""What works on the demo network without anything being set, where there is one."""

Run = Callable[[Settings, argparse.Namespace, EmbeddedPostgres | None], None]


def run(settings: Settings, options: argparse.Namespace) -> None:
    """Run a command, on the embedded server unless the settings name another; its last user stops it."""
    if options.command in WITHOUT_DATABASE or settings.database_url or settings.database_care_url:
        read_in(options.command)(settings, options, None)
        return
    server = EmbeddedPostgres(settings.data_dir)
    try:
        with ThreadPoolExecutor(max_workers=1) as beside:  # both take a while, and neither waits for the other
            starting = beside.submit(server.start)
            command = read_in(options.command)
        starting.result()
        command(settings, options, server)
    finally:
        server.stop()


def read_in(command: str) -> Run:
    """Import a command with all that it needs, none of which ever becomes garbage to look for."""
    gc.disable()
    found: Run = import_module(f"commands.{command.replace('-', '_')}").run
    gc.freeze()
    gc.enable()
    return found


def parser() -> argparse.ArgumentParser:
    """Return what the command line understands."""
    made = argparse.ArgumentParser(prog="providerboog", description="The provider network of occupational health.")
    commands = made.add_subparsers(dest="command", required=True)
    for name, sentence in COMMANDS.items():
        each = commands.add_parser(name, help=sentence)
        if name == "token":
            each.add_argument("email")
            each.add_argument("--role", choices=[role.value for role in Role if role != Role.SYSTEM])
        if name == "audit-verify":
            each.add_argument("anchors", nargs="*", help="files of anchors that were kept elsewhere")
        if name == "rotate-keys":
            each.add_argument("--new-tenant-keys", action="store_true", help="give each tenant a new key as well")
        if name == "backup":
            each.add_argument("folder", nargs="?", type=Path, help="where the file goes; the data directory by default")
            each.add_argument("--quick", action="store_true", help="do not try the backup by a restore")
        if name == "restore":
            each.add_argument("file", type=Path)
    return made


def settings_for(command: str) -> Settings:
    """Return the settings; tokens and the index of a demo network belong to the demo, without anything being set."""
    of_the_demo = command == "demo" or (command in OF_THE_DEMO and has_demo())
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
        run(settings, options)
    except ValidationError as fault:
        for error in fault.errors():
            print(f"settings: {error['msg']}", file=sys.stderr)  # noqa: T201 -- for the person at the terminal
        return 2
    except (Refusal, EmbeddedPostgresError, DamagedBackup, RestoreFailed) as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 -- for the person at the terminal
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
