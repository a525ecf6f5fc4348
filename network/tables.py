"""Tables of the network: organisations, contracts, registrations, offerings, waits, and what people keep of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from core.clock import now
from core.columns import Row, choice, instant, words
from core.privacy import PrivacyClass

SCHEMA = {"schema": "network"}


class ArbodienstSettings(SQLModel, table=True):
    """What one arbodienst has decided: suppression, VAT, terms."""

    __tablename__ = "arbodienst_settings"
    __table_args__ = (
        CheckConstraint("suppression_k BETWEEN 5 AND 10", name="suppression_k"),
        CheckConstraint(
            "1 <= least(sign_working_days, revise_working_days, answer_working_days, start_working_days,"
            " inform_working_days, report_working_days, close_working_days, choose_again_working_days)"
            " AND 60 >= greatest(sign_working_days, revise_working_days, answer_working_days, start_working_days,"
            " inform_working_days, report_working_days, close_working_days, choose_again_working_days)",
            name="terms",
        ),
        CheckConstraint("onward_vat_rate IN (0, 9, 21)", name="onward_vat_rate"),
        CheckConstraint("payment_days BETWEEN 1 AND 90", name="payment_days"),
        CheckConstraint(
            "1 <= first_reminder_days AND first_reminder_days < second_reminder_days"
            " AND second_reminder_days < last_reminder_days AND last_reminder_days <= 180",
            name="reminders",
        ),
        CheckConstraint(
            "cofinancing_working_days BETWEEN 1 AND 60 AND budget_working_days BETWEEN 1 AND 60", name="answering"
        ),
        CheckConstraint("payable_days BETWEEN 0 AND 60 AND four_eyes_cents >= 0", name="paying"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    tenant_id: UUID = Field(primary_key=True, foreign_key="identity.organisation.id")
    suppression_k: int = 5  # persons in the smallest figure that is shown (R47)
    onward_vat_rate: int = 21  # per cent on everything charged onward; 0 means exempt (R48, rules 6.2)
    payment_days: int = 30
    reminds: bool = True  # whether buyers are reminded of what they have not paid
    first_reminder_days: int = 7  # after the due date; no reminder asks for interest
    second_reminder_days: int = 21
    last_reminder_days: int = 35
    money_version: int = 1  # of what is decided about money; rises with every change
    payable_days: int = 14  # after the release of a provider's invoice, within which he is paid
    four_eyes_cents: int = 1_000_00  # from more than this on a second person agrees before a provider is paid (R42)
    four_eyes_asked_cents: int | None = None  # a higher limit that somebody asked for; it counts once another agrees
    four_eyes_asked_by: UUID | None = None
    sign_working_days: int = 2  # within which the physician signs a draft or sends it back
    revise_working_days: int = 2  # within which the delegate works on what was sent back
    answer_working_days: int = 3  # within which a provider contacts the employee and answers a referral (R10)
    start_working_days: int = 5  # within which a provider who took a referral has planned its start
    inform_working_days: int = 2  # within which the referrer answers what a provider asks
    report_working_days: int = 30  # six weeks: longer without word means that nobody watches the recovery
    close_working_days: int = 5  # within which the physician reads a report and judges the result
    choose_again_working_days: int = 2  # within which the physician chooses again when nobody took a referral
    terms_version: int = 1  # of these terms; rises with every change
    invoice_check_working_days: int = 5  # within which the secretariat judges a provider invoice
    invoice_exception_working_days: int = 3  # the same for one that failed a check, or that its provider stands by
    provider_access_days: int = 30  # after completion the provider's access ends
    cofinancing_working_days: int = 10  # within which an insurer decides on a request
    budget_working_days: int = 5  # within which an employer answers whether he agrees to what is above his budget
    slot_answer_working_days: int = 2  # within which providers say whether they have a slot
    slot_hold_working_days: int = 2  # during which the first one keeps it


class OrganisationProfile(SQLModel, table=True):
    """Numbers, address and account of an organisation (rules chapter 4)."""

    __tablename__ = "organisation_profile"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    organisation_id: UUID = Field(primary_key=True, foreign_key="identity.organisation.id")
    tenant_id: UUID = Field(index=True)
    kvk: str | None = Field(default=None, max_length=8)
    vat_id: str | None = Field(default=None, max_length=14)
    iban: str | None = Field(default=None, max_length=34)
    agb: str | None = Field(default=None, max_length=8)
    street: str = Field(default="", max_length=200)
    postcode: str = Field(default="", max_length=7)
    city: str = Field(default="", max_length=100)
    email: str | None = Field(default=None, max_length=254)
    name_reveals_care: bool = False  # a name or brand that tells of care makes all that it offers CONF (rules 2.1)


class Contract(Row, table=True):
    """The agreement by which a provider belongs to the network of an arbodienst."""

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="order"),
        CheckConstraint("no_show_percent BETWEEN 0 AND 100", name="no_show_percent"),
        CheckConstraint("cancelled_late_percent BETWEEN 0 AND 100", name="cancelled_late_percent"),
        CheckConstraint("most_missed BETWEEN 0 AND 100", name="most_missed"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    starts_on: date
    ends_on: date | None = None
    suspended_at: datetime | None = instant()
    own_organisation: bool = False  # the provider belongs to the arbodienst's own group (R36)
    no_show_percent: int = 0  # of the unit price, for a session to which the employee did not come
    cancelled_late_percent: int = 0  # of the unit price, for one that was called off too late
    most_missed: int = 0  # units of both kinds that may be billed for one referral


class RegistrationKind(StrEnum):
    """A register or quality mark (rules chapter 4)."""

    BIG = "big"
    AGB = "agb"
    SRA = "sra"
    MFN = "mfn"
    RSC = "rsc"
    BLIK_OP_WERK = "blik_op_werk"
    OVAL = "oval"
    NIP = "nip"
    NOLOC = "noloc"
    NOBCO = "nobco"
    REGISTERPLEIN = "registerplein"
    NVVK = "nvvk"
    HFNL = "hfnl"
    INSURANCE = "insurance"  # professional liability


class Registration(Row, table=True):
    """An entry of a provider or one of its professionals in a register, with its end (R30, R31)."""

    __tablename__ = "registration"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    kind: RegistrationKind = Field(sa_type=choice(RegistrationKind))
    number: str = Field(max_length=40)
    holder: str = Field(default="", max_length=200)
    valid_until: date


class PriceUnit(StrEnum):
    """For what one price is asked."""

    SESSION = "session"
    HOUR = "hour"
    REPORT = "report"
    TRAJECTORY = "trajectory"


class OfferingState(StrEnum):
    """Where an offering stands; only an approved one can be found (R29)."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Evidence(StrEnum):
    """On what the claim rests that an offering works (R34)."""

    GUIDELINE = "guideline"
    OUTCOME = "outcome"
    PRACTICE = "practice"


