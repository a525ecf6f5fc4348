"""Tables of money: charges, invoices, policies, co-financing and the double-entry ledger."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from core.columns import Row, choice, instant, words
from core.privacy import PrivacyClass

SCHEMA = {"schema": "billing"}


class ChargeKind(StrEnum):
    """How much a charge may say."""

    OPEN = "open"  # type of intervention and employee reference (R45)
    OWN_LINE = "own_line"  # confidential with consent (b): the constant text and a total (R46)
    POOLED = "pooled"  # confidential without it: the sum over k or more employees (R46)
    SERVICE = "service"  # what the arbodienst's own services of a month cost, perhaps with more in it (R46, R52)


class Charge(Row, table=True):
    """A clean amount for one employer, built from a whitelist by the hatch; nothing in it tells of health (R43).

    One that corrects another gives (part of) it back: its amounts are below zero, and its invoice is a credit note.
    """

    __tablename__ = "charge"
    __table_args__ = (
        CheckConstraint("(kind = 'open') = (intervention IS NOT NULL)", name="only_open_names_a_type"),
        CheckConstraint("kind = 'open' OR employee_reference IS NULL", name="only_open_names_somebody"),
        CheckConstraint("(corrects_id IS NULL) = (net_cents > 0)", name="only_a_correction_gives_back"),
        CheckConstraint("insurer_cents BETWEEN least(net_cents, 0) AND greatest(net_cents, 0)", name="shares"),
        Index("ix_charge_without_invoice", "tenant_id", "month", postgresql_where=text("invoice_id IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    employer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    kind: ChargeKind = Field(sa_type=choice(ChargeKind))
    intervention: str | None = Field(default=None, max_length=8)
    employee_reference: str | None = Field(default=None, max_length=40)
    month: date  # first day of the month of charging; no other date leaves the medical room (L3)
    net_cents: int  # the whole price without VAT
    insurer_cents: int = 0  # the insurer's share of it; the employer's is the rest (R51)
    vat_rate: int
    invoice_id: UUID | None = Field(default=None, foreign_key="billing.invoice.id", index=True)
    corrects_id: UUID | None = Field(default=None, foreign_key="billing.charge.id", index=True)
    replaces_id: UUID | None = Field(default=None, foreign_key="billing.charge.id", unique=True)  # charged anew


class InsurerShare(Row, table=True):
    """What an insurer owes for a request that it granted, for as much of the intervention as is charged.

    One that corrects another gives (part of) it back, as a charge does.
    """

    __tablename__ = "insurer_share"
    __table_args__ = (
        CheckConstraint("(corrects_id IS NULL) = (net_cents > 0)", name="only_a_correction_gives_back"),
        Index("ix_insurer_share_without_invoice", "tenant_id", "month", postgresql_where=text("invoice_id IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    insurer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    request_id: UUID = Field(foreign_key="billing.cofinancing_request.id", index=True)
    month: date
    net_cents: int
    vat_rate: int
    invoice_id: UUID | None = Field(default=None, foreign_key="billing.invoice.id", index=True)
    corrects_id: UUID | None = Field(default=None, foreign_key="billing.insurer_share.id", index=True)
    replaces_id: UUID | None = Field(default=None, foreign_key="billing.insurer_share.id", unique=True)


class ChargeRun(Row, table=True):
    """One run of the monthly charging, by whom and with what result."""

    __tablename__ = "charge_run"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    month: date
    run_by: UUID
    carried_over: int = 0


class NumberSeries(SQLModel, table=True):
    """The one gapless series of document numbers of an arbodienst, per year (R49)."""

    __tablename__ = "number_series"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    tenant_id: UUID = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last_number: int = 0


class InvoiceKind(StrEnum):
    """Whether a document asks for money or gives it back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class CreditReason(StrEnum):
    """Why the arbodienst gives an invoice back; coded, and for itself: it stands on no document."""

    WRONG_AMOUNT = "wrong_amount"
    WRONG_VAT = "wrong_vat"
    WRONG_BUYER = "wrong_buyer"
    NOT_OWED = "not_owed"
    GOODWILL = "goodwill"
    PROVIDER_CREDIT = "provider_credit"  # a provider gave back, and so the monthly run does


