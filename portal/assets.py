"""The static files: our own, and htmx where its package is installed. No page needs a script to work."""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).resolve().parent / "static"
HTMX = Path(__file__).resolve().parent.parent / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
HTMX_NAME = "vendor/htmx.min.js"
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=300"


class Assets(StaticFiles):
    """Serves `portal/static` and the one script of htmx, small over the wire.

    A file that is asked for by its version may be kept for good.
    """

    def __init__(self) -> None:
        super().__init__(directory=STATIC)
        # These files hold nothing secret, so that their size, which compression shows, gives nothing away.
        self._compressed = GZipMiddleware(super().__call__, minimum_size=500)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer compressed where the browser can read it."""
        await self._compressed(scope, receive, send)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find the file of `path`; htmx is the only one that lives elsewhere."""
        if path == HTMX_NAME and HTMX.is_file():
            return str(HTMX), HTMX.stat()
        return super().lookup_path(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, and say how long it may be kept."""
        response = await super().get_response(path, scope)
        versioned = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = FOR_GOOD if versioned else FOR_NOW
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


@cache
def asset_url(name: str) -> str:
    """Return the address of a static file with the version of its content.

    Raises FileNotFoundError when there is no such file, so that a mistyped name never reaches a page.
    """
    file = HTMX if name == HTMX_NAME else STATIC / name
    return f"/static/{name}?v={sha256(file.read_bytes()).hexdigest()[:12]}"


@cache
def script_urls() -> tuple[str, ...]:
    """Return the scripts of a page: our own, and htmx when it is there."""
    names = ("app.js", HTMX_NAME) if HTMX.is_file() else ("app.js",)
    return tuple(asset_url(name) for name in names)
