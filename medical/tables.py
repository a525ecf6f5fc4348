"""The tables of the walled room. Every table here holds health data, and no health data is anywhere else."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index
from sqlmodel import Field

from core.clock import now
from core.columns import Row, choice
from core.privacy import PrivacyClass
from core.sealed import SealedCode, SealedText
from identity.roles import Role
from network.tables import PriceUnit
from network.taxonomy import Disclosure, ReferralClass

SCHEMA = {"schema": "medical"}


class Held(Row):
    """A row about one employee's case; the parties to it stand in the row, so that row-level security can tell."""

    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    employee_id: UUID = Field(foreign_key="cases.employee.id", index=True)
    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)


class Assessment(Held, table=True):
    """The physician's judgement of the cause, and whether it is medical; the latest one is in force (R3)."""

    __tablename__ = "assessment"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    cause: str = Field(sa_type=SealedCode("assessment.cause"))
    medical: bool
    assessed_by: UUID = Field(foreign_key="identity.account.id")


class ReferralState(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    RETURNED = "returned"  # a draft that the physician sent back to the delegate
    ISSUED = "issued"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    INTERRUPTED = "interrupted"  # it began and stands still for a time, which is not the end of it
    REPORTED = "reported"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Referral(Held, table=True):
    """The header of a referral: who, what, when and for how much; its price is frozen (R9, R35)."""

    __tablename__ = "referral"
    __table_args__ = (
        Index("uq_referral_number", "tenant_id", "number", unique=True),
        Index("ix_referral_provider_state", "provider_id", "state"),
        Index("ix_referral_tenant_state", "tenant_id", "state"),
        Index("ix_referral_employer_state", "employer_id", "state"),
        Index("uq_referral_replaces", "replaces_id", unique=True),
        Index("uq_referral_request", "request_id", unique=True),
        CheckConstraint("units > 0", name="units_positive"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    number: str = Field(max_length=20)
    provider_id: UUID = Field(foreign_key="identity.organisation.id")
    offering_id: UUID = Field(foreign_key="network.offering.id", index=True)
    intervention: str = Field(max_length=8)
    disclosure: Disclosure = Field(sa_type=choice(Disclosure))
    referral_class: ReferralClass = Field(sa_type=choice(ReferralClass))
    state: ReferralState = Field(default=ReferralState.DRAFT, sa_type=choice(ReferralState))
    state_since: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    version: int = 1  # rises with every change, so that two people cannot overwrite one another
    drafted_by: UUID = Field(foreign_key="identity.account.id")
    issued_by: UUID | None = Field(default=None, foreign_key="identity.account.id")
    issued_on: date | None = None
    physician_account_id: UUID | None = Field(default=None, foreign_key="identity.account.id")  # responsible (R8)
    mandate_id: UUID | None = Field(default=None, foreign_key="cases.mandate.id")
    consent_id: UUID | None = Field(default=None, foreign_key="cases.consent.id")
    units: int
    unit_price_cents: int
    price_unit: PriceUnit = Field(sa_type=choice(PriceUnit))
    vat_rate: int
    price_from: date | None = None  # the first and the last day on which that price could be agreed
    price_until: date | None = None
    sickness_week: int
    sickness_year: int
    request_cofinancing: bool = False
    due_on: date | None = None  # until when its owner has to act; none means that nobody has to
    start_by: date | None = None  # until when the provider was to begin, by the terms at issue
    asked_on: date | None = None  # since when a question of the provider waits for an answer
    scheduled_for: date | None = None
    interrupted_until: date | None = None  # when it is expected to go on
    started_on: date | None = None
    access_until: date | None = None  # after which the provider no longer sees it
    replaces_id: UUID | None = Field(default=None, foreign_key="medical.referral.id")  # the redirected one (R11)
    request_id: UUID | None = Field(default=None, foreign_key="cases.intervention_request.id")  # who asked for it (R5)


class ReferralPart(Held):
    """Something that belongs to one referral, with the parties repeated for row-level security."""

    referral_id: UUID = Field(foreign_key="medical.referral.id", index=True)
    provider_id: UUID = Field(foreign_key="identity.organisation.id")


class ReferralContent(ReferralPart, table=True):
    """What the physician asks and hopes for; for the physician, the delegate, the provider and the employee."""

    __tablename__ = "referral_content"
    __table_args__ = (Index("uq_referral_content", "referral_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    goal: str = Field(sa_type=SealedText("referral_content.goal"))
    question: str = Field(sa_type=SealedText("referral_content.question"))
    # By which one will see that the goal is reached.
    expected_result: str = Field(default="", sa_type=SealedText("referral_content.expected_result"))
    # Functional information: what the employee can and cannot do.
    abilities: str = Field(default="", sa_type=SealedText("referral_content.abilities"))
    # Where the employee lives, as it was when referred.
    postcode: str | None = Field(default=None, sa_type=SealedCode("referral_content.postcode"))
    expected_days_saved: int  # days of absence; zero means that nobody estimated them


class ContentVersion(ReferralPart, table=True):
    """What a referral asked at one version of it; only ever added, so that every change stays visible."""

    __tablename__ = "content_version"
    __table_args__ = (Index("uq_content_version", "referral_id", "version", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    version: int  # of the referral, once it asked this
    goal: str = Field(sa_type=SealedText("content_version.goal"))
    question: str = Field(sa_type=SealedText("content_version.question"))
    expected_result: str = Field(default="", sa_type=SealedText("content_version.expected_result"))
    abilities: str = Field(default="", sa_type=SealedText("content_version.abilities"))
    expected_days_saved: int
    units: int
    request_cofinancing: bool
    written_by: UUID | None = None  # none when the system made a draft of a request
    role: Role = Field(sa_type=choice(Role))


class ContentSeen(ReferralPart, table=True):
    """Which version of a draft a physician has had before him; only ever added."""

    __tablename__ = "content_seen"
    __table_args__ = (Index("uq_content_seen", "referral_id", "account_id", "version", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    account_id: UUID
    version: int


class MessageKind(StrEnum):
    """What words within a referral are for."""

    RETURN = "return"  # why the physician sends a draft back; never for the provider
    QUESTION = "question"  # what the provider asks
    ANSWER = "answer"  # what physician or delegate answers


class ReferralMessage(ReferralPart, table=True):
    """Words that belong to one act on a referral, between those who deal with it; only ever added."""

    __tablename__ = "referral_message"
    __table_args__ = (Index("uq_referral_message", "referral_id", "version", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    kind: MessageKind = Field(sa_type=choice(MessageKind))
    words: str = Field(sa_type=SealedText("referral_message.words"))
    version: int  # of the referral, once these words had been added
    account_id: UUID
    role: Role = Field(sa_type=choice(Role))


class ReferralBasis(ReferralPart, table=True):
    """On which judgement a referral rests; never for the provider or the secretariat."""

    __tablename__ = "referral_basis"
    __table_args__ = (Index("uq_referral_basis", "referral_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    cause: str | None = Field(default=None, sa_type=SealedCode("referral_basis.cause"))
    medical: bool | None = None
    assessment_id: UUID | None = Field(default=None, foreign_key="medical.assessment.id")


class ReferralEvent(ReferralPart, table=True):
    """A transition of a referral; only ever added."""

    __tablename__ = "referral_event"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    action: str = Field(max_length=20)
    from_state: ReferralState | None = Field(default=None, sa_type=choice(ReferralState, "from_state"))
    to_state: ReferralState = Field(sa_type=choice(ReferralState, "to_state"))
    account_id: UUID | None = None
    role: Role = Field(sa_type=choice(Role))
    reason: str | None = Field(default=None, sa_type=SealedCode("referral_event.reason"))
    version: int  # of the referral, once it had happened


class GoalReached(StrEnum):
    """Result against the goal that was set (R75)."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_REACHED = "not_reached"


class ProviderReport(ReferralPart, table=True):
    """The provider's report, split: clinical for the physician, functional without health data."""

    __tablename__ = "provider_report"
    __table_args__ = (Index("uq_provider_report", "referral_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    clinical: str = Field(default="", sa_type=SealedText("provider_report.clinical"))
    functional: str = Field(sa_type=SealedText("provider_report.functional"))
    goal_reached: GoalReached = Field(sa_type=choice(GoalReached))
    reported_by: UUID


class WorkResumed(StrEnum):
    """What came of the work that the employee did before."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT_RESUMED = "not_resumed"


class ReferralResult(ReferralPart, table=True):
    """What a referral has brought, as whoever completes it judges; without it none is completed (R75)."""

    __tablename__ = "referral_result"
    __table_args__ = (
        Index("uq_referral_result", "referral_id", unique=True),
        CheckConstraint("hours_per_week BETWEEN 1 AND 60", name="hours"),
        CheckConstraint("(work_resumed = 'partly') <= (hours_per_week IS NOT NULL)", name="partly_in_hours"),
        CheckConstraint("work_resumed <> 'not_resumed' OR hours_per_week IS NULL", name="none_without_work"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    goal_reached: GoalReached = Field(sa_type=choice(GoalReached))
    work_resumed: WorkResumed = Field(sa_type=choice(WorkResumed))
    hours_per_week: int | None = None  # that the employee works again
    judged_by: UUID


class ReleaseEnd(StrEnum):
    """How a release ended without a charge of its own."""

    NETTED = "netted"  # given back before it was charged, wholly
    BORNE = "borne"  # the arbodienst bears it, since it could not be charged without telling of somebody (R46)
    MOOT = "moot"  # gives back what was given back before, with its whole invoice


class Release(Held, table=True):
    """An approved provider invoice on its way through the hatch; the only link between it and a charge."""

    __tablename__ = "release"
    __table_args__ = (
        Index("ix_release_waiting", "tenant_id", "employer_id", "charge_id"),
        CheckConstraint("(corrects_id IS NULL) = (net_cents > 0)", name="only_a_correction_gives_back"),
        CheckConstraint("charge_id IS NULL OR ended IS NULL", name="charged_or_ended"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    provider_invoice_id: UUID = Field(foreign_key="medical.provider_invoice.id", unique=True)
    referral_id: UUID = Field(foreign_key="medical.referral.id", index=True)
    disclosure: Disclosure = Field(sa_type=choice(Disclosure))
    corrects_id: UUID | None = Field(default=None, foreign_key="medical.release.id", index=True)
    net_cents: int  # what is charged onward, without VAT; below zero where it gives back of what it corrects
    supplied_on: date  # last day of service; the deadline of R52 counts from it
    charge_id: UUID | None = Field(default=None, foreign_key="billing.charge.id", index=True)
    ended: ReleaseEnd | None = Field(default=None, sa_type=choice(ReleaseEnd))


class ReleaseShare(Held, table=True):
    """What an insurer paid of a release, so that a credit note gives back to each exactly what he paid."""

    __tablename__ = "release_share"
    __table_args__ = (
        Index("uq_release_share", "release_id", "request_id", unique=True),
        CheckConstraint("cents <> 0", name="something"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    release_id: UUID = Field(foreign_key="medical.release.id")
    request_id: UUID = Field(foreign_key="billing.cofinancing_request.id", index=True)
    cents: int  # below zero where it was given back


class CofinancingLink(Held, table=True):
    """Which referral neutral requests for co-financing came from: the first of them, which the others name."""

    __tablename__ = "cofinancing_link"
    __table_args__ = (Index("uq_cofinancing_link", "referral_id", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    referral_id: UUID = Field(foreign_key="medical.referral.id")
    request_id: UUID = Field(foreign_key="billing.cofinancing_request.id", unique=True)


class BudgetLink(Held, table=True):
    """Which referral a request to the employer came from; a refused one can be followed by another."""

    __tablename__ = "budget_link"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    referral_id: UUID = Field(foreign_key="medical.referral.id", index=True)
    request_id: UUID = Field(foreign_key="billing.budget_request.id", unique=True)


class ProgressLink(Held, table=True):
    """Which referral an open progress came from, and which request of a case manager led to it."""

    __tablename__ = "progress_link"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.HEALTH

    referral_id: UUID = Field(foreign_key="medical.referral.id", unique=True)
    progress_id: UUID = Field(foreign_key="cases.open_progress.id", unique=True)
