"""A backup is made while people work, and comes back elsewhere as it was, with every chain and every sum."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from commands.opening import DATABASE_NAME, create_database
from commands.proving import prove_all
from core import backup
from core.backup import RestoreFailed
from core.backup_file import DamagedBackup
from core.database import Database, Door
from core.embedded_postgres import EmbeddedPostgres
from core.migrations import migrate
from tests.billing.office import Office
from tests.world import World
from worker.open_jobs import seal_audit

KEY = bytes(range(32))


@pytest.fixture
def elsewhere(tmp_path: Path, database: Database) -> Iterator[Database]:
    """A fresh server that has never heard of us."""
    server = EmbeddedPostgres(tmp_path / "server", durable=False)
    server.start()
    create_database(server)
    made = Database(database.settings, server.url(DATABASE_NAME, "postgres"))
    yield made
    made.dispose()
    server.stop()
    server.erase()


def prepared(office: Office) -> None:
    """Let there be a case, and have the trail of it sealed."""
    office.sick(office.employer("Bakkerij Zonneveld"))
    seal_audit(office.world.database)


@pytest.mark.timeout(280)
def test_there_and_back(office: Office, elsewhere: Database, tmp_path: Path) -> None:
    prepared(office)
    source, file = office.world.database, tmp_path / "one.backup"
    made = backup.make(source.owner, KEY, file)
    assert file.stat().st_size == made.bytes
    assert file.stat().st_mode & 0o077 == 0
    assert b"Zonneveld" not in file.read_bytes()

    broken = tmp_path / "broken.backup"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    with pytest.raises(DamagedBackup, match="damaged in piece"):
        backup.restore(elsewhere.owner, KEY, broken)
    with elsewhere.owner.connect() as connection:  # which changed nothing
        assert not connection.execute(backup.FULL).scalar_one()

    facts = backup.restore(elsewhere.owner, KEY, file)
    assert facts == made.facts
    assert facts["rows"]['"cases"."absence_case"'] > 0
    assert facts["chains"]
    migrate(elsewhere)  # the doors get the passwords of this installation
    assert prove_all(elsewhere) == prove_all(source)
    with elsewhere.transaction(Door.OPEN) as session:  # and the wall stands there too
        assert session.execute(text("SELECT count(*) FROM pg_policies WHERE schemaname = 'medical'")).scalar_one() > 20
    with pytest.raises(RestoreFailed, match="not empty"):
        backup.restore(elsewhere.owner, KEY, file)


def test_what_came_out_is_held_against_what_went_in(
    office: Office, elsewhere: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(office)
    source, file = office.world.database, tmp_path / "one.backup"
    true_facts = backup.facts_of

    def one_more(connection: object) -> backup.Facts:
        return true_facts(connection) | {"ledger": [["x", "y", 1]]}  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "facts_of", one_more)
    backup.make(source.owner, KEY, file)
    monkeypatch.setattr(backup, "facts_of", true_facts)
    with pytest.raises(RestoreFailed, match="ledger"):
        backup.restore(elsewhere.owner, KEY, file)


def test_a_backup_is_written_down(world: World, tmp_path: Path) -> None:
    made = backup.Made(tmp_path / "x", 1234, {})
    backup.note(world.database.owner, made, 1.5, verified=True)
    with world.database.owner.connect() as connection:
        age = connection.execute(text("SELECT backup_age_seconds FROM app.operation_state()")).scalar_one()
    assert 0 <= age < 60
