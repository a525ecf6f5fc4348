"""The audit trail over JSON, and the proof that it is whole."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from core.routing import Section
from identity.audit_chain import verify
from identity.audit_read import EventFilter, EventView, list_events
from identity.guard import Work, open_side
from identity.policy import Permission
from identity.roles import Role

router = Section(prefix="/audit", tags=["audit"])


class EventOut(BaseModel):
    """An event of the audit trail."""

    id: UUID
    at: datetime
    tag: str
    name: str
    role: Role
    organisation: str
    responsible: str
    subject_kind: str
    subject_id: UUID | None
    reason: str | None
    client: str | None


class EventsOut(BaseModel):
    """A page of the audit trail, newest first."""

    total: int
    page: int
    page_size: int
    results: list[EventOut]


class EventsQuery(BaseModel):
    """What to look for; `tag` is the beginning of a tag, such as "medical:referral"."""

    model_config = ConfigDict(extra="forbid")

    tag: str | None = Field(default=None, max_length=80)
    role: Role | None = None
    account_id: UUID | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    page: int = Field(default=1, ge=1, le=10_000)
    page_size: int = Field(default=50, ge=1, le=100)


class VerificationOut(BaseModel):
    """Whether the chain is whole; `broken_at` is the first link that does not fit."""

    whole: bool
    sealed: int
    unsealed: int
    broken_at: int | None
    fault: str | None


@router.get("/events")
def events(
    work: Annotated[Work, open_side(Permission.READ_AUDIT)], query: Annotated[EventsQuery, Query()]
) -> EventsOut:
    """Return the events that the caller may see."""
    wanted = EventFilter(query.tag, query.role, query.account_id, query.since, query.until)
    found = list_events(work.session, work.actor, wanted, query.page, query.page_size)
    return EventsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_event(item) for item in found.items]
    )


@router.get("/verify")
def verification(work: Annotated[Work, open_side(Permission.VERIFY_AUDIT)]) -> VerificationOut:
    """Go through the whole chain of the caller's tenant."""
    return VerificationOut(**asdict(verify(work.session, work.actor)))


def _event(view: EventView) -> EventOut:
    return EventOut.model_validate(view, from_attributes=True)
