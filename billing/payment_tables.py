"""Tables of paying: payments of invoices, refunds, what the payment provider told, its balance beside the ledger."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, text
from sqlmodel import Field, SQLModel

from core.clock import now
from core.columns import Row, choice, instant, words
from core.privacy import PrivacyClass

SCHEMA = {"schema": "billing"}
RUNNING = text("state IN ('open', 'processing')")


class PaymentState(StrEnum):
    """How far a payment is; from paid on the money has been here."""

    OPEN = "open"
    PROCESSING = "processing"  # a direct debit that is under way
    PAID = "paid"
    FAILED = "failed"  # nothing was received
    REVERSED = "reversed"  # it was received and has been taken back: a failed debit, or a dispute that was lost


class PaymentChannel(StrEnum):
    """By which way money comes in."""

    GATEWAY = "gateway"
    BANK = "bank"  # a transfer to the bank account, written down by the secretariat


class Payment(Row, table=True):
    """An attempt to pay an invoice, and what it has done to the books until now (`billing.paying.gateway.Takings`)."""

    __tablename__ = "payment"
    __table_args__ = (
        Index("uq_payment_running", "invoice_id", unique=True, postgresql_where=RUNNING),
        CheckConstraint("cents > 0", name="positive"),
        CheckConstraint("least(received_cents, refunded_cents, held_cents, lost_cents) >= 0", name="never_less"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    invoice_id: UUID = Field(foreign_key="billing.invoice.id", index=True)
    buyer_id: UUID = Field(foreign_key="identity.organisation.id")
    channel: PaymentChannel = Field(default=PaymentChannel.GATEWAY, sa_type=choice(PaymentChannel))
    gateway_reference: str = Field(max_length=120, unique=True)
    intent_reference: str | None = Field(default=None, max_length=120, unique=True)
    cents: int
    state: PaymentState = Field(default=PaymentState.OPEN, sa_type=choice(PaymentState))
    settled_at: datetime | None = instant()
    received_cents: int = 0
    fee_cents: int = 0
    refunded_cents: int = 0
    held_cents: int = 0
    lost_cents: int = 0


class RefundReason(StrEnum):
    """Why money goes back to a buyer."""

    CREDITED = "credited"  # a credit note made the invoice smaller after it was paid
    OVERPAID = "overpaid"


class RefundState(StrEnum):
    """How far a refund is."""

    ASKED = "asked"
    SENT = "sent"
    REFUSED = "refused"  # by the provider; stands on a list


class Refund(Row, table=True):
    """Money that goes back to a buyer by the way that it came."""

    __tablename__ = "refund"
    __table_args__ = (CheckConstraint("cents > 0", name="positive"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    payment_id: UUID = Field(foreign_key="billing.payment.id", index=True)
    cents: int
    reason: RefundReason = Field(sa_type=choice(RefundReason))
    state: RefundState = Field(default=RefundState.ASKED, sa_type=choice(RefundState))
    gateway_reference: str | None = Field(default=None, max_length=120)
    fault: str | None = Field(default=None, max_length=60)
    asked_by: UUID | None = None


class EventState(StrEnum):
    """What became of a message of the payment provider."""

    RECEIVED = "received"
    HANDLED = "handled"
    FAILED = "failed"  # tried, and tried again until it works; stands on a list meanwhile
    IGNORED = "ignored"  # of a kind that says nothing to us


class GatewayMessage(SQLModel, table=True):
    """A message of the payment provider, stored once; what it was about, and not what it said."""

    __tablename__ = "gateway_message"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    tenant_id: UUID | None = Field(default=None, index=True)  # nobody's, until one of its names is known
    reference: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=120)
    names: list[str] = Field(sa_type=words())
    received_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    state: EventState = Field(default=EventState.RECEIVED, sa_type=choice(EventState))
    attempts: int = 0
    fault: str | None = Field(default=None, max_length=60)
    handled_at: datetime | None = instant()


class GatewayLine(Row, table=True):
    """A change of the balance at the payment provider, as it says itself; held against the ledger every night."""

    __tablename__ = "gateway_line"
    __table_args__ = (Index("uq_gateway_line_reference", "tenant_id", "reference", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    reference: str = Field(max_length=120)
    kind: str = Field(max_length=20)
    gross_cents: int = Field(sa_type=BigInteger)
    fee_cents: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=DateTime(timezone=True))
    document_id: UUID = Field(index=True)  # our payment or payout; of what is neither, the line itself


class DifferenceReason(StrEnum):
    """How a person explains a difference; coded, so that nobody writes about people."""

    TIMING = "timing"  # the provider was a day ahead or behind
    FEE = "fee"  # a fee that was not expected
    BY_HAND = "by_hand"  # somebody acted at the provider itself
    PROVIDER_FAULT = "provider_fault"  # a mistake of the provider, which it puts right
    OUR_FAULT = "our_fault"  # a mistake of ours, which is put right in the ledger


class Difference(Row, table=True):
    """What the payment provider and the ledger say differently about one thing, until a person has explained it."""

    __tablename__ = "difference"
    __table_args__ = (
        Index("uq_difference_open", "tenant_id", "subject", unique=True, postgresql_where=text("closed_at IS NULL")),
        CheckConstraint("num_nulls(closed_at, closed_by, reason) IN (0, 3)", name="explained"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    subject: UUID  # our payment or payout, or the line of the provider that is neither
    gateway_cents: int = Field(sa_type=BigInteger)
    ledger_cents: int = Field(sa_type=BigInteger)
    due_on: date
    reason: DifferenceReason | None = Field(default=None, sa_type=choice(DifferenceReason))
    closed_by: UUID | None = None
    closed_at: datetime | None = instant()
