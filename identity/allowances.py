"""How much may be asked in a minute, per account, token and address; PostgreSQL keeps count for all processes.

A process takes some requests at a time and counts those by itself, so that most requests ask nobody. Somebody who is
signed in is counted by his account and his token alone: whoever shares his address cannot take anything from him. At
an address only those count whom nobody knows, and a browser in which somebody has signed in before stands apart.
"""

import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import ceil

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core.errors import TooMany
from core.language import ngettext

log = structlog.get_logger()

TAKE = text("SELECT granted, seconds FROM app.take_allowance(:place, :most, :wanted)")
PLACES = 20_000  # that a process remembers at once
ADDRESSES = 2  # bytes: so many places for all addresses of the world, so that nobody can fill the table
PATIENCE = 5.0  # seconds during which nothing is counted after the database did not answer


class Kind(Enum):
    """What is counted: how often in a minute, and how many a process takes at a time."""

    ACCOUNT = (1_200, 60)
    TOKEN = (600, 30)
    SEARCH = (180, 10)
    FILE = (60, 2)
    ADDRESS = (240, 10)
    BROWSER = (60, 5)

    def __init__(self, most: int, at_a_time: int) -> None:
        self.most = most
        self.at_a_time = at_a_time


@dataclass
class Held:
    """What a process holds for one place until a moment of the monotonic clock, and whether it may ask for more."""

    left: int
    until: float
    more: bool


class Allowances:
    """What this process may still let through; safe to ask from many threads."""

    def __init__(self, engine: Callable[[], Engine], key: str, factor: float = 1) -> None:
        """Take an engine that commits each statement, the key of the hashes, and by what the limits are multiplied.

        With a factor of nought nothing is counted.
        """
        self._engine = engine
        self._key = key.encode()
        self._factor = factor
        self._held: OrderedDict[bytes, Held] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, kind: Kind, whose: str) -> None:
        """Count one request; raises TooMany with the seconds to wait when none is left in this minute."""
        if not self._factor:
            return
        place = self._place(kind, whose)
        if self._use(place):
            return
        granted = self._ask(place, kind)
        self._keep(place, granted)
        if granted.left < 0:
            raise _too_many(granted)

    def _use(self, place: bytes) -> bool:
        """Use one of what is held; raises TooMany while it is known that there is no more."""
        with self._lock:
            held = self._held.get(place)
            if held is None or held.until <= time.monotonic():
                return False
            if held.left > 0:
                held.left -= 1
                return True
            if held.more:
                return False
        raise _too_many(held)

    def _ask(self, place: bytes, kind: Kind) -> Held:
        """Ask the database for some requests and use one; less than nothing is left when it granted none."""
        most = max(1, round(kind.most * self._factor))
        wanted = min(kind.at_a_time, most)
        try:
            with self._engine().connect() as connection:
                row = connection.execute(TAKE, {"place": place, "most": most, "wanted": wanted}).one()
        except SQLAlchemyError as fault:
            # Who counts must not be what keeps people from their work; the database says so itself if it is ill.
            log.warning("allowance_unavailable", kind=type(fault).__name__)
            return Held(wanted - 1, time.monotonic() + PATIENCE, more=True)
        return Held(row.granted - 1, time.monotonic() + row.seconds, more=row.granted == wanted)

    def _keep(self, place: bytes, granted: Held) -> None:
        with self._lock:
            before = self._held.pop(place, None)
            if before is not None and before.until > time.monotonic():
                granted = Held(before.left + max(granted.left, 0), granted.until, granted.more)
            self._held[place] = granted
            while len(self._held) > PLACES:
                self._held.popitem(last=False)

    def _place(self, kind: Kind, whose: str) -> bytes:
        digest = hmac.new(self._key, f"allowance\0{kind.name}\0{whose}".encode(), hashlib.sha256).digest()
        return b"address:" + digest[:ADDRESSES] if kind is Kind.ADDRESS else digest[:16]


def _too_many(held: Held) -> TooMany:
    seconds = max(1, ceil(held.until - time.monotonic()))
    said = ngettext(
        "U vraagt nu te veel tegelijk. Wacht %(num)s seconde en probeer het dan weer.",
        "U vraagt nu te veel tegelijk. Wacht %(num)s seconden en probeer het dan weer.",
        seconds,
    )
    return TooMany(said % {"num": seconds}, seconds)
