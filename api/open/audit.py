"""The audit trail over JSON, and the proof that it is whole."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from core.routing import Section
from core.signing import Proof, written
from identity.audit_anchors import MOST_ANCHORS, WrittenAnchor, list_anchors, write_anchor
from identity.audit_chain import verify
from identity.audit_read import EventFilter, EventView, list_events
from identity.grounds import Ground
from identity.guard import Work, open_side, settings_of
from identity.policy import Permission
from identity.retention import list_certificates
from identity.roles import Role

router = Section(prefix="/audit", tags=["audit"])
Officer = Annotated[Work, open_side(Permission.VERIFY_AUDIT)]


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
    ground: Ground
    emergency_id: UUID | None
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
    emergency_id: UUID | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    page: int = Field(default=1, ge=1, le=10_000)
    page_size: int = Field(default=50, ge=1, le=100)


class VerificationOut(BaseModel):
    """Whether the chain is whole; `broken_at` is the first link that does not fit.

    `anchors` were signed here and fit, `unproven` ones say nothing here, `removed` links left at the end of their term.
    """

    whole: bool
    sealed: int
    unsealed: int
    broken_at: int | None
    fault: str | None
    anchors: int
    unproven: int
    removed: int


class AnchorsOut(BaseModel):
    """A page of the anchors, newest first, and with which public keys (Ed25519, base64) they can be checked."""

    total: int
    page: int
    page_size: int
    results: list[WrittenAnchor]
    public_keys: dict[str, str]


class CertificateOut(BaseModel):
    """A certificate of removal word by word as it was signed, its signature, and what that proves here."""

    certificate: dict[str, str | int | float | None]
    key: str | None
    signature: str | None
    proof: Proof


class CertificatesOut(BaseModel):
    """A page of certificates of removal."""

    total: int
    page: int
    page_size: int
    results: list[CertificateOut]


class AnchorsQuery(BaseModel):
    """Which page of the anchors."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(default=1, ge=1, le=10_000)
    page_size: int = Field(default=50, ge=1, le=100)


class AnchorsIn(BaseModel):
    """Anchors that somebody kept elsewhere."""

    model_config = ConfigDict(extra="forbid")

    anchors: Annotated[list[WrittenAnchor], Field(max_length=MOST_ANCHORS)]


@router.get("/events")
def events(
    work: Annotated[Work, open_side(Permission.READ_AUDIT)], query: Annotated[EventsQuery, Query()]
) -> EventsOut:
    """Return the events that the caller may see."""
    wanted = EventFilter(query.tag, query.role, query.account_id, query.since, query.until, query.emergency_id)
    found = list_events(work.session, work.actor, wanted, query.page, query.page_size)
    return EventsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_event(item) for item in found.items]
    )


@router.get("/verify")
def verification(request: Request, work: Officer) -> VerificationOut:
    """Go through the whole chain of the caller's tenant, and hold it against the anchors that are kept here."""
    return VerificationOut(**asdict(verify(work.session, work.actor, settings_of(request).signer)))


@router.post("/verify")
def verification_against(request: Request, work: Officer, kept: AnchorsIn) -> VerificationOut:
    """Do the same and hold the chain against anchors that the caller kept too."""
    anchors = tuple(each.anchor() for each in kept.anchors)
    return VerificationOut(**asdict(verify(work.session, work.actor, settings_of(request).signer, anchors)))


@router.get("/anchors")
def anchors(request: Request, work: Officer, query: Annotated[AnchorsQuery, Query()]) -> AnchorsOut:
    """Return the signed anchors of the chain, to be kept elsewhere."""
    found = list_anchors(work.session, work.actor, query.page, query.page_size).map(write_anchor)
    return AnchorsOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=list(found.items),
        public_keys={name: written(half) for name, half in settings_of(request).signer.public_keys.items()},
    )


@router.get("/certificates")
def certificates(request: Request, work: Officer, query: Annotated[AnchorsQuery, Query()]) -> CertificatesOut:
    """Return what was removed at the end of its term, newest first (R71)."""
    signer = settings_of(request).signer
    found = list_certificates(work.session, work.actor, signer, query.page, query.page_size)
    return CertificatesOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[CertificateOut.model_validate(each.written | {"proof": each.proof}) for each in found.items],
    )


def _event(view: EventView) -> EventOut:
    return EventOut.model_validate(view, from_attributes=True)
