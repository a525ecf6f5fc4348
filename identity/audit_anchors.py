"""Anchors of the audit trail: each says, signed, where the chain stood; copies leave the database every day (R68)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlmodel import Session, col, func, select

from core.clock import now
from core.errors import FieldError, Invalid
from core.language import _
from core.paging import Page, offset
from core.rows import append
from core.signing import Proof, Signature, Signer, read, written
from identity.actor import Actor
from identity.audit_tables import AuditAnchor
from identity.policy import Permission, require, require_system
from identity.tables import AuditLink

MOST_ANCHORS = 20_000  # one a day lasts for half a century
HASH = r"^[0-9a-f]{64}$"


@dataclass(frozen=True)
class Anchor:
    """Where the chain of a tenant stood at a moment, and the signature under it."""

    tenant_id: UUID
    position: int
    digest: bytes
    at: datetime
    signature: Signature

    @property
    def content(self) -> bytes:
        """What is signed."""
        return signed_content(self.tenant_id, self.position, self.digest, self.at)

    def proof(self, signer: Signer) -> Proof:
        """Tell whether one of the keys of this installation signed it."""
        return signer.proof(self.content, self.signature)


class WrittenAnchor(BaseModel):
    """An anchor as it stands on a line of a file, and in the API."""

    model_config = ConfigDict(extra="forbid")

    tenant: UUID
    position: Annotated[int, Field(ge=1, lt=2**63)]
    digest: Annotated[str, Field(pattern=HASH)]
    at: AwareDatetime
    key: Annotated[str, Field(max_length=16)]
    signature: Annotated[str, Field(max_length=100)]

    @field_validator("signature")
    @classmethod
    def _in_base64(cls, signature: str) -> str:
        read(signature)
        return signature

    def anchor(self) -> Anchor:
        """Return it as it is worked with."""
        signature = Signature(self.key, read(self.signature))
        return Anchor(self.tenant, self.position, bytes.fromhex(self.digest), self.at, signature)


def signed_content(tenant_id: UUID, position: int, digest: bytes, at: datetime) -> bytes:
    """Return the words under which an anchor's signature stands; the same wherever it is checked."""
    words = {"position": position, "digest": digest.hex(), "tenant": str(tenant_id), "at": at.timestamp()}
    return b"providerboog audit anchor 1 " + json.dumps(words, sort_keys=True).encode()


def anchor_chain(session: Session, actor: Actor, signer: Signer) -> Anchor | None:
    """Sign where the chain of the tenant stands now, unless that was done; without a key do nothing. Runs as a job."""
    require_system(actor)
    last = session.exec(select(AuditLink).order_by(col(AuditLink.position).desc()).limit(1)).first()
    if not signer or last is None or session.get(AuditAnchor, (actor.tenant_id, last.position)) is not None:
        return None
    at = now()
    signature = signer.sign(signed_content(actor.tenant_id, last.position, last.digest, at))
    row = {"tenant_id": actor.tenant_id, "position": last.position, "digest": last.digest, "at": at}
    append(session, AuditAnchor, **row, key_id=signature.key_id, signature=signature.value)
    return Anchor(actor.tenant_id, last.position, last.digest, at, signature)


def list_anchors(session: Session, actor: Actor, page: int, page_size: int) -> Page[Anchor]:
    """Return the anchors of the tenant, the newest first."""
    require(actor, Permission.VERIFY_AUDIT)
    total = session.exec(select(func.count()).select_from(AuditAnchor)).one()
    found = select(AuditAnchor).order_by(col(AuditAnchor.position).desc())
    rows = session.exec(found.limit(page_size).offset(offset(page, page_size))).all()
    return Page(tuple(map(_anchor, rows)), total, page, page_size)


def kept_anchors(session: Session, after: int = 0) -> tuple[Anchor, ...]:
    """Return the anchors that the database holds beyond a position, in order: at most MOST_ANCHORS."""
    found = select(AuditAnchor).where(AuditAnchor.position > after).order_by(col(AuditAnchor.position))
    return tuple(map(_anchor, session.exec(found.limit(MOST_ANCHORS))))


def lines_of(anchors: Iterable[Anchor]) -> str:
    """Return anchors as a file holds them, one on a line."""
    return "".join(write_anchor(each).model_dump_json() + "\n" for each in anchors)


def write_anchor(anchor: Anchor) -> WrittenAnchor:
    """Return an anchor as it leaves the house."""
    return WrittenAnchor(
        tenant=anchor.tenant_id,
        position=anchor.position,
        digest=anchor.digest.hex(),
        at=anchor.at,
        key=anchor.signature.key_id,
        signature=written(anchor.signature.value),
    )


def read_anchors(lines: str) -> tuple[Anchor, ...]:
    """Return the anchors of a file; raises Invalid for a line that is none, and for more than MOST_ANCHORS."""
    wanted = [line for line in lines.splitlines() if line.strip()]
    try:
        if len(wanted) > MOST_ANCHORS:
            raise ValueError
        return tuple(WrittenAnchor.model_validate_json(line).anchor() for line in wanted)
    except (ValidationError, ValueError):
        message = _("Dit is geen bestand met ankers zoals u het hier hebt opgehaald.")
        raise Invalid(message, (FieldError("anchors", message),)) from None


def export_anchors(folder: Path, tenant_id: UUID, anchors: Sequence[Anchor]) -> int:
    """Add to the file of the tenant the anchors that are not in it yet, and change none; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{tenant_id}.jsonl"
    last = exported_until(file)
    new = [each for each in anchors if each.position > last]
    if new:
        with file.open("a", encoding="utf-8") as kept:
            kept.write(lines_of(new))
    return len(new)


def exported_until(file: Path) -> int:
    """Return the position of the last anchor of a file, nought without one."""
    if not file.exists():
        return 0
    lines = file.read_text(encoding="utf-8")
    if lines and not lines.endswith("\n"):  # the machine stopped in the midst of a line: the line is written again
        lines = lines[: lines.rfind("\n") + 1]
        file.write_text(lines, encoding="utf-8")
    return max((each.position for each in read_anchors(lines)), default=0)


def _anchor(row: AuditAnchor) -> Anchor:
    return Anchor(row.tenant_id, row.position, row.digest, row.at, Signature(row.key_id, row.signature))
