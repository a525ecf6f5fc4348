"""The tables of what a provider delivers and asks for it: sessions, invoices, their checks, and the talk about them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlmodel import Field

from core.columns import Row, choice, instant
from core.privacy import PrivacyClass
from core.sealed import SealedBytes, SealedText
from identity.roles import Role
from medical.tables import SCHEMA, ReferralPart


class ServiceOutcome(StrEnum):
    """What became of a session; one that was missed costs what the provider's contract says."""

    DELIVERED = "delivered"
    NO_SHOW = "no_show"
    CANCELLED_LATE = "cancelled_late"


class RegisteredSession(ReferralPart, table=True):
    """A session as its provider registers it: the day, how many units, and what became of it."""

    __tablename__ = "registered_session"
    __table_args__ = (
        Index(
            "uq_registered_session",
            "referral_id",
            "day",
            "outcome",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("units > 0", name="units_positive"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    day: date
    units: Decimal = Field(sa_type=Numeric(12, 4))
    outcome: ServiceOutcome = Field(sa_type=choice(ServiceOutcome))
    registered_by: UUID = Field(foreign_key="identity.account.id")
    withdrawn_at: datetime | None = instant()
    withdrawn_by: UUID | None = None


class ProviderInvoiceState(StrEnum):
    """Where a provider's invoice stands."""

    RECEIVED = "received"  # all checks passed, waits for the secretariat
    EXCEPTION = "exception"  # a check failed, the secretariat decides (R39)
    DISPUTED = "disputed"  # sent back to the provider with a reason
    CONTESTED = "contested"  # the provider answered that it is right; the secretariat judges once more
    SUPERSEDED = "superseded"  # the provider sent a corrected one instead
    WITHDRAWN = "withdrawn"  # the provider asks nothing for it any more
    APPROVED = "approved"  # released through the hatch


class ProviderDocument(StrEnum):
    """Whether a provider asks for money or gives it back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class ProviderInvoice(Row, table=True):
    """An invoice from a provider to the arbodienst; seen by the secretariat, the physician and that provider (R41).

    The amounts of a credit note are above zero too: its kind says that they are given back.
    """

    __tablename__ = "provider_invoice"
    __table_args__ = (
        Index("uq_provider_invoice_number", "tenant_id", "provider_id", "kind", "invoice_number", unique=True),
        Index("ix_provider_invoice_state", "tenant_id", "state"),
        Index("ix_provider_invoice_lines", "provider_id", "lines_digest"),
        CheckConstraint("kind = 'invoice' OR supersedes_id IS NULL", name="only_an_invoice_supersedes"),
        CheckConstraint("kind = 'credit_note' OR corrects_id IS NULL", name="only_a_credit_note_corrects"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    referral_id: UUID | None = Field(default=None, foreign_key="medical.referral.id", index=True)
    employee_id: UUID | None = Field(default=None, foreign_key="cases.employee.id", index=True)  # for the trail (R27)
    referral_number: str = Field(default="", max_length=40)
    kind: ProviderDocument = Field(default=ProviderDocument.INVOICE, sa_type=choice(ProviderDocument))
    corrects_id: UUID | None = Field(default=None, foreign_key="medical.provider_invoice.id", index=True)
    corrects_number: str = Field(default="", max_length=60)  # what a credit note says it is about
    supersedes_id: UUID | None = Field(default=None, foreign_key="medical.provider_invoice.id", unique=True)
    invoice_number: str = Field(max_length=60)
    invoice_date: date
    net_cents: int
    vat_cents: int
    gross_cents: int
    state: ProviderInvoiceState = Field(sa_type=choice(ProviderInvoiceState))
    dispute_reason: str | None = Field(default=None, max_length=40)
    due_on: date
    owner_id: UUID | None = Field(default=None, foreign_key="identity.account.id", index=True)  # of the secretariat
    climbed_on: date | None = None  # since when it is overdue and on everybody's list
    # The UBL document as it came in.
    source: bytes | None = Field(default=None, sa_type=SealedBytes("provider_invoice.source", "id"))
    lines_digest: str = Field(default="", max_length=64)  # the same for the same work under another number (R40)
    judged_by: UUID | None = None
    judged_at: datetime | None = instant()


class ProviderInvoiceLine(Row, table=True):
    """A line of a provider's invoice: what, when, how many, for how much."""

    __tablename__ = "provider_invoice_line"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    invoice_id: UUID = Field(foreign_key="medical.provider_invoice.id", index=True)
    provider_id: UUID = Field(foreign_key="identity.organisation.id")
    position: int
    description: str = Field(sa_type=SealedText("provider_invoice_line.description", "invoice_id"))
    service_date: date
    quantity: Decimal = Field(sa_type=Numeric(12, 4))
    unit_price_cents: int
    vat_rate: int
    net_cents: int
    outcome: ServiceOutcome = Field(default=ServiceOutcome.DELIVERED, sa_type=choice(ServiceOutcome))
    session_id: UUID | None = Field(default=None, foreign_key="medical.registered_session.id", index=True)


class InvoiceCheck(Row, table=True):
    """The result of one check of a provider's invoice (R39, R40)."""

    __tablename__ = "invoice_check"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    invoice_id: UUID = Field(foreign_key="medical.provider_invoice.id", index=True)
    provider_id: UUID = Field(foreign_key="identity.organisation.id")
    position: int
    code: str = Field(max_length=40)
    passed: bool
    detail: str = Field(default="", sa_type=SealedText("invoice_check.detail", "invoice_id"))


class InvoiceTalkKind(StrEnum):
    """What secretariat and provider can say to each other about an invoice."""

    DISPUTED = "disputed"  # the secretariat sends it back, with a reason
    CREDIT_ASKED = "credit_asked"  # the secretariat asks a credit note for what it had released, with a reason
    ANSWERED = "answered"  # the provider answers, with a code
    SUPERSEDED = "superseded"  # the provider sent a corrected invoice
    CREDITED = "credited"  # the provider sent a credit note


class InvoiceTalk(Row, table=True):
    """One word in the talk about an invoice; codes only, so that nothing of anybody's health is said. Only added."""

    __tablename__ = "invoice_talk"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    invoice_id: UUID = Field(foreign_key="medical.provider_invoice.id", index=True)
    provider_id: UUID = Field(foreign_key="identity.organisation.id")
    kind: InvoiceTalkKind = Field(sa_type=choice(InvoiceTalkKind))
    code: str | None = Field(default=None, max_length=40)  # the reason or the answer
    other_id: UUID | None = Field(default=None, foreign_key="medical.provider_invoice.id")  # the document that followed
    account_id: UUID
    role: Role = Field(sa_type=choice(Role))
