"""Whether this process can serve now: every door of the database, the schema of this code, and not on its way out."""

import time
from collections.abc import Callable
from threading import Lock, Thread

import psycopg

from core.database import Database, Door
from core.migrations import newest

CHECK_SECONDS = 2  # for connecting, and for answering
LASTS = 1.0  # seconds that an answer is kept, so that asking often costs nothing
SEARCH_SECONDS = 0.5  # that the search engine gets to say whether it is there
DOORS = (Door.IDENTITY, Door.OPEN, Door.CARE, Door.SYSTEM_OPEN)
VERSION = "SELECT version_num FROM app.alembic_version"


class Readiness:
    """Asks by connections of its own: whether the pools are busy is another question, to which the gate answers."""

    def __init__(self, database: Database, has_index: Callable[[], bool]) -> None:
        self._database, self._has_index = database, has_index
        self._searches = False
        self._asking: Thread | None = None
        self._lock = Lock()
        self._known: tuple[float, str | None] | None = None
        self.leaving = False

    def waits_for(self) -> str | None:
        """Return what is missing before requests can be served: "shutdown", "database" or "schema"; None for nothing.

        A schema newer than this code is fine: while versions are rolled out the old one serves beside the new.
        """
        if self.leaving:
            return "shutdown"
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > LASTS:
                self._known = time.monotonic(), self._look()
            return self._known[1]

    def searches(self) -> bool:
        """Tell whether search has its index; an engine that takes its time to say so counts as it last was."""
        if self._asking is None or not self._asking.is_alive():
            self._asking = Thread(target=self._ask_search, daemon=True)
            self._asking.start()
        self._asking.join(SEARCH_SECONDS)
        return self._searches

    def _ask_search(self) -> None:
        self._searches = False if self.leaving else self._has_index()

    def _look(self) -> str | None:
        try:
            versions = [self._ask(door) for door in DOORS]
        except psycopg.Error:
            return "database"
        return None if min(versions) >= newest() else "schema"

    def _ask(self, door: Door) -> str:
        """Go through a door as a request would, and return the version of the schema that stands behind it."""
        url = self._database.url(door).set(drivername="postgresql").render_as_string(hide_password=False)
        limits = f"-c statement_timeout={CHECK_SECONDS * 1000}"
        with psycopg.connect(url, connect_timeout=CHECK_SECONDS, options=limits, autocommit=True) as connection:
            row = connection.execute(VERSION).fetchone()
        return str(row[0]) if row else ""
