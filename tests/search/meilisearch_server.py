"""The Meilisearch server that the settings name, for tests: each gets indexes of a name of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from core.settings import Settings
from search.remote.engine import MeilisearchEngine
from search.remote.server import Server

NO_SERVER = "Meilisearch: MEILISEARCH_URL names no server; `make test-meilisearch` runs these against the one it names"


def server() -> Server:
    """Return the server that the settings name; skip the test when they name none."""
    settings = Settings(secret_key=SecretStr("x" * 32))
    if not settings.meilisearch_url:
        pytest.skip(NO_SERVER)
    key = settings.meilisearch_api_key
    return Server(settings.meilisearch_url, key.get_secret_value() if key else "")


@contextmanager
def remote_engine(_folder: Path) -> Iterator[MeilisearchEngine]:
    """Make an engine on the server, and remove its indexes afterwards."""
    there, name = server(), f"test{uuid4().hex}"
    try:
        yield MeilisearchEngine(there.url, there.api_key, name)
    finally:
        there.remove(one for one in there.versions() if one.startswith(f"{name}-"))
