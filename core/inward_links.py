"""Servers that the app leans on: on this machine, or over TLS, for health data pass between them (ASVS 12.3)."""

from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SEALED = frozenset({"require", "verify-ca", "verify-full"})


def refuse_open_database(name: str, address: str) -> None:
    """Raise ValueError for a database on another machine whose address, in setting `name`, does not insist on TLS."""
    try:
        url = make_url(address)
    except ArgumentError as fault:
        raise ValueError(f"{name} reads postgresql://name:password@host:5432/database?sslmode=verify-full") from fault
    asked = url.query.get("host", url.host or "")
    hosts = [host for several in ((asked,) if isinstance(asked, str) else asked) for host in several.split(",")]
    if not all(map(_is_near, hosts)) and url.query.get("sslmode") not in SEALED:
        raise ValueError(f"{name} leads to another machine: end it with ?sslmode=verify-full")


def refuse_open_server(name: str, address: str | None) -> None:
    """Raise ValueError for a server on another machine that setting `name` wants to ask without TLS."""
    place = urlsplit(address or "https://")
    if place.scheme != "https" and place.hostname not in LOOPBACK:
        raise ValueError(f"{name} begins with https:// unless it stays on this machine")


def _is_near(host: str) -> bool:
    """Tell whether a host, with its port or without, is this machine: loopback, a socket, or none at all."""
    return host in LOOPBACK or host.split(":")[0] in LOOPBACK or not host or host.startswith("/")