class RejectionReason(StrEnum):
    """Why the network manager does not take an offering into the network."""

    INCOMPLETE = "incomplete"
    EVIDENCE = "evidence"
    PRICE = "price"
    REGISTRATION = "registration"
    NOT_NEEDED = "not_needed"
    PERSONAL_DATA = "personal_data"
    DOUBLE = "double"


class Gender(StrEnum):
    """Of whom an employee can ask that he treats or guides him."""

    FEMALE = "female"
    MALE = "male"


class Offering(Row, table=True):
    """What a provider offers to the network: an intervention, its price, its place and its wait."""

    __tablename__ = "offering"
    __table_args__ = (
        CheckConstraint("price_cents > 0", name="price_positive"),
        CheckConstraint("vat_rate IN (0, 9, 21)", name="vat_rate"),
        CheckConstraint("stated_wait_days BETWEEN 0 AND 730", name="stated_wait"),
        CheckConstraint("price_valid_until >= price_valid_from", name="price_validity"),
        CheckConstraint("genders <@ ARRAY['female', 'male']", name="genders"),
        CheckConstraint("(state = 'rejected') = (rejection_reason IS NOT NULL)", name="rejected_with_reason"),
        Index("ix_offering_tenant_state", "tenant_id", "state"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    provider_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    title: str = Field(max_length=160)
    description: str = Field(default="", sa_type=Text)
    intervention: str = Field(max_length=8, index=True)
    causes: list[str] = Field(default_factory=list, sa_type=words())  # the provider proposes, approval decides (R37)
    sickness_years: list[int] = Field(default_factory=list, sa_type=ARRAY(Integer))
    online: bool = False
    nationwide: bool = False
    radius_km: int = 0  # how far the provider travels to the employee; 0: the employee comes to him
    postcode: str | None = Field(default=None, max_length=4)
    region: str | None = Field(default=None, max_length=20)  # the province of the postcode
    latitude: float | None = None
    longitude: float | None = None
    price_cents: int  # for one unit, without VAT
    price_unit: PriceUnit = Field(sa_type=choice(PriceUnit))
    vat_rate: int = 21  # per cent; 0 means exempt
    price_valid_from: date
    price_valid_until: date | None = None
    programme_weeks: int = 1
    evidence: Evidence = Field(default=Evidence.PRACTICE, sa_type=choice(Evidence))
    languages: list[str] = Field(default_factory=list, sa_type=words())  # in which it can be had, as ISO 639 codes
    genders: list[str] = Field(default_factory=list, sa_type=words())  # of the people who do it; one may be asked for
    stated_wait_days: int
    stated_on: date
    accepts_new: bool = True  # whether somebody who is referred today is taken at all
    state: OfferingState = Field(default=OfferingState.SUBMITTED, sa_type=choice(OfferingState))
    submitted_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))  # since when a decision is due
    version: int = 1  # rises with every change, so that nobody approves what he has not seen
    rejection_reason: RejectionReason | None = Field(default=None, sa_type=choice(RejectionReason))
    decided_by: UUID | None = None
    decided_at: datetime | None = instant()


