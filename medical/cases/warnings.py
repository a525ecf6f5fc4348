"""The warnings of the law as the medical side knows them: whether there is a referral, confidential or not (R66)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from cases.tables import AbsenceCase
from cases.warnings import Warned, warned
from core.paging import Page
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.terms import LEFT_ALONE
from medical.tables import Referral, ReferralState

NO_HELP = LEFT_ALONE | {ReferralState.DRAFT, ReferralState.WITHDRAWN}


def list_medical_warnings(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[Warned]:
    """Return the running cases in which no labour expert or second track was set going; three queries."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    found = warned(session, actor, referred, page, page_size)
    audit.record_list(session, actor, "medical:warning:list", (each.case.employee_id for each in found.items))
    return found


def medical_warnings_of(session: Session, actor: Actor, case_id: UUID) -> tuple[Warned, ...]:
    """Return what is missing in one case; nothing for a case of others."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    found = warned(session, actor, referred, case_id=case_id).items
    audit.record_list(session, actor, "medical:warning:list", (each.case.employee_id for each in found), case_id)
    return found


def referred(interventions: Sequence[str]) -> ColumnElement[bool]:
    """Return whether there is a referral for one of these that was sent and not taken back or left alone."""
    return (
        select(col(Referral.id))
        .where(
            col(Referral.case_id) == col(AbsenceCase.id),
            col(Referral.intervention).in_(interventions),
            col(Referral.state).not_in(NO_HELP),
        )
        .correlate(AbsenceCase)
        .exists()
    )
