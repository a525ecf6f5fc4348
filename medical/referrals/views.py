"""What each role sees of a referral: frozen values, listed field by field, so that nothing goes along by accident."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.received_files import FileKind
from identity.roles import Role
from medical.referrals.messages import MessageView
from medical.referrals.satisfaction import Rating
from medical.referrals.states import Action
from medical.referrals.versions import Unseen, VersionView
from medical.tables import GoalReached, ReferralState, WorkResumed
from network.tables import PriceUnit
from network.taxonomy import Disclosure, ReferralClass


@dataclass(frozen=True)
class ReferralLine:
    """A referral in a list. The secretary and a provider whose part is over do not get the employee's name."""

    id: UUID
    number: str
    state: ReferralState
    version: int
    state_since: datetime
    owner: Role | None  # who has to act, and until when; none when it is over
    due_on: date | None
    overdue: bool
    case_id: UUID
    employer_id: UUID
    employer_name: str
    employee_reference: str
    employee_name: str
    provider_id: UUID
    provider_name: str
    offering_id: UUID
    offering_title: str
    intervention: str
    intervention_label: str
    issued_on: date | None
    start_by: date | None  # until when the provider was to begin
    asked_on: date | None  # since when a question of the provider waits for an answer
    scheduled_for: date | None
    interrupted_until: date | None
    started_on: date | None
    delegated: bool  # issued by somebody with a mandate (R8)
    request_id: UUID | None  # a case manager asked for it (R5); physician and delegate only

    @property
    def starts_late(self) -> bool:
        """Tell whether it began, or is planned to begin, later than the provider was to."""
        begins = self.started_on or self.scheduled_for
        return self.start_by is not None and begins is not None and begins > self.start_by


@dataclass(frozen=True)
class ReferralHeader:
    """What an invoice must match; all that the secretary sees of a referral (R21)."""

    line: ReferralLine
    units: int
    unit_price_cents: int
    price_unit: PriceUnit
    vat_rate: int
    access_until: date | None
    physician_name: str
    physician_number: str | None  # in the register; stands on the letter


@dataclass(frozen=True)
class EventView:
    """Something that happened to a referral; the name is empty where the reader may not know it."""

    at: datetime
    action: Action
    from_state: ReferralState | None
    to_state: ReferralState
    role: Role
    name: str
    reason: str | None


@dataclass(frozen=True)
class ReportView:
    """The provider's report: `functional` holds no health data."""

    clinical: str
    functional: str
    goal_reached: GoalReached
    reported_at: datetime


@dataclass(frozen=True)
class AttachmentView:
    """A file that goes along: what it is called, and the hash by which it can be known; never what is in it."""

    id: UUID
    name: str
    kind: FileKind
    size: int  # bytes
    sha256: str
    added_at: datetime


@dataclass(frozen=True)
class ResultView:
    """What a referral has brought; `helped` is not the same as that it was completed."""

    goal_reached: GoalReached
    work_resumed: WorkResumed
    hours_per_week: int | None
    helped: bool
    judged_at: datetime


@dataclass(frozen=True)
class ProviderReferral:
    """What the provider sees: the question, not the cause; nothing any more once his part is over."""

    header: ReferralHeader
    goal: str | None
    question: str | None
    expected_result: str | None
    abilities: str | None
    postcode: str | None
    sickness_week: int
    reports_back: bool  # the employee lets him write back to the physician (R24, scope d)
    attachments: tuple[AttachmentView, ...]
    report: ReportView | None
    messages: tuple[MessageView, ...]
    events: tuple[EventView, ...]
    possible: tuple[Action, ...]


@dataclass(frozen=True)
class CareReferral:
    """What physician and delegate see: all of it."""

    header: ReferralHeader
    goal: str
    question: str
    expected_result: str
    abilities: str
    postcode: str | None
    expected_days_saved: int
    cause: str | None
    cause_label: str | None
    medical: bool | None
    sickness_week: int
    sickness_year: int
    disclosure: Disclosure
    referral_class: ReferralClass
    request_cofinancing: bool
    drafted_by: str
    issued_by: str
    mandate_id: UUID | None
    consent_id: UUID | None
    replaces_id: UUID | None
    replaced_by: UUID | None
    reports_back: bool
    attachments: tuple[AttachmentView, ...]
    report: ReportView | None
    result: ResultView | None
    messages: tuple[MessageView, ...]
    versions: tuple[VersionView, ...]  # of what is asked
    unseen: Unseen | None  # what changed in a draft since the physician who reads it last saw it
    events: tuple[EventView, ...]
    possible: tuple[Action, ...]
    hindrance: str | None  # why the reader cannot issue this draft himself


@dataclass(frozen=True)
class EmployeeReferral:
    """What the employee sees of his own: everything about himself (R27)."""

    header: ReferralHeader
    goal: str
    question: str
    expected_result: str
    abilities: str
    cause: str | None
    cause_label: str | None
    medical: bool | None
    attachments: tuple[AttachmentView, ...]
    report: ReportView | None
    result: ResultView | None
    rating: Rating
    messages: tuple[MessageView, ...]
    events: tuple[EventView, ...]


ReferralView = ReferralHeader | ProviderReferral | CareReferral | EmployeeReferral


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody: since when, and until when; `late_owner` is who should have acted before."""

    line: ReferralLine
    todo: str
    late_owner: Role | None
