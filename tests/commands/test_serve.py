"""Serving from several processes, started and stopped as an operator does."""

import time
from contextlib import closing
from pathlib import Path

import pytest

from bench.process import Running, running
from core.database import Database
from tests.conftest import SECRET


@pytest.mark.timeout(180)
def test_several_processes_serve_one_port_and_stop_together(database: Database, tmp_path: Path) -> None:
    settings = {
        "DATABASE_URL": str(database.owner_url),
        "PROVIDERBOOG_SECRET_KEY": SECRET,
        "PROVIDERBOOG_DATA_DIR": str(tmp_path),
        "PROVIDERBOOG_PROCESSES": "2",
    }
    with running("serve", **settings) as app:
        started = _children(app)
        assert [_readiness(app) for _each in range(8)] == ['{"status":"ready","search":"database"}'] * 8
    assert len(started) >= 2
    end = time.monotonic() + 10  # a tracker of the standard library ends once it sees that everybody else has
    while any(child.exists() for child in started) and time.monotonic() < end:
        time.sleep(0.1)
    assert not [child for child in started if child.exists()]


def _readiness(app: Running) -> str:
    with closing(app.connect()) as connection:
        connection.request("GET", "/readyz")
        return connection.getresponse().read().decode()


def _children(app: Running) -> list[Path]:
    known = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text(encoding="ascii")
    return [Path("/proc", child) for child in known.split()]
