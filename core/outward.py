"""Calls out of the house: only where it was looked at first, within a time and a size, and never led on elsewhere.

The name is looked up once, each address that it has is judged, and the call goes to an address that was judged: a name
that points elsewhere a moment later gains nothing.
"""

import socket
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urlencode, urlsplit

SECONDS = 5.0
LARGEST = 256 * 1024
NAT64 = ip_network("64:ff9b::/96")
Address = IPv4Address | IPv6Address


class UnreachableError(Exception):
    """There is no answer that can be used; `why` is a word for the log, never what the other side said."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Outward:
    """How calls go out; with `loopback` also to this machine itself, without TLS."""

    loopback: bool = False
    seconds: float = SECONDS
    largest: int = LARGEST

    def fetch(self, address: str, form: Mapping[str, str] | None = None, authorization: str | None = None) -> bytes:
        """Return what an address answers, asked or sent a form; raises UnreachableError for all but a plain 200."""
        until = monotonic() + self.seconds
        place = self._place(address)
        headers = {"Host": place.netloc, "Accept": "application/json", "Accept-Encoding": "identity"}
        if authorization is not None:
            headers["Authorization"] = authorization
        body = None if form is None else urlencode(form).encode()
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        target = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
        try:
            with _connected(place, self._judged(place), until) as line:
                stop = Timer(max(0.0, until - monotonic()), _cut, (line,))
                stop.start()
                try:
                    answer = self._ask(line, ("GET" if body is None else "POST", target), body, headers)
                finally:
                    stop.cancel()
        except (OSError, HTTPException, ValueError) as fault:
            raise UnreachableError(type(fault).__name__) from fault
        if monotonic() > until:
            raise UnreachableError("slow")
        return answer

    def _ask(self, line: socket.socket, what: tuple[str, str], body: bytes | None, headers: Mapping[str, str]) -> bytes:
        connection = HTTPConnection(headers["Host"], timeout=self.seconds)
        connection.sock = line
        method, target = what
        connection.request(method, target, body, headers)
        with closing(connection.getresponse()) as answer:
            if answer.status != 200:
                raise UnreachableError(f"status {answer.status}")
            content = answer.read(self.largest + 1)
            if len(content) > self.largest:
                raise UnreachableError("too large")
            if answer.length:
                raise UnreachableError("cut off")
        return content

    def _place(self, address: str) -> SplitResult:
        """Return the parts of an address to which a call may go at all."""
        try:
            place = urlsplit(address)
            known = bool(place.hostname) and place.port != 0
        except ValueError as fault:
            raise UnreachableError("no address") from fault
        if not known or not address.isascii() or not address.isprintable() or " " in address:
            raise UnreachableError("no address")
        if place.username is not None or place.scheme not in (("https", "http") if self.loopback else ("https",)):
            raise UnreachableError("no safe address")
        return place

    def _judged(self, place: SplitResult) -> list[Address]:
        """Return the addresses of a name when each of them may be called."""
        found = socket.getaddrinfo(place.hostname, place.port or _port(place), type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(ip_address(str(each[4][0]).partition("%")[0]) for each in found))
        if not addresses:
            raise UnreachableError("no address")
        for each in addresses:
            at_home = self.loopback and each.is_loopback
            if not at_home and (place.scheme != "https" or not is_outside(each)):
                raise UnreachableError("not outside")
        return addresses


def is_outside(address: Address) -> bool:
    """Tell whether an address is on the public internet, also where one of the old kind is wrapped in a new one."""
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in NAT64:
            wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_outside(wrapped)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _port(place: SplitResult) -> int:
    return 443 if place.scheme == "https" else 80


def _connected(place: SplitResult, addresses: list[Address], until: float) -> socket.socket:
    """Return a line to the first address that takes the call; over TLS its certificate is for the name."""
    fault: OSError = TimeoutError()
    for address in addresses:
        left = until - monotonic()
        if left <= 0:
            break
        try:
            line = socket.create_connection((str(address), place.port or _port(place)), timeout=left)
        except OSError as refused:
            fault = refused
            continue
        if place.scheme == "http":
            return line
        try:
            return ssl.create_default_context().wrap_socket(line, server_hostname=place.hostname)
        except OSError:
            line.close()
            raise
    raise fault


def _cut(line: socket.socket) -> None:
    """End a call whose time is up, however slowly its answer still comes; TLS is not asked, for it would wait."""
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
