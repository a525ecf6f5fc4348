"""Tables of absence cases: employees, spells, consents, mandates, requests and progress; nothing about health."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from core.columns import Row, choice, instant, words
from core.privacy import PrivacyClass
from identity.roles import Role
from network.taxonomy import Disclosure

SCHEMA = {"schema": "cases"}


class OwnRisk(StrEnum):
    """For what an employer bears the risk of this employee himself, so that the absence is kept longer (R71)."""

    WGA = "wga"
    ZW = "zw"


class Employee(Row, table=True):
    """A person employed by an employer, known by the employer's own reference; never by a BSN (R72)."""

    __tablename__ = "employee"
    __table_args__ = (Index("uq_employee_reference", "employer_id", "reference", unique=True), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    reference: str = Field(max_length=40)
    name: str = Field(default="", max_length=200)
    employed_until: date | None = None  # with which the term of keeping begins (R71)
    own_risk: OwnRisk | None = Field(default=None, sa_type=choice(OwnRisk))  # that makes that term longer
    absence_removed_on: date | None = None


class AbsenceCase(Row, table=True):
    """One absence, from the first sick day to recovery; ended spells less than 28 days apart belong to it (R64)."""

    __tablename__ = "absence_case"
    __table_args__ = (
        Index("uq_absence_case_running", "employee_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("uq_absence_case_number", "tenant_id", "number", unique=True),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    employer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    employee_id: UUID = Field(foreign_key="cases.employee.id", index=True)
    number: str = Field(max_length=16)
    postcode: str | None = Field(default=None, max_length=4)
    opened_by: UUID
    closed_at: datetime | None = instant()
    liable_party: bool = False  # an accident for which somebody else is liable (R63)
    absence_removed_on: date | None = None  # at the end of its term; what stays belongs to the medical file (R71)


class SickSpell(Row, table=True):
    """A stretch of sick days: from the first one until the day of recovery, which is no sick day itself."""

    __tablename__ = "sick_spell"
    __table_args__ = (
        CheckConstraint("recovered_on > first_sick_day", name="order"),
        Index("uq_sick_spell_running", "case_id", unique=True, postgresql_where=text("recovered_on IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    first_sick_day: date
    recovered_on: date | None = None


class ConsentScope(StrEnum):
    """To what the employee consents (R24)."""

    PROVIDER = "provider"  # (a) his data go to the provider of a referral
    EMPLOYER = "employer"  # (b) the employer may know that an intervention takes place
    INSURER = "insurer"  # (c) a neutral request may go to the employer's insurer
    REPORT_BACK = "report_back"  # (d) the provider reports back to the occupational physician


class ConsentForm(StrEnum):
    """How the consent was given."""

    WRITTEN = "written"
    ORAL = "oral"


class Consent(Row, table=True):
    """A consent as it was given; withdrawal is written beside it and ends later disclosure (R23, R24)."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("uq_consent_in_force", "case_id", "scope", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    employee_id: UUID = Field(foreign_key="cases.employee.id")
    scope: ConsentScope = Field(sa_type=choice(ConsentScope))
    form: ConsentForm = Field(sa_type=choice(ConsentForm))
    given_on: date
    text_version: str = Field(max_length=16)  # of cases/data/consent_texts.toml, where the words are
    text_language: str = Field(max_length=2)  # in which they were read
    told_of_forwarding: bool = False  # the employer may pass it on to an insurer (R26)
    recorded_by: UUID
    recorded_role: Role = Field(sa_type=choice(Role, "recorded_role"))
    withdrawn_at: datetime | None = instant()
    withdrawn_by: UUID | None = None
    withdrawn_role: Role | None = Field(default=None, sa_type=choice(Role, "withdrawn_role"))


class WithdrawalSeen(Row, table=True):
    """A physician has taken notice of a consent that was withdrawn; only ever added (R24)."""

    __tablename__ = "withdrawal_seen"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    consent_id: UUID = Field(foreign_key="cases.consent.id", unique=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    account_id: UUID = Field(foreign_key="identity.account.id")


class Mandate(Row, table=True):
    """A physician lets a named person refer for one employer and named interventions, for a time (R2, R7)."""

    __tablename__ = "mandate"
    __table_args__ = (CheckConstraint("valid_until >= valid_from", name="order"), SCHEMA)
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    physician_account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    holder_account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id", index=True)
    interventions: list[str] = Field(sa_type=words())
    valid_from: date
    valid_until: date
    revoked_at: datetime | None = instant()


class AuthorisedDoctor(Row, table=True):
    """The doctor whom an employer has authorised to know the medical file of one employee in a dispute (R16).

    Who that is says nothing of the employee's health. He is known by the number of his registration, so that he is
    recognised when he acts as an occupational physician here.
    """

    __tablename__ = "authorised_doctor"
    __table_args__ = (
        Index(
            "uq_authorised_doctor",
            "employee_id",
            "register_number",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    employee_id: UUID = Field(foreign_key="cases.employee.id")
    name: str = Field(max_length=200)
    register_number: str = Field(max_length=11)  # BIG
    named_by: UUID
    ended_at: datetime | None = instant()


class RequestState(StrEnum):
    """Where a case manager's request for an open intervention stands."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


class InterventionRequest(Row, table=True):
    """A case manager asks for an OPEN, non-medical specialist; somebody with authority decides above (R5)."""

    __tablename__ = "intervention_request"
    __table_args__ = (
        Index(
            "uq_intervention_request_pending",
            "case_id",
            "offering_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    offering_id: UUID = Field(foreign_key="network.offering.id")
    intervention: str = Field(max_length=8)
    goal: str = Field(max_length=500)
    requested_by: UUID
    state: RequestState = Field(default=RequestState.PENDING, sa_type=choice(RequestState))
    decided_at: datetime | None = instant()


class ProgressState(StrEnum):
    """How far an open intervention is, as the employer's side may know it."""

    REQUESTED = "requested"
    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"


class OpenProgress(Row, table=True):
    """Progress of an OPEN intervention, let out by the hatch; no provider's text, no session."""

    __tablename__ = "open_progress"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    case_id: UUID = Field(foreign_key="cases.absence_case.id", index=True)
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    intervention: str = Field(max_length=8)
    state: ProgressState = Field(sa_type=choice(ProgressState))
    changed_on: date


class StepDone(Row, table=True):
    """A step of the Poortwachter process that was done for a case, for one week of sickness.

    One that was marked by mistake is cleared: it stays here with who did so, and counts no more.
    Steps that are done only for a certain kind of complaint would tell of health; this room must not know them.
    """

    __tablename__ = "step_done"
    __table_args__ = (
        Index("uq_step_done", "case_id", "step", "week", unique=True, postgresql_where=text("cleared_at IS NULL")),
        CheckConstraint("step NOT IN (8, 9, 10, 12)", name="tells_nothing_of_health"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.PERSONAL

    case_id: UUID = Field(foreign_key="cases.absence_case.id")
    employer_id: UUID = Field(foreign_key="identity.organisation.id")
    step: int
    week: int  # in which it was due; for a step that follows an event the week in which it was done
    done_on: date
    done_by: UUID
    cleared_at: datetime | None = instant()
    cleared_by: UUID | None = None


class InterventionReport(Row, table=True):
    """The yearly report of interventions of one employer, or of the arbodienst as a whole; made once (R76)."""

    __tablename__ = "intervention_report"
    __table_args__ = (
        Index(
            "uq_intervention_report",
            "tenant_id",
            "employer_id",
            "year",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    employer_id: UUID | None = Field(default=None, foreign_key="identity.organisation.id")
    year: int
    k: int  # persons behind the smallest number in it
    published_on: date


class InterventionCount(Row, table=True):
    """A number of a report, let out by the hatch; what is hidden never leaves it, so it is not here (R47, R76)."""

    __tablename__ = "intervention_count"
    __table_args__ = (
        Index(
            "uq_intervention_count",
            "report_id",
            "disclosure",
            "intervention",
            "sickness_year",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("persons >= 5", name="persons_enough"),
        CheckConstraint("disclosure = 'OPEN' OR intervention IS NULL", name="confidential_names_no_type"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.BUSINESS

    report_id: UUID = Field(foreign_key="cases.intervention_report.id")
    employer_id: UUID | None = Field(default=None, foreign_key="identity.organisation.id")
    disclosure: Disclosure = Field(sa_type=choice(Disclosure))
    intervention: str | None = Field(default=None, max_length=8)  # none: all of them together
    sickness_year: int | None = None  # none: both together
    persons: int