class MeasuredWait(SQLModel, table=True):
    """Waits that were measured, let out of the medical room only from n >= 6 on (R32); days from issue to start."""

    __tablename__ = "measured_wait"
    __table_args__ = (CheckConstraint("n >= 6", name="n_large_enough"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    offering_id: UUID = Field(primary_key=True, foreign_key="network.offering.id")
    tenant_id: UUID = Field(index=True)
    median_days: int
    p80_days: int
    n: int
    measured_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Favourite(Row, table=True):
    """An offering that somebody who refers keeps at hand for himself; it says nothing of any employee."""

    __tablename__ = "favourite"
    __table_args__ = (
        Index(
            "uq_favourite_kept", "account_id", "offering_id", unique=True, postgresql_where=text("removed_at IS NULL")
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    account_id: UUID = Field(foreign_key="identity.account.id")
    offering_id: UUID = Field(foreign_key="network.offering.id")
    removed_at: datetime | None = instant()


class SavedSearch(Row, table=True):
    """Filters under a name that somebody who refers gave them, without a case and without an employee.

    `filters` are those of `search.query.SearchFilters`; `seen` is what stood on top when the owner last looked, and
    `news_id` the offering that has come above it since.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(filters) = 'object'", name="filters"),
        # A search is of nobody: neither the case for which it was made, nor the week in which that case was.
        CheckConstraint(
            "NOT filters ?| ARRAY['dossier', 'vervangt', 'case_id', 'employee_id', 'week']", name="of_nobody"
        ),
        Index("ix_saved_search_account_id_kept", "account_id", postgresql_where=text("removed_at IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    account_id: UUID = Field(foreign_key="identity.account.id")
    name: str = Field(max_length=80)
    filters: dict[str, Any] = Field(sa_type=JSONB)
    warns: bool = False
    seen: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    news_id: UUID | None = Field(default=None, foreign_key="network.offering.id")
    news_on: date | None = None
    removed_at: datetime | None = instant()


class MeasuredOutcome(SQLModel, table=True):
    """How often what was agreed was reached, let out of the medical room only from n >= 10 on and in steps of 6."""

    __tablename__ = "measured_outcome"
    __table_args__ = (
        CheckConstraint("n >= 10", name="n_large_enough"),
        CheckConstraint("reached_percent BETWEEN 0 AND 100", name="percent"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    offering_id: UUID = Field(primary_key=True, foreign_key="network.offering.id")
    tenant_id: UUID = Field(index=True)
    reached_percent: int  # of the completed referrals; one that was reached in part counts for half
    n: int
    measured_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class MeasuredAnswers(SQLModel, table=True):
    """How a provider answers referrals, or all providers of an arbodienst together; from n >= 10 on (R10)."""

    __tablename__ = "measured_answers"
    __table_args__ = (
        CheckConstraint("n >= 10", name="n_large_enough"),
        CheckConstraint("answered_percent BETWEEN 0 AND 100", name="answered_percent"),
        CheckConstraint("declined_percent BETWEEN 0 AND answered_percent", name="declined_percent"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    organisation_id: UUID = Field(primary_key=True, foreign_key="identity.organisation.id")
    tenant_id: UUID = Field(index=True)
    answered_percent: int  # of the referrals whose term to answer is over; silence is no answer
    declined_percent: int
    n: int
    measured_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class MeasuredIntervention(SQLModel, table=True):
    """Waits and outcomes of one type of intervention over the whole network, with the same least numbers (R32, R34)."""

    __tablename__ = "measured_intervention"
    __table_args__ = (
        CheckConstraint("wait_n >= 6 AND num_nulls(wait_n, median_days, p80_days) IN (0, 3)", name="wait"),
        CheckConstraint("outcome_n >= 10 AND num_nulls(outcome_n, reached_percent) IN (0, 2)", name="outcome"),
        CheckConstraint("reached_percent BETWEEN 0 AND 100", name="percent"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    tenant_id: UUID = Field(primary_key=True)
    intervention: str = Field(primary_key=True, max_length=8)
    median_days: int | None = None
    p80_days: int | None = None
    wait_n: int | None = None
    reached_percent: int | None = None
    outcome_n: int | None = None
    measured_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class SynonymGroup(Row, table=True):
    """Expressions that mean the same to who searches in one network; takes the place of a built-in group of that name.

    Without others the built-in group is switched off.
    """

    __tablename__ = "synonym_group"
    __table_args__ = (Index("uq_synonym_group", "tenant_id", "preferred", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    preferred: str = Field(max_length=60)
    others: list[str] = Field(default_factory=list, sa_type=words())
    version: int = 1
    changed_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
