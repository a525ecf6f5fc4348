"""A case as it was known at any moment, over JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.care.referral_out import CodeOut
from api.money import Money, money
from billing.budget_tables import BudgetRefusal
from cases.tables import ConsentForm, ConsentScope
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.cases.history import CaseThen, case_as_of
from medical.tables import ReferralState

router = Section(prefix="/cases", tags=["cases"])


class JudgedOut(BaseModel):
    """The judgement that was in force."""

    cause: CodeOut
    medical: bool
    assessed_by: str
    assessed_at: datetime


class ConsentThenOut(BaseModel):
    """A consent that had been given, and whether it held then."""

    id: UUID
    scope: ConsentScope
    form: ConsentForm
    given_on: date
    text_version: str
    in_force: bool


class MandateThenOut(BaseModel):
    """A mandate that had been signed, and whether it held then."""

    id: UUID
    holder_name: str
    physician_name: str
    interventions: list[str]
    valid_from: date
    valid_until: date
    in_force: bool


class ChangeOut(BaseModel):
    """What has changed since."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    before: str | int | bool
    after: str | int | bool


class ReferralThenOut(BaseModel):
    """A referral as it stood."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    intervention_label: str
    provider_name: str
    state: ReferralState
    since: datetime
    version: int
    goal: str
    question: str
    expected_result: str
    abilities: str
    changed_since: list[ChangeOut]


class NotFollowedOut(BaseModel):
    """Advice to which the employer had not agreed (R12)."""

    number: str
    price: Money
    reason: BudgetRefusal | None
    refused_at: datetime | None


class CaseThenOut(BaseModel):
    """A case as it was known at a moment."""

    at: datetime
    judged: JudgedOut | None
    consents: list[ConsentThenOut]
    mandates: list[MandateThenOut]
    referrals: list[ReferralThenOut]
    not_followed: list[NotFollowedOut]


@router.get("/{case_id}/as-of")
def as_of(
    work: Annotated[Work, care(Permission.SEE_MEDICAL_CASE)],
    case_id: UUID,
    at: Annotated[AwareDatetime, Query(description="A moment with its time zone, as 2026-11-20T14:00:00Z.")],
) -> CaseThenOut:
    """Return judgement, consents, mandates and referrals of a case as they were known at a moment."""
    return _out(case_as_of(work.session, work.actor, case_id, at))


def _out(found: CaseThen) -> CaseThenOut:
    judged = found.judged
    return CaseThenOut(
        at=found.at,
        judged=JudgedOut(
            cause=CodeOut(code=judged.cause, label=judged.cause_label),
            medical=judged.medical,
            assessed_by=judged.assessed_by,
            assessed_at=judged.assessed_at,
        )
        if judged
        else None,
        consents=[
            ConsentThenOut(
                id=each.consent.id,
                scope=each.consent.scope,
                form=each.consent.form,
                given_on=each.consent.given_on,
                text_version=each.consent.text_version,
                in_force=each.in_force,
            )
            for each in found.consents
        ],
        mandates=[
            MandateThenOut(
                id=each.mandate.id,
                holder_name=each.mandate.holder_name,
                physician_name=each.mandate.physician_name,
                interventions=list(each.mandate.interventions),
                valid_from=each.mandate.valid_from,
                valid_until=each.mandate.valid_until,
                in_force=each.in_force,
            )
            for each in found.mandates
        ],
        referrals=[ReferralThenOut.model_validate(each) for each in found.referrals],
        not_followed=[
            NotFollowedOut(
                number=each.number, price=money(each.price_cents), reason=each.reason, refused_at=each.answered_at
            )
            for each in found.not_followed
        ],
    )
