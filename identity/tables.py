"""Tables of people, organisations, memberships, sign-in and the audit trail."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from core.clock import now
from core.columns import Row, choice, instant, words
from core.privacy import PrivacyClass
from identity.grounds import Ground
from identity.roles import OrganisationKind, Role

SCHEMA = {"schema": "identity"}


class Organisation(Row, table=True):
    """A party in the network of one arbodienst; the arbodienst itself is the tenant and its own tenant_id."""

    __tablename__ = "organisation"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    kind: OrganisationKind = Field(sa_type=choice(OrganisationKind))
    name: str = Field(max_length=200)


class Person(SQLModel, table=True):
    """One human being, however many accounts he has; the key that keeps roles apart (R14, R15)."""

    __tablename__ = "person"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=200)


class Account(SQLModel, table=True):
    """What somebody signs in with."""

    __tablename__ = "account"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="identity.person.id", index=True)
    email: str = Field(max_length=254, unique=True)
    password_hash: str | None = Field(default=None, max_length=255)
    language: str = Field(default="nl", max_length=2)
    reminders: bool = True  # whether he wants to be told by mail that something is due
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    disabled_at: datetime | None = instant()
    access_removed_on: date | None = None  # at the end of its term; the name stays as long as something names it (R71)


class Membership(Row, table=True):
    """One role of one account in one organisation of one tenant."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("uq_membership_role", "account_id", "organisation_id", "role", unique=True),
        CheckConstraint("(role = 'delegate') = (responsible_account_id IS NOT NULL)", name="delegate_has_physician"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    account_id: UUID = Field(foreign_key="identity.account.id")
    organisation_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    subject_id: UUID | None = Field(default=None)  # the employee that an account of role employee is
    registration_number: str | None = Field(default=None, max_length=40)  # BIG of a physician; RSC of a delegate (R19)
    registered_until: date | None = None
    responsible_account_id: UUID | None = Field(  # the physician under whom a delegate works (R8)
        default=None, foreign_key="identity.account.id"
    )
    ended_at: datetime | None = instant()


class Assignment(Row, table=True):
    """The employers for whom a delegate or a case manager works; one person is never both for one employer (R14)."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_one_side",
            "employer_id",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    membership_id: UUID = Field(foreign_key="identity.membership.id", index=True)
    account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    person_id: UUID = Field(foreign_key="identity.person.id")
    role: Role = Field(sa_type=choice(Role))
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    ended_at: datetime | None = instant()


class WebSession(SQLModel, table=True):
    """A signed-in browser; the cookie's secret is kept as a hash only. Until a second factor was shown it opens
    nothing (R69)."""

    __tablename__ = "web_session"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    membership_id: UUID = Field(foreign_key="identity.membership.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    last_seen_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    idle_minutes: int = 60
    proved_at: datetime | None = instant()  # when the second factor was last shown
    browser: str | None = Field(default=None, max_length=60)  # to which it is bound: "Firefox, Linux"
    challenge: bytes | None = Field(default=None, sa_type=LargeBinary)  # what a passkey has to sign
    challenge_at: datetime | None = instant()
    ended_at: datetime | None = instant()


class ApiToken(SQLModel, table=True):
    """A bearer token of one membership, kept as a hash only."""

    __tablename__ = "api_token"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    membership_id: UUID = Field(foreign_key="identity.membership.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    name: str = Field(default="", max_length=60)
    scopes: list[str] | None = Field(default=None, sa_type=words())  # what it may; all that its role may without a list
    last_used_at: datetime | None = instant()
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = instant()


class CalendarAddress(SQLModel, table=True):
    """An address under which a calendar elsewhere fetches the dates of one membership; its secret is kept as a hash."""

    __tablename__ = "calendar_address"
    __table_args__ = (
        Index("uq_calendar_address_kept", "membership_id", unique=True, postgresql_where=text("revoked_at IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    membership_id: UUID = Field(foreign_key="identity.membership.id")
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = instant()


class Digest(Row, table=True):
    """That somebody is told by mail, at most once a day, that something waits for him; never what (R65)."""

    __tablename__ = "digest"
    __table_args__ = (Index("uq_digest_day", "account_id", "day", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    account_id: UUID = Field(foreign_key="identity.account.id")
    day: date
    sent_at: datetime | None = instant()
    refused_at: datetime | None = instant()  # by the mail server, for good


class AuditEvent(SQLModel, table=True):
    """Something that somebody did or read: who, when, as what, on whose behalf, concerning whom; never the content."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_tenant_id_seq", "tenant_id", "seq"),
        Index("ix_audit_event_emergency", "tenant_id", "seq", postgresql_where=text("emergency_id IS NOT NULL")),
        CheckConstraint("(ground = 'emergency') = (emergency_id IS NOT NULL)", name="emergency"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    seq: int | None = Field(default=None, sa_type=BigInteger, sa_column_args=(Identity(always=True),), nullable=False)
    tenant_id: UUID
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    tag: str = Field(max_length=80)
    account_id: UUID | None = None
    role: Role = Field(sa_type=choice(Role))
    organisation_id: UUID | None = None
    responsible_account_id: UUID | None = None  # the physician under whose authority it was done (R8)
    subject_kind: str = Field(max_length=40)
    subject_id: UUID | None = None
    data_subject_id: UUID | None = Field(default=None, index=True)  # the employee whom it concerns (R27)
    reason: str | None = Field(default=None, max_length=80)
    ground: Ground = Field(sa_type=choice(Ground))  # on what authority it was done
    emergency_id: UUID | None = None  # the emergency access under which it was done (R22)
    client: str | None = Field(default=None, max_length=200)


class AuditLink(SQLModel, table=True):
    """A link of the hash chain that seals the events of one tenant in the order in which they were sealed."""

    __tablename__ = "audit_link"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    tenant_id: UUID = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger, primary_key=True)
    event_id: UUID = Field(unique=True)
    digest: bytes = Field(sa_type=LargeBinary)
