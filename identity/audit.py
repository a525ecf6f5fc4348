"""The audit trail: what was done or read, by whom and concerning whom; written in the act's own transaction (R68)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from core.rows import append, append_all
from identity.actor import Actor
from identity.tables import AuditEvent


@dataclass(frozen=True)
class About:
    """What one event of many is about; the meaning of each as in `record`."""

    subject_id: UUID | None = None
    data_subject_id: UUID | None = None
    responsible_account_id: UUID | None = None
    reason: str | None = None


def record(
    session: Session,
    actor: Actor,
    tag: str,
    subject_id: UUID | None = None,
    *,
    data_subject_id: UUID | None = None,
    responsible_account_id: UUID | None = None,
    reason: str | None = None,
) -> None:
    """Add an event `tag` ("room:subject:action") about `subject_id`; `reason` is a code, never content.

    `responsible_account_id` is the physician under whose authority it was done (R8, NEN 7513); `data_subject_id` the
    employee whom it concerns, who may read it (R27).
    """
    about = About(subject_id, data_subject_id, responsible_account_id, reason)
    append(session, AuditEvent, **_who(actor, tag), **vars(about))


def record_all(session: Session, actor: Actor, tag: str, events: Iterable[About]) -> None:
    """Add an event `tag` for each of `events`, all in one go: for an act that concerns many."""
    who = _who(actor, tag)
    append_all(session, AuditEvent, (who | vars(each) for each in events))


def _who(actor: Actor, tag: str) -> dict[str, object]:
    return {
        "tenant_id": actor.tenant_id,
        "tag": tag,
        "account_id": actor.account_id,
        "role": actor.role,
        "organisation_id": actor.organisation_id,
        "subject_kind": tag.split(":")[1],
        "client": actor.client,
    }
