"""The physician confirms or changes the days that a delegate stated; then an insurer can be asked (R60)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from cases.tables import Consent, ConsentScope, Employee
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record, record_list
from identity.policy import Permission, require
from identity.tables import Organisation
from medical.estimate_tables import DaysEstimate
from medical.referrals.days_estimates import EstimateView, estimate_view, keep_estimate
from medical.referrals.forms import MOST_DAYS_SAVED
from medical.release import release_cofinancing
from medical.tables import CofinancingLink, Referral, ReferralContent, ReferralState
from network.taxonomy import interventions

MOST_WAITING = 50
UNDER_WAY = (
    ReferralState.ISSUED,
    ReferralState.ACCEPTED,
    ReferralState.SCHEDULED,
    ReferralState.RUNNING,
    ReferralState.INTERRUPTED,
    ReferralState.REPORTED,
)
"""States in which a cost is still to come, so that an insurer can be asked."""


class Estimate(BaseModel):
    """How many days of absence the physician expects to save."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=1, le=MOST_DAYS_SAVED)]


@dataclass(frozen=True)
class Estimated:
    """The estimate as it was kept, and whether a request to an insurer could be prepared with it."""

    estimate: EstimateView
    is_prepared: bool


@dataclass(frozen=True)
class ToEstimate:
    """A referral that waits for the physician's estimate; `stated_days` is what the referral says now."""

    referral_id: UUID
    number: str
    intervention_label: str
    employee_reference: str
    employer_name: str
    issued_on: date
    stated_days: int


def estimate_days(session: Session, actor: Actor, referral_id: UUID, wanted: Estimate) -> Estimated:
    """Keep the physician's own estimate of an issued referral, and prepare the request that it was waiting for.

    Raises NotFound, and Conflict for a referral that asks no insurer, brings no cost any more, or whose request has
    been prepared: what somebody may have read is not changed afterwards.
    """
    require(actor, Permission.ESTIMATE_DAYS)
    take_turn(session, "medical.estimate", referral_id)
    referral = session.exec(
        select(Referral).where(Referral.id == referral_id).execution_options(populate_existing=True)
    ).one_or_none()
    if referral is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    _refuse(session, referral)
    keep_estimate(session, actor, referral, wanted.days)
    prepared = release_cofinancing(session, actor, referral) is not None
    kept = estimate_view(session, referral.id)
    if kept is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    return Estimated(kept, prepared)


def estimate_of(session: Session, actor: Actor, referral_id: UUID) -> EstimateView | None:
    """Return the physician's estimate of a referral that is in force, if there is one."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    about = session.exec(select(Referral.employee_id).where(Referral.id == referral_id)).first()
    record(session, actor, "medical:days:read", referral_id, data_subject_id=about)
    return estimate_view(session, referral_id)


def may_estimate(session: Session, actor: Actor, referral_id: UUID) -> bool:
    """Tell whether the actor can give an estimate with which an insurer will be asked."""
    referral = session.exec(select(Referral).where(Referral.id == referral_id)).one_or_none()
    about = referral.employee_id if referral else None
    record(session, actor, "medical:days:read", referral_id, data_subject_id=about)
    if referral is None or actor.role not in Permission.ESTIMATE_DAYS.roles:
        return False
    return referral.request_cofinancing and referral.state in UNDER_WAY and not _is_prepared(session, referral.id)


def estimates_waiting(session: Session, actor: Actor) -> list[ToEstimate]:
    """Return the referrals for which an insurer may be asked once a physician has estimated the days, oldest first."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    consented = select(Consent.case_id).where(
        Consent.scope == ConsentScope.INSURER, col(Consent.withdrawn_at).is_(None)
    )
    rows = session.exec(
        select(Referral, ReferralContent.expected_days_saved, Employee.reference, Organisation.name)
        .join(ReferralContent, col(ReferralContent.referral_id) == Referral.id)
        .join(Employee, col(Employee.id) == Referral.employee_id)
        .join(Organisation, col(Organisation.id) == Referral.employer_id)
        .where(col(Referral.request_cofinancing), col(Referral.state).in_(UNDER_WAY))
        .where(col(Referral.case_id).in_(consented))
        .where(col(Referral.id).not_in(select(CofinancingLink.referral_id)))
        .where(col(Referral.id).not_in(select(DaysEstimate.referral_id)))
        .order_by(col(Referral.issued_on), col(Referral.id))
        .limit(MOST_WAITING)
    ).all()
    record_list(session, actor, "medical:days:listed", (each[0].employee_id for each in rows))
    names = interventions()
    return [
        ToEstimate(
            referral_id=referral.id,
            number=referral.number,
            intervention_label=names[referral.intervention].name,
            employee_reference=reference,
            employer_name=employer,
            issued_on=referral.issued_on,
            stated_days=days,
        )
        for referral, days, reference, employer in rows
        if referral.issued_on is not None
    ]


def _refuse(session: Session, referral: Referral) -> None:
    if not referral.request_cofinancing:
        raise Conflict(_("Voor deze verwijzing is geen bijdrage van een verzekeraar gevraagd."), possible=())
    if referral.state not in UNDER_WAY:
        raise Conflict(_("Deze verwijzing loopt niet, dus er is geen verzekeraar te vragen."), possible=())
    if _is_prepared(session, referral.id):
        message = _("Het verzoek aan de verzekeraar is al klaargezet met uw schatting. Die staat nu vast.")
        raise Conflict(message, code="already_prepared", possible=())


def _is_prepared(session: Session, referral_id: UUID) -> bool:
    found = select(CofinancingLink.id).where(CofinancingLink.referral_id == referral_id)
    return session.exec(found).first() is not None
