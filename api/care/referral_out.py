"""Referrals as JSON: one shape for each role, so that a field which a role may not see is not even empty."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.paged import Paged
from core.received_files import FileKind
from identity.roles import Role
from medical.referrals.moves import Outcome
from medical.referrals.states import Action
from medical.referrals.views import (
    CareReferral,
    EmployeeReferral,
    ProviderReferral,
    ReferralHeader,
    ReferralLine,
    ReferralView,
    Task,
)
from medical.tables import GoalReached, MessageKind, ReferralState, WorkResumed
from network.tables import PriceUnit
from network.taxonomy import Disclosure, ReferralClass


class NamedOut(BaseModel):
    """Something with a name."""

    id: UUID
    name: str


class OfferingOut(BaseModel):
    """The offering referred to."""

    id: UUID
    title: str


class CodeOut(BaseModel):
    """A code of the taxonomy and its label."""

    code: str
    label: str


class EmployeeOut(BaseModel):
    """The employee, by the employer's reference; the name is empty where the caller has no use for it."""

    reference: str
    name: str


class PriceOut(BaseModel):
    """The frozen price of one unit, without VAT (R35)."""

    cents: int
    currency: Literal["EUR"] = "EUR"
    unit: PriceUnit


class PhysicianOut(BaseModel):
    """The responsible physician (R8)."""

    name: str
    registration_number: str | None


class EventOut(BaseModel):
    """Something that happened to the referral."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    action: Action
    from_state: ReferralState | None
    to_state: ReferralState
    role: Role
    name: str
    reason: str | None


class ReportOut(BaseModel):
    """The provider's report; `functional` holds no health data."""

    model_config = ConfigDict(from_attributes=True)

    clinical: str
    functional: str
    goal_reached: GoalReached
    reported_at: datetime


class AttachmentOut(BaseModel):
    """A file that goes along."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    kind: FileKind
    size: int
    sha256: str
    added_at: datetime


class MessageOut(BaseModel):
    """What somebody wrote within the referral: why a draft was sent back, a question, or its answer."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    kind: MessageKind
    role: Role
    name: str
    words: str


class ResultOut(BaseModel):
    """What the referral has brought; `helped` is not the same as that it was completed (R75)."""

    model_config = ConfigDict(from_attributes=True)

    goal_reached: GoalReached
    work_resumed: WorkResumed
    hours_per_week: int | None
    helped: bool
    judged_at: datetime


class ChangeOut(BaseModel):
    """A field of the draft that changed."""

    field: str
    before: str | int | bool
    after: str | int | bool


class VersionOut(BaseModel):
    """What is asked as it was from a moment on, and what it changed."""

    version: int
    at: datetime
    name: str
    role: Role
    changes: list[ChangeOut]


class UnseenOut(BaseModel):
    """What changed in a draft since the caller last saw it."""

    seen_at: datetime
    changes: list[ChangeOut]


class ReferralLineOut(BaseModel):
    """A referral in a list: who has to act, and until when."""

    id: UUID
    number: str
    state: ReferralState
    version: int
    state_since: datetime
    owner: Role | None
    due_on: date | None
    overdue: bool
    case_id: UUID
    employer: NamedOut
    employee: EmployeeOut
    provider: NamedOut
    offering: OfferingOut
    intervention: CodeOut
    issued_on: date | None
    start_by: date | None
    asked_on: date | None
    scheduled_for: date | None
    interrupted_until: date | None
    started_on: date | None
    starts_late: bool
    delegated: bool
    request_id: UUID | None


class ReferralsOut(Paged[ReferralLineOut]):
    """A page of referrals, the newest first."""


class TaskOut(BaseModel):
    """Something that waits for the caller; `late_owner` is who should have acted before."""

    referral: ReferralLineOut
    todo: str
    late_owner: Role | None


class TasksOut(Paged[TaskOut]):
    """A page of what waits, the oldest term first."""


class HeaderOut(ReferralLineOut):
    """What an invoice must match."""

    units: int
    price: PriceOut
    vat_rate: int
    access_until: date | None
    physician: PhysicianOut


