"""A case as it was known at any moment: judgement, consents, mandates, referrals, and refusals (R3, R7, R12, R24, R68).

Nothing is reconstructed by guessing: judgements, events and versions are only ever added, and of consents and mandates
nothing but their end is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from billing.budget.requests import BudgetRequestView
from cases.cases_read import CaseView, get_case
from cases.consents import ConsentView, list_consents
from cases.mandates_read import MandateFilter, MandateView, list_mandates
from core.clock import AMSTERDAM, now
from core.errors import FieldError, Invalid
from core.language import _
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from medical.cases.assessments import AssessmentView, assessment_history
from medical.hatch.budget import advice_not_followed
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.versions import FieldChange, between
from medical.referrals.views import ReferralLine
from medical.tables import ContentVersion, ReferralEvent, ReferralState

MOST_SHOWN = 100


@dataclass(frozen=True)
class ConsentThen:
    """A consent that had been given, and whether it held then."""

    consent: ConsentView
    in_force: bool


@dataclass(frozen=True)
class MandateThen:
    """A mandate that had been signed, and whether it held then."""

    mandate: MandateView
    in_force: bool


@dataclass(frozen=True)
class ReferralThen:
    """A referral as it stood: state, version, what it asked, and what of that has changed since."""

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
    changed_since: tuple[FieldChange, ...]


@dataclass(frozen=True)
class CaseThen:
    """A case as it was known at a moment."""

    case: CaseView
    at: datetime
    judged: AssessmentView | None
    consents: tuple[ConsentThen, ...]
    mandates: tuple[MandateThen, ...]
    referrals: tuple[ReferralThen, ...]
    not_followed: tuple[BudgetRequestView, ...]  # advice that the employer had refused (R12)


def case_as_of(session: Session, actor: Actor, case_id: UUID, at: datetime) -> CaseThen:
    """Return a case as it was known at a moment; to a delegate with the mandates that he holds.

    Raises NotFound for a case that is not the actor's, and Invalid for a moment that is still to come.
    """
    require(actor, Permission.SEE_MEDICAL_CASE)
    if at > now():
        ahead = _("Dit moment moet nog komen.")
        raise Invalid(ahead, [FieldError("at", ahead)])
    case = get_case(session, actor, case_id)
    audit.record(session, actor, "medical:case:past", case.id, data_subject_id=case.employee_id)
    judgements = assessment_history(session, actor, case_id)
    return CaseThen(
        case=case,
        at=at,
        judged=next((each for each in judgements if each.assessed_at <= at), None),
        consents=_consents(session, actor, case_id, at),
        mandates=_mandates(session, actor, case.employer_id, at),
        referrals=_referrals(session, actor, case_id, at),
        not_followed=tuple(
            each
            for each in advice_not_followed(session, actor, case_id)
            if each.answered_at is not None and each.answered_at <= at
        ),
    )


def _consents(session: Session, actor: Actor, case_id: UUID, at: datetime) -> tuple[ConsentThen, ...]:
    known = list_consents(session, actor, case_id, page_size=MOST_SHOWN).items
    return tuple(
        ConsentThen(each, each.withdrawn_at is None or each.withdrawn_at > at)
        for each in known
        if each.recorded_at <= at
    )


def _mandates(session: Session, actor: Actor, employer_id: UUID, at: datetime) -> tuple[MandateThen, ...]:
    day = at.astimezone(AMSTERDAM).date()
    known = list_mandates(session, actor, MandateFilter(employer_id=employer_id), page_size=MOST_SHOWN).items
    return tuple(
        MandateThen(
            each,
            each.valid_from <= day <= each.valid_until and (each.revoked_at is None or each.revoked_at > at),
        )
        for each in known
        if each.signed_at <= at
    )


def _referrals(session: Session, actor: Actor, case_id: UUID, at: datetime) -> tuple[ReferralThen, ...]:
    lines = list_referrals(session, actor, ReferralFilter(case_id=case_id), page_size=MOST_SHOWN).items
    ids = [line.id for line in lines]
    events = session.exec(
        select(ReferralEvent)
        .where(col(ReferralEvent.referral_id).in_(ids), ReferralEvent.created_at <= at)
        .order_by(col(ReferralEvent.version))
    ).all()
    last = {event.referral_id: event for event in events}
    since = {event.referral_id: event.created_at for event in events if event.from_state is not event.to_state}
    versions = session.exec(
        select(ContentVersion).where(col(ContentVersion.referral_id).in_(ids)).order_by(col(ContentVersion.version))
    ).all()
    asked = {line.id: [each for each in versions if each.referral_id == line.id] for line in lines}
    return tuple(
        _then(line, last[line.id], since[line.id], then, asked[line.id][-1])
        for line in lines
        if line.id in last and (then := _latest(asked[line.id], at)) is not None
    )


def _then(
    line: ReferralLine, event: ReferralEvent, since: datetime, then: ContentVersion, newest: ContentVersion
) -> ReferralThen:
    return ReferralThen(
        id=line.id,
        number=line.number,
        intervention_label=line.intervention_label,
        provider_name=line.provider_name,
        state=event.to_state,
        since=since,
        version=event.version,
        goal=then.goal,
        question=then.question,
        expected_result=then.expected_result,
        abilities=then.abilities,
        changed_since=between(then, newest),
    )


def _latest(versions: Sequence[ContentVersion], at: datetime) -> ContentVersion | None:
    """Return the last version that was there at a moment."""
    return next((each for each in reversed(versions) if each.created_at <= at), None)
