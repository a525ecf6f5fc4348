"""The audit trail: what was done or read, by whom and concerning whom; written in the act's own transaction (R68)."""

from uuid import UUID

from sqlmodel import Session

from core.rows import append
from identity.actor import Actor
from identity.tables import AuditEvent


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
    append(
        session,
        AuditEvent,
        tenant_id=actor.tenant_id,
        tag=tag,
        account_id=actor.account_id,
        role=actor.role,
        organisation_id=actor.organisation_id,
        responsible_account_id=responsible_account_id,
        subject_kind=tag.split(":")[1],
        subject_id=subject_id,
        data_subject_id=data_subject_id,
        reason=reason,
        client=actor.client,
    )
