"""Places outside of answers where words of health could come to lie: rows, jobs, files, mail, logs, metrics, traces."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from unittest.mock import patch

import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

from core import logs, metrics, tracing
from core.clock import now, standing_at
from core.database import Database, Door
from demo.stage import Stage
from identity.actor import system
from search.indexing import FIRST, documents_after
from worker.reminder_jobs import remind_everybody, send

OPEN_TABLES = text(
    "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('medical', 'information_schema')"
    " AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1"
)
UNSENT = text("SELECT id, tenant_id FROM identity.digest WHERE sent_at IS NULL")

Place = tuple[str, str]
"""The name of a place, and all that lies there."""


def rows(database: Database) -> Iterator[Place]:
    """Yield every table outside of the medical room, whole, as its owner reads it: jobs and events too."""
    with database.owner.connect() as connection:
        for table in connection.execute(OPEN_TABLES).scalars().all():
            found = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            yield f"table {table}", "\n".join(found)


def mail(database: Database, days: Iterable[int] = range(1, 4)) -> None:
    """Let everybody be told what waits for him, as the worker does, on the working days that come."""
    for later in days:
        with standing_at(now() + timedelta(days=later)):
            remind_everybody(database)
            with database.owner.connect() as connection:
                unsent = connection.execute(UNSENT).all()
            for digest_id, tenant_id in unsent:
                send(database, digest_id=str(digest_id), tenant_id=str(tenant_id))


def files(database: Database) -> Iterator[Place]:
    """Yield every file under the data directory, by its name: mail, the index, what a gateway keeps."""
    for file in sorted(database.settings.data_dir.rglob("*")):
        if file.is_file():
            yield f"file {file.name}", f"{file}\n{file.read_bytes().decode('latin-1')}"


def index(database: Database) -> Iterator[Place]:
    """Yield every document of the index, as it would be made anew."""
    stage, found = Stage(database), ""
    for actor in {each.tenant_id: each for each in stage.actors.values()}.values():
        with stage.acting(system(actor.tenant_id), door=Door.SYSTEM_OPEN) as act:
            _last, documents = documents_after(act.session, act.actor, FIRST, 10_000)
        found += "\n".join(map(str, documents))
    yield "documents of the index", found


@dataclass
class Overheard:
    """What the process said while it was listened to."""

    log: io.StringIO = field(default_factory=io.StringIO)
    spans: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)

    def places(self) -> Iterator[Place]:
        """Yield the log, the traces and the metrics."""
        yield "log", self.log.getvalue()
        yield "traces", "\n".join(span.to_json() for span in self.spans.get_finished_spans())
        yield "metrics", metrics.exposition().decode()


@contextmanager
def overhearing() -> Iterator[Overheard]:
    """Listen to log and traces while the block runs, as they are in service."""
    heard, before = Overheard(), structlog.get_config()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(heard.spans))
    with patch("sys.stderr", heard.log), patch("logging.basicConfig"):
        logs.configure("DEBUG")
    tracing.trace_with(provider)
    try:
        yield heard
    finally:
        tracing.trace_with(None)
        structlog.configure(**before)
