"""Guessing made slow, without a way to lock somebody out (PostgreSQL keeps count, so it holds for all processes).

Wrong guesses at an account make whoever comes from an unknown browser wait longer and longer, up to a bound. A browser
in which its owner has signed in before has a turn of its own, so that nobody elsewhere can take it from him. Whether an
account exists makes no difference: turns are taken for the address that was typed.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import TooMany
from core.language import ngettext
from core.settings import Settings
from identity.authentication import hash_of, new_secret
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.second_factor_tables import KnownDevice
from identity.tables import Account

REMEMBERED = timedelta(days=180)
FORGOTTEN = timedelta(hours=1)
# Counted before it is tried, so that many guesses at once are counted too. Nothing is counted while one has to wait.
TAKE = text(
    "INSERT INTO identity.slot AS s (place, failures, free_at, tried_at) VALUES (:place, 1, :now, :now)"
    " ON CONFLICT (place) DO UPDATE SET"
    " failures = CASE WHEN s.tried_at < :forgotten THEN 1 ELSE s.failures + 1 END, tried_at = :now,"
    " free_at = CASE WHEN s.tried_at >= :forgotten AND s.failures >= :free THEN"
    " :now + least(power(2, least(s.failures - :free + 1, 20)), :longest) * interval '1 second' ELSE :now END"
    " WHERE s.free_at <= :now RETURNING s.failures"
)
LEFT = text("SELECT extract(epoch FROM s.free_at - :now) FROM identity.slot s WHERE s.place = :place")
GIVE_BACK = text(
    "UPDATE identity.slot SET failures = CASE WHEN :whole THEN 0 ELSE greatest(failures - 1, 0) END,"
    " free_at = CASE WHEN :whole OR failures - 1 <= :free THEN :now ELSE free_at END WHERE place = :place"
)


class MustWait(TooMany):
    """It went wrong too often here; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        said = ngettext(
            "Dit ging te vaak mis. Wacht nog %(num)s seconde en probeer het dan weer.",
            "Dit ging te vaak mis. Wacht nog %(num)s seconden en probeer het dan weer.",
            seconds,
        )
        super().__init__(said % {"num": seconds}, seconds)


@dataclass(frozen=True)
class Turn:
    """A place where may be tried: how often at once, and how long one waits at most after that (seconds).

    What goes right clears a place, or, where many come, only takes back its own try.
    """

    place: bytes
    free: int
    longest: int
    own: bool = True


def password_turns(
    session: Session, settings: Settings, email: str, device: str, address: str | None
) -> tuple[Turn, ...]:
    """Return the turns that trying a password for `email` takes, from a browser with the secret `device`."""
    known = known_device(session, device, email)
    if known is not None:
        return (Turn(_place(settings, "password", "device", str(known)), free=5, longest=60),)
    account = Turn(_place(settings, "password", "account", email.strip().lower()), free=5, longest=60)
    return (account, Turn(_place(settings, "address", network_of(address)), free=30, longest=300, own=False))


def code_turns(session: Session, settings: Settings, email: str, device: str) -> tuple[Turn, ...]:
    """Return the turns that trying a code takes, for who knew the password: fewer, for a code has six digits."""
    known = known_device(session, device, email)
    place = ("device", str(known)) if known is not None else ("account", email)
    return (Turn(_place(settings, "code", *place), free=5, longest=900),)


def reset_turns(settings: Settings, email: str, address: str | None) -> tuple[Turn, ...]:
    """Return the turns that asking for a new password takes: few, for each is a mail to somebody."""
    account = Turn(_place(settings, "reset", "account", email.strip().lower()), free=3, longest=3_600)
    return (account, Turn(_place(settings, "reset", "address", network_of(address)), free=20, longest=600, own=False))


def provider_turns(settings: Settings, address: str | None) -> tuple[Turn, ...]:
    """Return the turns that coming back from an identity provider takes, the same as a password from that address."""
    return (Turn(_place(settings, "address", network_of(address)), free=30, longest=300, own=False),)


def use_once(session: Session, settings: Settings, secret: str) -> bool:
    """Tell whether this secret, which works for less than an hour, is used for the first time; to be committed."""
    values = {"place": _place(settings, "once", secret), "now": now(), "free": 1_000, "longest": 0}
    uses: int | None = session.execute(TAKE, values | {"forgotten": now() - FORGOTTEN}).scalar_one_or_none()
    return uses == 1


def take_turns(session: Session, turns: Iterable[Turn]) -> None:
    """Take these turns, each counted as gone wrong until it is given back; raises MustWait, and then none is taken.

    To be committed before the try itself.
    """
    moment = now()
    for turn in sorted(turns, key=lambda each: each.place):
        values = {"place": turn.place, "now": moment, "free": turn.free, "longest": turn.longest}
        if session.execute(TAKE, values | {"forgotten": moment - FORGOTTEN}).first() is None:
            left = session.execute(LEFT, {"place": turn.place, "now": moment}).scalar_one()
            raise MustWait(max(1, -int(-left // 1)))


def give_back(session: Session, turns: Iterable[Turn]) -> None:
    """Take back what was counted: it went right."""
    for turn in sorted(turns, key=lambda each: each.place):
        values = {"place": turn.place, "now": now(), "free": turn.free, "whole": turn.own}
        session.execute(GIVE_BACK, values)


def known_device(session: Session, secret: str, email: str) -> UUID | None:
    """Return the browser with this secret, when the owner of `email` has signed in there before."""
    return session.exec(
        select(KnownDevice.id)
        .join(Account, col(Account.id) == KnownDevice.account_id)
        .where(
            KnownDevice.token_hash == hash_of(secret),
            Account.email == email.strip().lower(),
            KnownDevice.expires_at > now(),
            col(KnownDevice.ended_at).is_(None),
        )
    ).first()


def remember_device(session: Session, account_id: UUID) -> str:
    """Return the secret by which this browser is known from now on, for half a year; the owner is told of a new one."""
    before = select(KnownDevice.id).where(KnownDevice.account_id == account_id).limit(1)
    if session.exec(before).first() is not None:  # at the very first one there is nobody to warn
        put_notice(session, account_id, Happened.NEW_DEVICE)
    secret = new_secret()
    session.add(KnownDevice(token_hash=hash_of(secret), account_id=account_id, expires_at=now() + REMEMBERED))
    session.flush()
    return secret


def network_of(address: str | None) -> str:
    """Return what counts as one address: of IPv6 the network that one connection gets."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "-"
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


def _place(settings: Settings, *parts: str) -> bytes:
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, "\0".join(("turn", *parts)).encode(), hashlib.sha256).digest()
