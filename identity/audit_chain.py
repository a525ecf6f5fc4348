"""The hash chain over the audit trail: sealing, seconds after the act, and proving that it is whole."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, literal, text, true
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.rows import append_all, ask
from core.signing import Proof, Signer
from identity.actor import Actor
from identity.audit_anchors import Anchor, kept_anchors
from identity.policy import Permission, require
from identity.retention_tables import RemovalCertificate
from identity.tables import AuditEvent, AuditLink

BATCH = 1_000
START = bytes(32)
NOBODY = Signer(())
LATEST = timedelta(days=1)
"""How much older than the anchor before it an event may be: a transaction lasts seconds, a clock may be set right."""
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('audit:' || CAST(:tenant AS text), 0))")
PIECE = (
    select_columns(col(AuditLink.position), col(AuditLink.digest), *AuditEvent.__table__.columns)  # type: ignore[attr-defined]
    .join(AuditEvent, col(AuditEvent.id) == AuditLink.event_id, isouter=True)
    .where(AuditLink.position > bindparam("after"))
    .order_by(col(AuditLink.position))
    .limit(BATCH)
)
"""A piece of the chain, in plain columns, of which the session keeps nothing: a long chain needs no more memory."""
LATE = 10_000
"""How many links back a round looks for an event that a transaction committed late; once a day it looks everywhere."""
WINDOW = LATE + BATCH
SOME = (
    select_columns(*AuditEvent.__table__.columns)  # type: ignore[attr-defined]
    .where(col(AuditEvent.tenant_id) == bindparam("tenant"), col(AuditEvent.seq) > bindparam("after"))
    .order_by(col(AuditEvent.seq))
    .limit(WINDOW)
    .subquery()
)
LINKED = select_columns(literal(1).label("there")).where(col(AuditLink.event_id) == SOME.c.id).limit(1).lateral()
UNSEALED = (
    select_columns(*SOME.c).outerjoin(LINKED, true()).where(LINKED.c.there.is_(None)).order_by(SOME.c.seq).limit(BATCH)
)
"""Events of a window without a link, each looked up by itself: a plan that reads the whole chain would take minutes."""
FLOOR = (
    select_columns(col(AuditEvent.seq))
    .join(AuditLink, col(AuditLink.event_id) == AuditEvent.id)
    .where(col(AuditLink.tenant_id) == bindparam("tenant"), col(AuditLink.position) == bindparam("position"))
)
END_OF_WINDOW = select_columns(SOME.c.seq).order_by(SOME.c.seq).offset(WINDOW - 1)


@dataclass(frozen=True)
class Verification:
    """Whether the trail is whole, how far it is sealed, and where it breaks first.

    `anchors` were signed here and fit; `unproven` were signed with a key that is not known here and say nothing.
    `removed` are the links that left at the end of their term, as signed certificates say (R71).
    """

    whole: bool
    sealed: int
    unsealed: int
    broken_at: int | None = None
    fault: str | None = None
    anchors: int = 0
    unproven: int = 0
    removed: int = 0


@dataclass
class Walk:
    """How far a verification has come."""

    position: int
    previous: bytes
    by_position: dict[int, list[Anchor]]
    anchored_at: datetime | None = None
    held: int = 0
    fault: str | None = None
    last: int = field(init=False)

    def __post_init__(self) -> None:
        self.last = self.position

    def broken(self, at: int, fault: str) -> None:
        """Say where the chain breaks."""
        self.last, self.fault = at, fault


def digest(previous: bytes, event: AuditEvent | Row[Any]) -> bytes:
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


def seal(session: Session, actor: Actor, after: int | None = None) -> int:
    """Chain events of the actor's tenant that are not chained yet, at most BATCH; return how many.

    One transaction at a time seals a tenant; writing events waits for nobody. A link holds the hash of the one before,
    so they are made one after the other; they are read and written as a set. It looks at the WINDOW that begins LATE
    links back, or at the one `after` the number of an event.
    """
    session.execute(LOCK, {"tenant": actor.tenant_id})
    last = session.exec(select(AuditLink).order_by(col(AuditLink.position).desc()).limit(1)).first()
    position, previous = (last.position, last.digest) if last else _start(session)
    if after is None:
        after = ask(session, FLOOR, tenant=actor.tenant_id, position=position - LATE).scalar() or 0
    links = []
    for event in ask(session, UNSEALED, tenant=actor.tenant_id, after=after):
        position, previous = position + 1, digest(previous, event)
        links.append({"tenant_id": actor.tenant_id, "position": position, "event_id": event.id, "digest": previous})
    append_all(session, AuditLink, links)
    return len(links)


def window_after(session: Session, actor: Actor, after: int) -> int | None:
    """Return the number of the last event of the window `after` another, none when there is no whole window left."""
    found: int | None = ask(session, END_OF_WINDOW, tenant=actor.tenant_id, after=after).scalar()
    return found


def verify(session: Session, actor: Actor, signer: Signer = NOBODY, exported: Sequence[Anchor] = ()) -> Verification:
    """Go through the whole chain and say whether an event was changed, removed, added or moved (R68).

    It is held against the anchors of the database and against `exported` ones, which somebody kept elsewhere: without
    these, whoever owns the database could write the whole chain anew.
    """
    require(actor, Permission.VERIFY_AUDIT)
    return prove_chain(session, actor, signer, exported)


def prove_chain(session: Session, actor: Actor, signer: Signer, exported: Sequence[Anchor] = ()) -> Verification:
    """Do what `verify` does, for whoever may: the auditor, or the software itself."""
    cut, cut_fault = _cut(session, signer)
    position, previous = (cut.position or 0, cut.digest or START) if cut else (0, START)
    mine = [each for each in (*kept_anchors(session), *exported) if each.tenant_id == actor.tenant_id]
    proofs = [(each, each.proof(signer)) for each in mine]
    found = Verification(True, 0, 0, removed=position, unproven=sum(p is Proof.UNKNOWN_KEY for _each, p in proofs))
    forged = [each.position for each, proof in proofs if proof is Proof.FORGED]
    if cut_fault or forged:
        return replace(found, whole=False, broken_at=min(forged, default=position), fault=cut_fault or "anchor_forged")
    by_position: dict[int, list[Anchor]] = defaultdict(list)
    for each, proof in proofs:
        if proof is Proof.GOOD and each.position > position:
            by_position[each.position].append(each)
    return _walked(session, Walk(position, previous, by_position), found)


def _walked(session: Session, walk: Walk, found: Verification) -> Verification:
    for row in _links(session, walk.position):
        _step(walk, row)
        if walk.fault:
            break
    else:
        if walk.by_position:  # an anchor stands where the chain does not reach any more
            walk.broken(walk.position + 1, "chain_shorter")
    sealed = walk.position - found.removed
    if walk.fault:
        return replace(found, whole=False, sealed=sealed, broken_at=walk.last, fault=walk.fault, anchors=walk.held)
    events = session.exec(select(func.count()).select_from(AuditEvent)).one()
    return replace(found, sealed=sealed, unsealed=max(events - sealed, 0), anchors=walk.held)


def _step(walk: Walk, row: Row[Any]) -> None:
    """Hold one link against what came before it, against its event, and against the anchors that stand on it."""
    fault = _fault(walk, row)
    here = walk.by_position.pop(row.position, []) if fault is None else []
    if any(each.digest != row.digest for each in here):
        fault = "anchor_differs"
    if fault:
        walk.broken(row.position, fault)
        return
    if here:
        walk.held += len(here)
        walk.anchored_at = max(each.at for each in here)
    walk.position, walk.previous = row.position, row.digest


def _fault(walk: Walk, row: Row[Any]) -> str | None:
    if row.position != walk.position + 1:
        return "link_missing"
    if row.id is None:
        return "event_missing"
    if digest(walk.previous, row) != row.digest:
        return "event_changed"
    return "event_backdated" if walk.anchored_at and row.at < walk.anchored_at - LATEST else None


def _cut(session: Session, signer: Signer) -> tuple[RemovalCertificate | None, str | None]:
    """Return the certificate that says where the chain begins since old links left it, and what is wrong with it."""
    found = session.exec(_last_cut()).first()
    if found is None:
        return None, None
    return found, None if found.proof(signer) is Proof.GOOD else "certificate_unproven"


def _start(session: Session) -> tuple[int, bytes]:
    """Return where a chain without a link goes on: at its beginning, or after what left at the end of its term."""
    found = session.exec(_last_cut()).first()
    return (found.position or 0, found.digest or START) if found else (0, START)


def _last_cut() -> SelectOfScalar[RemovalCertificate]:
    cuts = select(RemovalCertificate).where(col(RemovalCertificate.position).is_not(None))
    return cuts.order_by(col(RemovalCertificate.position).desc()).limit(1)


def _links(session: Session, after: int) -> Iterator[Row[Any]]:
    """Read the chain in pieces."""
    while rows := ask(session, PIECE, after=after).all():
        yield from rows
        after = rows[-1].position
