"""The tables of what goes out to whom: files that go with a referral, and the record of all that was told."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from core.columns import choice, instant
from core.privacy import PrivacyClass
from core.received_files import FileKind
from core.sealed import SealedBytes, SealedCode, SealedText
from identity.roles import Role
from medical.tables import SCHEMA, Held, ReferralPart


class AttachmentContent(Held, table=True):
    """What is in a file; without the keys of the app nobody can read it, whatever he holds of the database."""

    __tablename__ = "attachment_content"
    __table_args__ = (Index("uq_attachment_content_case", "id", "case_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    content: bytes | None = Field(sa_type=SealedBytes("attachment_content.content"))  # none after its term


class Attachment(ReferralPart, table=True):
    """A file that goes with a referral; two referrals share a content when one replaces the other (R11)."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        # Nobody comes to what is in another case by naming it in his own.
        ForeignKeyConstraint(
            ["content_id", "case_id"],
            ["medical.attachment_content.id", "medical.attachment_content.case_id"],
            name="fk_attachment_content",
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    content_id: UUID = Field(index=True)
    name: str = Field(sa_type=SealedText("attachment.name"))
    kind: FileKind = Field(sa_type=choice(FileKind))
    size: int  # bytes
    sha256: str = Field(sa_type=SealedCode("attachment.sha256"))
    added_by: UUID = Field(foreign_key="identity.account.id")
    removed_at: datetime | None = instant()
    removed_by: UUID | None = None


class Disclosed(StrEnum):
    """What somebody was told of an employee."""

    REFERRAL = "referral"  # name, reference, postcode, week, and what is asked; also as a letter
    ATTACHMENT = "attachment"
    ANSWER = "answer"  # to a question that a provider asked
    FUNCTIONAL_REPORT = "functional_report"
    CLINICAL_REPORT = "clinical_report"
    PROGRESS = "progress"  # that an open intervention was asked for, and from now on how far it is
    OWN_LINE = "own_line"  # an amount of its own on an invoice; of a confidential intervention nothing but that
    REQUEST_PREPARED = "request_prepared"  # a neutral request for co-financing, to be submitted
    REQUEST_SUBMITTED = "request_submitted"
    BUDGET_ASKED = "budget_asked"  # an amount and weeks, to agree to above the budget


class DisclosedTo(StrEnum):
    """Who was told."""

    PROVIDER = "provider"
    PHYSICIAN = "physician"
    EMPLOYER = "employer"
    CASE_MANAGER = "case_manager"
    INSURER = "insurer"


class DisclosureMade(ReferralPart, table=True):
    """That somebody was told something of an employee: what, when, and under which consent; only ever added (R27)."""

    __tablename__ = "disclosure_made"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    what: Disclosed = Field(sa_type=choice(Disclosed))
    recipient: DisclosedTo = Field(sa_type=choice(DisclosedTo))
    organisation_id: UUID = Field(foreign_key="identity.organisation.id")  # to which the recipient belongs
    consent_id: UUID | None = Field(default=None, foreign_key="cases.consent.id")  # none where it needs none
    account_id: UUID | None = None  # whose act it was; none for a job
    role: Role = Field(sa_type=choice(Role))
