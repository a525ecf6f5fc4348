"""The headers that every answer has, the cookies under their guarded names, and where a redirect may lead."""

from collections.abc import Collection
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

TWO_YEARS = 63_072_000  # seconds
STANDING = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    # The next person at this computer must not find the page with the back button.
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
FOR_TLS = (("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains"),)


def complete(headers: MutableHeaders, over_tls: bool) -> None:
    """Add the standing headers that are not there yet to an answer that was made outside of everything else."""
    for name, value in STANDING + FOR_TLS if over_tls else STANDING:
        headers.setdefault(name, value)


class SafeHeaders:
    """Adds the headers that every answer needs, where a route has not set its own; over TLS also that it stays so."""

    def __init__(self, app: ASGIApp, over_tls: bool = False) -> None:
        self.app = app
        standing = STANDING + FOR_TLS if over_tls else STANDING
        self._standing = [(name.lower().encode(), value.encode()) for name, value in standing]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in self._standing if header[0] not in there),
                ]
            await send(message)

        await self.app(scope, receive, completed)


class GuardedCookies:
    """Gives cookies the prefix `__Host-` on their way out and takes it off on their way in.

    The browser then keeps them to this host and to TLS, and nobody on a neighbouring name can set one: a cookie
    that comes without the prefix counts for nothing.
    """

    PREFIX = b"__Host-"

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under the plain names that the house uses."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def prefixed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, self._out(value) if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        headers = [(name, self._in(value) if name.lower() == b"cookie" else value) for name, value in scope["headers"]]
        await self.app({**scope, "headers": headers}, receive, prefixed)

    def _out(self, cookie: bytes) -> bytes:
        secure = b"" if b"; secure" in cookie.lower() else b"; Secure"
        return self.PREFIX + cookie + secure

    def _in(self, cookies: bytes) -> bytes:
        pairs = (pair.strip() for pair in cookies.split(b";"))
        return b"; ".join(pair.removeprefix(self.PREFIX) for pair in pairs if pair.startswith(self.PREFIX))


class SafeRedirects:
    """Lets a redirect lead within the house, or to `origins`: its own, and those with whom it works.

    Every route looks at its own target; this is the last who looks, so that one that forgets leads to the front door.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str] = ()) -> None:
        self.app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look where its answer leads."""

        async def checked(message: Message) -> None:
            if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
                headers = MutableHeaders(scope=message)
                if not self._leads_well(headers.get("location", "/")):
                    log.error("redirect_refused", route=getattr(scope.get("route"), "path", None))
                    headers["location"] = "/"
            await send(message)

        await self.app(scope, receive, checked)

    def _leads_well(self, target: str) -> bool:
        return stays_within(target) or (target.isprintable() and origin_of(target) in self._origins)


def origin_of(address: str) -> str:
    """Return the scheme, host and port of an address, or nothing where it has none."""
    try:
        place = urlsplit(address)
    except ValueError:
        return ""
    return f"{place.scheme}://{place.netloc}" if "\\" not in address else ""


def stays_within(address: str) -> bool:
    """Tell whether an address stays in this portal; a browser reads `//x` and `/\\x` as another site."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
