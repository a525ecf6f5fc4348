"""Tables of keeping and removing: the terms, what is held longer, and a certificate for each removal (R71)."""

import json
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, text
from sqlmodel import Field, SQLModel

from core.columns import Row, choice, instant
from core.privacy import PrivacyClass
from core.signing import Proof, Signature, Signer

SCHEMA = {"schema": "identity"}


class Kept(StrEnum):
    """What has a term of its own."""

    MEDICAL = "medical"  # the medical file of a case: from its last change
    ABSENCE = "absence"  # an absence: from the end of employment
    ABSENCE_WGA = "absence_wga"  # the same, of an employer who bears the risk of the WGA himself
    ABSENCE_ZW = "absence_zw"  # the same, of one who bears the risk of the Ziektewet himself
    PAPER = "paper"  # a provider's paper that belongs to no file: from the last that was done about it
    INVOICE = "invoice"  # an invoice: from the end of the year in which it was issued
    LOG = "log"  # an event of the audit trail: from when it happened
    ACCOUNT = "account"  # what somebody signed in with, and all that it left: from the end of his last role
    PERSON = "person"  # who somebody was: the same, and as long as the trail or a file names him


class HoldReason(StrEnum):
    """Why something is kept beyond its term."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"  # a complaint or a disciplinary case
    AUTHORITY = "authority"  # an authority asked for it
    REQUEST = "request"  # the employee asked to keep it


class RetentionTerm(SQLModel, table=True):
    """How many years something is kept; the functions that remove read it from here."""

    __tablename__ = "retention_term"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PUBLIC

    kept: Kept = Field(sa_type=choice(Kept), primary_key=True)
    years: int = Field(sa_type=SmallInteger)


class RetentionHold(Row, table=True):
    """That nothing of an employee is removed for now; only its end is written later."""

    __tablename__ = "retention_hold"
    __table_args__ = (
        Index("uq_retention_hold_running", "employee_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    employee_id: UUID  # of cases, which stands above this room
    reason: HoldReason = Field(sa_type=choice(HoldReason))
    held_by: UUID = Field(foreign_key="identity.account.id")
    ended_at: datetime | None = instant()
    ended_by: UUID | None = None


class RemovalCertificate(Row, table=True):
    """That something was removed at the end of its term: what, how much, by which term; of whom it was it does not say.

    `fingerprint` is a hash over the random ids of what was removed: whoever still has an id, as in an old backup, can
    tell whether it is meant, and nobody can tell the ids from it. `position` and `digest` say to which link the audit
    trail was removed, and with which hash the rest begins.
    """

    __tablename__ = "removal_certificate"
    __table_args__ = (Index("ix_removal_certificate_position", "tenant_id", "position"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    kept: Kept = Field(sa_type=choice(Kept))
    years: int = Field(sa_type=SmallInteger)
    until: date  # what was removed had its term begin on this day at the latest
    things: int  # files, absences, papers, invoices, events, accounts, people
    rows: int  # of the database
    fingerprint: bytes = Field(sa_type=LargeBinary)
    position: int | None = Field(default=None, sa_type=BigInteger)
    digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    key_id: str | None = Field(default=None, max_length=16)
    signature: bytes | None = Field(default=None, sa_type=LargeBinary)

    @property
    def facts(self) -> dict[str, object]:
        """What it says, as it is signed and handed out."""
        return {
            "id": str(self.id),
            "tenant": str(self.tenant_id),
            "at": self.created_at.timestamp(),
            "kept": self.kept.value,
            "years": self.years,
            "until": self.until.isoformat(),
            "things": self.things,
            "rows": self.rows,
            "fingerprint": self.fingerprint.hex(),
            "position": self.position,
            "digest": self.digest.hex() if self.digest else None,
        }

    @property
    def content(self) -> bytes:
        """What is signed."""
        return b"providerboog removal 1 " + json.dumps(self.facts, sort_keys=True).encode()

    def proof(self, signer: Signer) -> Proof:
        """Tell whether one of the keys of this installation signed it."""
        if self.key_id is None or self.signature is None:
            return Proof.UNKNOWN_KEY
        return signer.proof(self.content, Signature(self.key_id, self.signature))
