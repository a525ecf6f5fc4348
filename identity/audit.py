"""The audit trail: what was done or read, by whom and concerning whom; written in the act's own transaction (R68)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from core.rows import append, append_all
from identity.actor import Actor
from identity.grounds import Ground, ground_of
from identity.roles import Role
from identity.tables import AuditEvent


@dataclass(frozen=True)
class About:
    """What one event of many is about; the meaning of each as in `record`."""

    subject_id: UUID | None = None
    data_subject_id: UUID | None = None
    responsible_account_id: UUID | None = None
    reason: str | None = None
    ground: Ground | None = None
    emergency_id: UUID | None = None


def record(
    session: Session,
    actor: Actor,
    tag: str,
    subject_id: UUID | None = None,
    *,
    data_subject_id: UUID | None = None,
    responsible_account_id: UUID | None = None,
    reason: str | None = None,
    ground: Ground | None = None,
    emergency_id: UUID | None = None,
) -> None:
    """Add an event `tag` ("room:subject:action") about `subject_id`; `reason` is a code, never content.

    `responsible_account_id` is the physician under whose authority it was done (R8, NEN 7513), a physician himself
    where none is named; `data_subject_id` the employee whom it concerns, who may read it (R27). `ground` is on what
    authority: that of the role, unless another is named. `emergency_id` is the emergency access under which it was
    done (R22): the actor's own, unless another is named.
    """
    about = About(subject_id, data_subject_id, responsible_account_id, reason, ground, emergency_id)
    append(session, AuditEvent, **_who(actor, tag), **_about(actor, about))


def record_all(session: Session, actor: Actor, tag: str, events: Iterable[About]) -> None:
    """Add an event `tag` for each of `events`, all in one go: for an act that concerns many."""
    who = _who(actor, tag)
    append_all(session, AuditEvent, (who | _about(actor, each) for each in events))


def record_list(
    session: Session, actor: Actor, tag: str, employees: Iterable[UUID | None], subject_id: UUID | None = None
) -> None:
    """Add an event `tag` for each employee who stands in a list that was read, so that each can read that (R27).

    A list in which nobody stands leaves one event, about nobody.
    """
    concerned = sorted({each for each in employees if each is not None})
    if not concerned:
        record(session, actor, tag, subject_id)
        return
    record_all(session, actor, tag, (About(subject_id, data_subject_id=each) for each in concerned))


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


def _about(actor: Actor, about: About) -> dict[str, object]:
    emergency_id = about.emergency_id or actor.emergency_id
    own = actor.account_id if actor.role is Role.PHYSICIAN else None
    return vars(about) | {
        "responsible_account_id": about.responsible_account_id or own,
        "ground": Ground.EMERGENCY if emergency_id else about.ground or ground_of(actor.role),
        "emergency_id": emergency_id,
    }
