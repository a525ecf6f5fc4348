"""The secret address at which a calendar elsewhere fetches the dates of one membership: made, shown once, revoked."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.clock import now
from core.rows import append
from identity.actor import Actor
from identity.audit import record
from identity.authentication import hash_of, new_secret
from identity.policy import Permission, require
from identity.roles import CARE
from identity.tables import CalendarAddress


def calendar_since(session: Session, actor: Actor) -> datetime | None:
    """Return since when the actor has an address in this role, or None when he has none."""
    require(actor, Permission.KEEP_CALENDAR)
    kept = select(CalendarAddress.created_at).where(
        CalendarAddress.membership_id == actor.membership_id, col(CalendarAddress.revoked_at).is_(None)
    )
    return session.exec(kept).first()


def make_calendar_address(session: Session, actor: Actor) -> str:
    """Return the secret of a new address, which is told this once; one that there was before ends with it."""
    require(actor, Permission.KEEP_CALENDAR)
    _end(session, actor)
    secret = new_secret()
    append(session, CalendarAddress, token_hash=hash_of(secret), membership_id=actor.membership_id)
    record(session, actor, "identity:calendar:made")
    return secret


def calendar_path(actor: Actor, secret: str) -> str:
    """Return the address of a calendar within this house, which says on which side of the wall it is answered."""
    return f"/agenda/{'zorg/' if actor.role in CARE else ''}{secret}.ics"


def revoke_calendar_address(session: Session, actor: Actor) -> None:
    """End the actor's address, from the next request on; without one nothing happens."""
    require(actor, Permission.KEEP_CALENDAR)
    if _end(session, actor):
        record(session, actor, "identity:calendar:revoked")


def _end(session: Session, actor: Actor) -> bool:
    kept = (col(CalendarAddress.membership_id) == actor.membership_id, col(CalendarAddress.revoked_at).is_(None))
    ended = session.execute(update(CalendarAddress).where(*kept).values(revoked_at=now()))
    return bool(ended.rowcount)  # type: ignore[attr-defined]
