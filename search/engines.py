"""Which engine answers: Meilisearch where a setting names its server, else the embedded one below the data directory.

There is one for each process, whoever asks for it.
"""

from functools import cache
from pathlib import Path
from typing import Any, Protocol

from core.settings import Settings
from search.embedded.engine import TantivyEngine
from search.gateway import SearchEngine
from search.remote.engine import MeilisearchEngine


class Asked(Protocol):
    """What a door has in hand: a request, which knows the app that serves it."""

    @property
    def app(self) -> Any:
        """The app, on whose state the engine stands."""


def engine_for(settings: Settings) -> SearchEngine:
    """Return the search engine that the settings name."""
    if not settings.meilisearch_url:
        return _embedded(settings.data_dir.absolute() / "search")
    key = settings.meilisearch_api_key
    return _remote(settings.meilisearch_url, key.get_secret_value() if key else "", settings.meilisearch_index)


def engine_of(request: Asked) -> SearchEngine:
    """Return the search engine of the app that serves this request."""
    found: SearchEngine = request.app.state.search
    return found


@cache
def _embedded(folder: Path) -> TantivyEngine:
    return TantivyEngine(folder)


@cache
def _remote(url: str, api_key: str, index: str) -> MeilisearchEngine:
    return MeilisearchEngine(url, api_key, index)
