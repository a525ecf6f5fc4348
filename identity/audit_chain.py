"""The hash chain over the audit trail: sealing, seconds after the act, and proving that it is whole."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from identity.actor import Actor
from identity.policy import Permission, require
from identity.tables import AuditEvent, AuditLink

BATCH = 1_000
START = bytes(32)
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('audit:' || CAST(:tenant AS text), 0))")


@dataclass(frozen=True)
class Verification:
    """Whether the trail is whole, how far it is sealed, and where it breaks first."""

    whole: bool
    sealed: int
    unsealed: int
    broken_at: int | None = None
    fault: str | None = None


def digest(previous: bytes, event: AuditEvent) -> bytes:
    """Return the hash of an event and of all that came before it."""
    content = {
        "id": str(event.id),
        "seq": event.seq,
        "tenant": str(event.tenant_id),
        "at": event.at.isoformat(),
        "tag": event.tag,
        "account": str(event.account_id),
        "role": event.role.value,
        "organisation": str(event.organisation_id),
        "responsible": str(event.responsible_account_id),
        "subject": [event.subject_kind, str(event.subject_id)],
        "data_subject": str(event.data_subject_id),
        "reason": event.reason,
        "ground": [event.ground.value, str(event.emergency_id)],
        "client": event.client,
    }
    return hashlib.sha256(previous + json.dumps(content, sort_keys=True).encode()).digest()


def seal(session: Session, actor: Actor) -> int:
    """Chain the events of the actor's tenant that are not chained yet, at most BATCH; return how many.

    One transaction at a time seals a tenant; writing events waits for nobody.
    """
    session.execute(LOCK, {"tenant": actor.tenant_id})
    last = session.exec(select(AuditLink).order_by(col(AuditLink.position).desc()).limit(1)).first()
    position, previous = (last.position, last.digest) if last else (0, START)
    waiting = session.exec(_unsealed().order_by(col(AuditEvent.seq)).limit(BATCH)).all()
    for event in waiting:
        position, previous = position + 1, digest(previous, event)
        session.add(AuditLink(tenant_id=actor.tenant_id, position=position, event_id=event.id, digest=previous))
    session.flush()
    return len(waiting)


def verify(session: Session, actor: Actor) -> Verification:
    """Go through the whole chain and say whether an event was changed, removed, added or moved (R68)."""
    require(actor, Permission.VERIFY_AUDIT)
    expected, previous = 0, START
    for link, event in _links(session):
        expected += 1
        fault = _fault(expected, previous, link, event)
        if fault is not None:
            return Verification(False, expected - 1, 0, link.position, fault)
        previous = link.digest
    unsealed = len(session.exec(_unsealed().limit(BATCH)).all())
    return Verification(True, expected, unsealed)


def _fault(expected: int, previous: bytes, link: AuditLink, event: AuditEvent | None) -> str | None:
    if link.position != expected:
        return "link_missing"
    if event is None:
        return "event_missing"
    return None if digest(previous, event) == link.digest else "event_changed"


def _links(session: Session) -> Iterator[tuple[AuditLink, AuditEvent | None]]:
    """Read the chain in pieces, so that a long one needs no more memory than a short one."""
    after = 0
    while True:
        rows = session.exec(
            select(AuditLink, AuditEvent)
            .join(AuditEvent, col(AuditEvent.id) == AuditLink.event_id, isouter=True)
            .where(AuditLink.position > after)
            .order_by(col(AuditLink.position))
            .limit(BATCH)
        ).all()
        if not rows:
            return
        yield from ((link, event) for link, event in rows)
        after = rows[-1][0].position
        session.expunge_all()


def _unsealed() -> SelectOfScalar[AuditEvent]:
    sealed = select(AuditLink).where(AuditLink.event_id == AuditEvent.id)
    return select(AuditEvent).where(~sealed.exists())
