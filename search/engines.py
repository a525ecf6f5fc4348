"""Which engine answers: the embedded one below the data directory; one for each process, whoever asks for it."""

from functools import cache
from pathlib import Path
from typing import Any, Protocol

from core.settings import Settings
from search.embedded.engine import TantivyEngine
from search.gateway import SearchEngine


class Asked(Protocol):
    """What a door has in hand: a request, which knows the app that serves it."""

    @property
    def app(self) -> Any:
        """The app, on whose state the engine stands."""


def engine_for(settings: Settings) -> SearchEngine:
    """Return the search engine that the settings name."""
    return _embedded(settings.data_dir.absolute() / "search")


def engine_of(request: Asked) -> SearchEngine:
    """Return the search engine of the app that serves this request."""
    found: SearchEngine = request.app.state.search
    return found


@cache
def _embedded(folder: Path) -> TantivyEngine:
    return TantivyEngine(folder)
