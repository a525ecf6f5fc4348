"""Reading one referral: each role its own part of it, and every reading recorded (R20, R21, R27, R68)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlmodel import Session, col

from cases.consents import consent_in_force
from cases.tables import ConsentScope
from core.errors import Forbidden, NotFound
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, allows, require
from identity.roles import Role
from identity.tables import Membership
from medical.cases.assessments import latest_assessment
from medical.referrals.attachments import attachments_of
from medical.referrals.authority import issuing_authority, refuse_returned
from medical.referrals.complete import has_helped
from medical.referrals.messages import MessageView, message_view, messages_of
from medical.referrals.moves import Outcome, outcome, record
from medical.referrals.rows import line_of, names_of, select_lines
from medical.referrals.satisfaction import rating_of
from medical.referrals.states import Action, possible_actions
from medical.referrals.versions import Unseen, VersionView, look_at_draft, version_views, versions_of
from medical.referrals.views import (
    CareReferral,
    EmployeeReferral,
    EventView,
    ProviderReferral,
    ReferralHeader,
    ReferralView,
    ReportView,
    ResultView,
)
from medical.tables import (
    ContentVersion,
    ProviderReport,
    Referral,
    ReferralBasis,
    ReferralContent,
    ReferralEvent,
    ReferralResult,
)
from network.taxonomy import find_cause

MOST_EVENTS = 200


@dataclass(frozen=True)
class Told:
    """What happened to a referral and what was written within it, as far as its reader may know."""

    events: tuple[EventView, ...]
    messages: tuple[MessageView, ...]


@dataclass(frozen=True)
class Drafts:
    """The versions of what a referral asks, and what the reader has not seen of them."""

    versions: tuple[VersionView, ...]
    unseen: Unseen | None


def read_referral(session: Session, actor: Actor, referral_id: UUID) -> ReferralView:
    """Return a referral as far as the actor may see it: a CareReferral, ProviderReferral or EmployeeReferral, or for
    the secretary its header only. Raises NotFound for what is not there or not his."""
    row = _row(session, actor, referral_id)
    referral: Referral = row.Referral
    record(session, referral, actor, "read")
    if actor.role is Role.SECRETARY:
        return _header(session, row, actor, names_of(session, _accounts(referral)))
    events = session.scalars(
        select(ReferralEvent)
        .where(col(ReferralEvent.referral_id) == referral_id)
        .order_by(col(ReferralEvent.version), col(ReferralEvent.created_at))
        .limit(MOST_EVENTS)
    ).all()
    messages, versions = messages_of(session, referral_id), _versions(session, referral_id, actor)
    people = [*(event.account_id for event in events), *(version.written_by for version in versions)]
    names = names_of(session, _accounts(referral) | {person for person in people if person is not None})
    header = _header(session, row, actor, names)
    told = Told(
        events=tuple(_event(event, names) for event in events),
        messages=tuple(message_view(message, names) for message in messages),
    )
    if actor.role is Role.PROVIDER:
        return _for_provider(session, referral, header, told, actor)
    if actor.role is Role.EMPLOYEE:
        return _for_employee(session, referral, header, told)
    drafts = Drafts(version_views(versions, names), look_at_draft(session, referral, versions, actor))
    return _for_care(session, referral, header, told, drafts, names, actor)


def referral_actions(session: Session, actor: Actor, referral_id: UUID) -> Outcome:
    """Return how a referral stands and what the actor can do to it now."""
    referral: Referral = _row(session, actor, referral_id).Referral
    record(session, referral, actor, "actions")
    hindrance = _hindrance(session, referral, actor)
    found = outcome(referral, actor, (hindrance,) if hindrance else ())
    return found.without(Action.ISSUE) if hindrance else found


def physician_number(session: Session, referral: Referral) -> str | None:
    """Return the number in the register of the responsible physician."""
    found: str | None = session.scalar(
        select(col(Membership.registration_number)).where(
            col(Membership.account_id) == referral.physician_account_id,
            col(Membership.tenant_id) == referral.tenant_id,
            col(Membership.role) == Role.PHYSICIAN,
        )
    )
    return found


def _row(session: Session, actor: Actor, referral_id: UUID) -> Row[Any]:
    if not allows(actor.role, Permission.SEE_REFERRAL_HEADERS):
        require(actor, Permission.SEE_REFERRALS)
    row = session.execute(select_lines(actor).where(col(Referral.id) == referral_id)).one_or_none()
    if row is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    return row


def _accounts(referral: Referral) -> set[UUID]:
    found = (referral.drafted_by, referral.issued_by, referral.physician_account_id)
    return {account for account in found if account is not None}


def _header(session: Session, row: Row[Any], actor: Actor, names: dict[UUID, str]) -> ReferralHeader:
    referral: Referral = row.Referral
    physician = referral.physician_account_id
    return ReferralHeader(
        line=line_of(row, actor),
        units=referral.units,
        unit_price_cents=referral.unit_price_cents,
        price_unit=referral.price_unit,
        vat_rate=referral.vat_rate,
        access_until=referral.access_until,
        physician_name=names.get(physician, "") if physician else "",
        physician_number=physician_number(session, referral),
    )


def _event(event: ReferralEvent, names: dict[UUID, str]) -> EventView:
    return EventView(
        at=event.created_at,
        action=Action(event.action),
        from_state=event.from_state,
        to_state=event.to_state,
        role=event.role,
        name=names.get(event.account_id, "") if event.account_id else "",
        reason=event.reason,
    )


def _report(session: Session, referral: Referral) -> ReportView | None:
    found = session.scalars(select(ProviderReport).where(col(ProviderReport.referral_id) == referral.id)).first()
    if found is None:
        return None
    return ReportView(found.clinical, found.functional, found.goal_reached, found.created_at)


def _content(session: Session, referral: Referral) -> ReferralContent | None:
    return session.scalars(select(ReferralContent).where(col(ReferralContent.referral_id) == referral.id)).first()


def _basis(session: Session, referral: Referral) -> ReferralBasis:
    return session.scalars(select(ReferralBasis).where(col(ReferralBasis.referral_id) == referral.id)).one()


def _versions(session: Session, referral_id: UUID, actor: Actor) -> list[ContentVersion]:
    return versions_of(session, referral_id) if actor.role in (Role.PHYSICIAN, Role.DELEGATE) else []


def _result(session: Session, referral: Referral) -> ResultView | None:
    found = session.scalars(select(ReferralResult).where(col(ReferralResult.referral_id) == referral.id)).first()
    if found is None:
        return None
    helped = has_helped(found.goal_reached, found.work_resumed)
    return ResultView(found.goal_reached, found.work_resumed, found.hours_per_week, helped, found.created_at)


def _for_provider(
    session: Session, referral: Referral, header: ReferralHeader, told: Told, actor: Actor
) -> ProviderReferral:
    content = _content(session, referral)  # none once his part is over, or the employee has withdrawn consent
    return ProviderReferral(
        header=header,
        goal=content.goal if content else None,
        question=content.question if content else None,
        expected_result=content.expected_result if content else None,
        abilities=content.abilities if content else None,
        postcode=content.postcode if content else None,
        sickness_week=referral.sickness_week,
        reports_back=consent_in_force(session, referral.case_id, ConsentScope.REPORT_BACK) is not None,
        attachments=attachments_of(session, referral.id),
        report=_report(session, referral),
        messages=told.messages,
        events=told.events,
        possible=possible_actions(referral, actor),
    )


def _for_employee(session: Session, referral: Referral, header: ReferralHeader, told: Told) -> EmployeeReferral:
    content, basis = _content(session, referral), _basis(session, referral)
    return EmployeeReferral(
        header=header,
        goal=content.goal if content else "",
        question=content.question if content else "",
        expected_result=content.expected_result if content else "",
        abilities=content.abilities if content else "",
        cause=basis.cause,
        cause_label=find_cause(basis.cause).name if basis.cause else None,
        medical=basis.medical,
        attachments=attachments_of(session, referral.id),
        report=_report(session, referral),
        result=_result(session, referral),
        rating=rating_of(session, referral),
        messages=told.messages,
        events=told.events,
    )


def _for_care(
    session: Session,
    referral: Referral,
    header: ReferralHeader,
    told: Told,
    drafts: Drafts,
    names: dict[UUID, str],
    actor: Actor,
) -> CareReferral:
    content, basis = _content(session, referral), _basis(session, referral)
    hindrance = _hindrance(session, referral, actor)
    possible = possible_actions(referral, actor)
    replacement = session.scalar(select(col(Referral.id)).where(col(Referral.replaces_id) == referral.id))
    return CareReferral(
        header=header,
        goal=content.goal if content else "",
        question=content.question if content else "",
        expected_result=content.expected_result if content else "",
        abilities=content.abilities if content else "",
        postcode=content.postcode if content else None,
        expected_days_saved=content.expected_days_saved if content else 0,
        cause=basis.cause,
        cause_label=find_cause(basis.cause).name if basis.cause else None,
        medical=basis.medical,
        sickness_week=referral.sickness_week,
        sickness_year=referral.sickness_year,
        disclosure=referral.disclosure,
        referral_class=referral.referral_class,
        request_cofinancing=referral.request_cofinancing,
        drafted_by=names.get(referral.drafted_by, ""),
        issued_by=names.get(referral.issued_by, "") if referral.issued_by else "",
        mandate_id=referral.mandate_id,
        consent_id=referral.consent_id,
        replaces_id=referral.replaces_id,
        replaced_by=replacement,
        reports_back=consent_in_force(session, referral.case_id, ConsentScope.REPORT_BACK) is not None,
        attachments=attachments_of(session, referral.id),
        report=_report(session, referral),
        result=_result(session, referral),
        messages=told.messages,
        versions=drafts.versions,
        unseen=drafts.unseen,
        events=told.events,
        possible=tuple(act for act in possible if act is not Action.ISSUE) if hindrance else possible,
        hindrance=hindrance,
    )


def _hindrance(session: Session, referral: Referral, actor: Actor) -> str | None:
    """Return why the actor has no authority to issue a draft that he sees (R1-R3, R6); none where he has."""
    if Action.ISSUE not in possible_actions(referral, actor):
        return None
    try:
        refuse_returned(session, referral.id, actor)
        issuing_authority(session, referral.employer_id, referral, actor, latest_assessment(session, referral.case_id))
    except Forbidden as refusal:
        return refusal.message
    return None