class Invoice(Row, table=True):
    """An issued document of the arbodienst, immutable from the moment that it has a number (R50)."""

    __tablename__ = "invoice"
    __table_args__ = (
        Index("uq_invoice_number", "tenant_id", "number", unique=True),
        CheckConstraint("total_cents = net_cents + vat_cents", name="sum"),
        CheckConstraint(
            "(kind = 'credit_note') = (corrects_id IS NOT NULL)"
            " AND (kind = 'credit_note') = (credit_reason IS NOT NULL)"
            " AND (kind = 'credit_note' OR NOT charge_anew)",
            name="a_credit_note_corrects",
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    number: str = Field(max_length=20)
    kind: InvoiceKind = Field(sa_type=choice(InvoiceKind))
    buyer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    issue_date: date
    due_date: date
    month: date
    net_cents: int
    vat_cents: int
    total_cents: int
    document: dict[str, Any] = Field(sa_type=JSONB)  # the frozen billing.invoicing.documents.InvoiceDocument
    corrects_id: UUID | None = Field(default=None, foreign_key="billing.invoice.id", index=True)
    credit_reason: CreditReason | None = Field(default=None, sa_type=choice(CreditReason))
    charge_anew: bool = False  # what a credit note gives back is charged again by the next run
    charge_run_id: UUID | None = Field(default=None, foreign_key="billing.charge_run.id")


class PolicyKind(StrEnum):
    """A kind of insurance that may share in the cost of an intervention (rules 5.1)."""

    ABSENCE = "absence"
    WGA = "wga"
    ZW = "zw"
    WIA = "wia"
    HEALTH = "health"


class InsurancePolicy(Row, table=True):
    """What an insurer has agreed to share for one employer; the rules are data (R61).

    A policy stays as it was written, so that what was decided under it can be read back: other terms are another
    version, which names the first one as its line.
    """

    __tablename__ = "insurance_policy"
    __table_args__ = (
        CheckConstraint("percentage BETWEEN 1 AND 100", name="percentage"),
        CheckConstraint("valid_until >= valid_from", name="period"),
        CheckConstraint("budget_cents >= 0", name="budget"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    insurer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    line_id: UUID | None = Field(default=None, foreign_key="billing.insurance_policy.id", index=True)
    kind: PolicyKind = Field(sa_type=choice(PolicyKind))
    number: str = Field(max_length=40)
    valid_from: date
    valid_until: date
    percentage: int
    cap_cents: int | None = None  # per request
    budget_cents: int | None = None  # per calendar year
    interventions: list[str] = Field(default_factory=list, sa_type=words())  # the open ones; none named means all
    confidential: bool = True  # whether what is confidential is covered
    rules: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    registered_by: UUID | None = None
    ended_on: date | None = None  # its last day, when it ends before its time
    ended_by: UUID | None = None


class CofinancingState(StrEnum):
    """Where a request for co-financing stands."""

    PREPARED = "prepared"  # let out by the hatch, waits for the case manager
    SUBMITTED = "submitted"  # waits for the insurer
    APPROVED = "approved"
    PARTIAL = "partial"
    DECLINED = "declined"
    LAPSED = "lapsed"  # charged in full before a decision, or consent withdrawn


class DeclineReason(StrEnum):
    """Why an insurer grants less than was asked; coded, so that nobody writes about health."""

    NOT_COVERED = "not_covered"
    BUDGET_SPENT = "budget_spent"
    COST_BENEFIT = "cost_benefit"
    TOO_LATE = "too_late"
    OTHER_INSURANCE = "other_insurance"


class CofinancingRequest(Row, table=True):
    """A neutral request to an insurer: class, price, week, days and ratio; no cause, no provider (R57, R58)."""

    __tablename__ = "cofinancing_request"
    __table_args__ = (
        CheckConstraint("(disclosure = 'OPEN') = (intervention IS NOT NULL)", name="only_open_names_a_type"),
        CheckConstraint("decided_cents BETWEEN 0 AND requested_cents", name="decided_at_most_requested"),
        CheckConstraint("requested_cents BETWEEN 0 AND price_cents", name="requested_at_most_price"),
        CheckConstraint("charged_cents BETWEEN 0 AND coalesce(decided_cents, 0)", name="charged_at_most_decided"),
        Index(
            "uq_cofinancing_request_undecided",
            "matter_id",
            unique=True,
            postgresql_where=text("state IN ('prepared', 'submitted')"),
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    number: str = Field(max_length=20, unique=True)
    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    insurer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    policy_id: UUID = Field(foreign_key="billing.insurance_policy.id")
    # The first request for the same intervention, itself for the first: one insurer after another can be asked.
    matter_id: UUID = Field(foreign_key="billing.cofinancing_request.id", index=True)
    disclosure: str = Field(max_length=4)
    intervention: str | None = Field(default=None, max_length=8)
    sickness_year: int
    sickness_week: int
    price_cents: int
    expected_days: int
    percentage: int
    requested_cents: int
    daily_cost_cents: int | None = None
    state: CofinancingState = Field(default=CofinancingState.PREPARED, sa_type=choice(CofinancingState))
    submitted_by: UUID | None = None
    submitted_at: datetime | None = instant()
    decide_by: date | None = None  # until when the insurer decides, by the terms at submission
    budget_year: int | None = None  # of which year's budget the grant is taken; written by the database
    decided_cents: int | None = None
    decision_reason: DeclineReason | None = Field(default=None, sa_type=choice(DeclineReason))
    decided_by: UUID | None = None
    decided_at: datetime | None = instant()
    charged_month: date | None = None  # from then on the decision is final (R59)
    charged_cents: int = 0  # what the insurer was charged of what it granted, less what was credited
    closed_month: date | None = None  # from then on nothing more is charged: what is left of the grant is free again


class LedgerTransaction(Row, table=True):
    """A booking; its entries add up to zero, kept by the database."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (CheckConstraint("sides >= 2", name="sides"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    kind: str = Field(max_length=40)
    document_id: UUID | None = Field(default=None, index=True)
    sides: int  # how many entries it has: so none can be added to it afterwards


class LedgerEntry(Row, table=True):
    """One side of a booking: debit above zero, credit below, in cents."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_account", "tenant_id", "account", "created_at"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    transaction_id: UUID = Field(foreign_key="billing.ledger_transaction.id", index=True)
    account: str = Field(max_length=40)
    party_id: UUID | None = Field(default=None, foreign_key="identity.organisation.id", index=True)
    cents: int = Field(sa_type=BigInteger)