class RatingOut(BaseModel):
    """What he said, null when nothing, and whether he can say it now."""

    model_config = ConfigDict(from_attributes=True)

    score: int | None
    is_open: bool


class EmployeeReferralOut(HeaderOut):
    """What the employee sees of his own."""

    goal: str
    question: str
    expected_result: str
    abilities: str
    cause: CodeOut | None
    medical: bool | None
    attachments: list[AttachmentOut]
    report: ReportOut | None
    result: ResultOut | None
    rating: RatingOut
    messages: list[MessageOut]
    events: list[EventOut]


class ProviderReferralOut(HeaderOut):
    """What the provider sees: the question, and nothing of the cause."""

    goal: str | None
    question: str | None
    expected_result: str | None
    abilities: str | None
    postcode: str | None
    sickness_week: int
    reports_back: bool
    attachments: list[AttachmentOut]
    report: ReportOut | None
    messages: list[MessageOut]
    events: list[EventOut]
    possible: list[Action]


class CareReferralOut(HeaderOut):
    """What physician and delegate see: all of it."""

    goal: str
    question: str
    expected_result: str
    abilities: str
    postcode: str | None
    expected_days_saved: int
    cause: CodeOut | None
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
    attachments: list[AttachmentOut]
    report: ReportOut | None
    result: ResultOut | None
    messages: list[MessageOut]
    versions: list[VersionOut]
    unseen: UnseenOut | None
    events: list[EventOut]
    possible: list[Action]
    hindrance: str | None


ReferralOut = CareReferralOut | ProviderReferralOut | EmployeeReferralOut | HeaderOut


class OutcomeOut(BaseModel):
    """How a referral stands after an act: who has to act next, until when, and what the caller can do now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    state: ReferralState
    version: int
    owner: Role | None
    due_on: date | None
    possible: list[Action]
    notices: list[str]
    replaced_by: UUID | None


def outcome_out(found: Outcome) -> OutcomeOut:
    """Return the outcome of an act as JSON."""
    return OutcomeOut.model_validate(found)


def line_out(line: ReferralLine) -> ReferralLineOut:
    """Return a referral in a list as JSON."""
    return ReferralLineOut.model_validate(_line(line))


def task_out(task: Task) -> TaskOut:
    """Return something that waits as JSON."""
    return TaskOut(referral=line_out(task.line), todo=task.todo, late_owner=task.late_owner)


def referral_out(view: ReferralView) -> ReferralOut:
    """Return a referral in the shape of whoever reads it."""
    if isinstance(view, ReferralHeader):
        return HeaderOut.model_validate(_header(view))
    facts = _header(view.header) | {name: value for name, value in asdict(view).items() if name != "header"}
    if isinstance(view, ProviderReferral):
        return ProviderReferralOut.model_validate(facts)
    facts["cause"] = _cause(view)
    if isinstance(view, EmployeeReferral):
        return EmployeeReferralOut.model_validate(facts)
    return CareReferralOut.model_validate(facts)


def _cause(view: CareReferral | EmployeeReferral) -> dict[str, str] | None:
    if view.cause is None or view.cause_label is None:
        return None
    return {"code": view.cause, "label": view.cause_label}


def _line(line: ReferralLine) -> dict[str, Any]:
    return asdict(line) | {
        "starts_late": line.starts_late,
        "employer": {"id": line.employer_id, "name": line.employer_name},
        "employee": {"reference": line.employee_reference, "name": line.employee_name},
        "provider": {"id": line.provider_id, "name": line.provider_name},
        "offering": {"id": line.offering_id, "title": line.offering_title},
        "intervention": {"code": line.intervention, "label": line.intervention_label},
    }


def _header(header: ReferralHeader) -> dict[str, Any]:
    return _line(header.line) | {
        "units": header.units,
        "price": {"cents": header.unit_price_cents, "unit": header.price_unit},
        "vat_rate": header.vat_rate,
        "access_until": header.access_until,
        "physician": {"name": header.physician_name, "registration_number": header.physician_number},
    }
