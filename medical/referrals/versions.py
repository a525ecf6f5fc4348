"""Every version of what a referral asks, who wrote it, and what changed since a physician last had it before him."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from core.rows import append
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.forms import Asked
from medical.referrals.moves import parties
from medical.referrals.terms import NOT_SENT
from medical.tables import ContentSeen, ContentVersion, Referral

FIELDS = (
    "goal",
    "question",
    "expected_result",
    "abilities",
    "units",
    "expected_days_saved",
    "request_cofinancing",
)
"""What is compared between two versions, in the order in which it is shown."""

MOST_VERSIONS = 100
Value = str | int | bool


@dataclass(frozen=True)
class FieldChange:
    """One field that differs between two versions."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True)
class VersionView:
    """What was asked from a moment on, by whom, and what differs from the version before it."""

    version: int
    at: datetime
    name: str
    role: Role
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Unseen:
    """What differs from the version that the reader saw last; `seen_at` is when he did."""

    seen_at: datetime
    changes: tuple[FieldChange, ...]


def keep_version(session: Session, referral: Referral, asked: Asked, actor: Actor) -> None:
    """Keep what a referral asks from now on, as its version stands; the act that changed it has been done."""
    append(
        session,
        ContentVersion,
        **parties(referral),
        version=referral.version,
        **asked.content,
        units=asked.units,
        request_cofinancing=asked.request_cofinancing,
        written_by=actor.account_id,
        role=actor.role,
    )


def versions_of(session: Session, referral_id: UUID) -> list[ContentVersion]:
    """Return the versions of what a referral asks, the oldest first."""
    found = select(ContentVersion).where(ContentVersion.referral_id == referral_id)
    return list(session.exec(found.order_by(col(ContentVersion.version)).limit(MOST_VERSIONS)))


def version_views(versions: Sequence[ContentVersion], names: dict[UUID, str]) -> tuple[VersionView, ...]:
    """Return the versions as they are read, each with what it changed."""
    earlier = (None, *versions[:-1])
    return tuple(
        VersionView(
            version=this.version,
            at=this.created_at,
            name=names.get(this.written_by, "") if this.written_by else "",
            role=this.role,
            changes=between(before, this) if before else (),
        )
        for before, this in zip(earlier, versions, strict=True)
    )


def between(before: ContentVersion, after: ContentVersion) -> tuple[FieldChange, ...]:
    """Return the fields in which two versions differ."""
    pairs = ((field, getattr(before, field), getattr(after, field)) for field in FIELDS)
    return tuple(FieldChange(field, old, new) for field, old, new in pairs if old != new)


def look_at_draft(
    session: Session, referral: Referral, versions: Sequence[ContentVersion], actor: Actor
) -> Unseen | None:
    """Keep that a physician has a draft before him; return what changed since the version that he saw before this one.

    None where he never saw an earlier one. Looking again at the same version gives the same answer.
    """
    if actor.role is not Role.PHYSICIAN or referral.state not in NOT_SENT or not versions:
        return None
    mine = ContentSeen.referral_id == referral.id, ContentSeen.account_id == actor.account
    seen = {row.version: row for row in session.exec(select(ContentSeen).where(*mine))}
    newest = versions[-1]
    if newest.version not in seen:
        append(session, ContentSeen, **parties(referral), account_id=actor.account, version=newest.version)
    earlier = [version for version in versions[:-1] if version.version in seen]
    if not earlier:
        return None
    return Unseen(seen[earlier[-1].version].created_at, between(earlier[-1], newest))
