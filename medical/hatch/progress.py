"""The hatch towards the employer's side: how far an OPEN intervention is, and nothing of any other (R18, R45)."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session, select

from cases.tables import OpenProgress, ProgressState
from core.clock import today
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record
from medical.cases.disclosures import write_disclosure
from medical.disclosed_tables import Disclosed, DisclosedTo
from medical.hatch.values import ReleasedProgress
from medical.referrals.moves import whose
from medical.tables import ProgressLink, Referral, ReferralState
from network.taxonomy import Disclosure

SHOWN_AS: Mapping[ReferralState, ProgressState] = {
    ReferralState.ISSUED: ProgressState.REQUESTED,
    ReferralState.ACCEPTED: ProgressState.REQUESTED,
    ReferralState.SCHEDULED: ProgressState.REQUESTED,
    ReferralState.RUNNING: ProgressState.RUNNING,
    ReferralState.INTERRUPTED: ProgressState.RUNNING,
    ReferralState.REPORTED: ProgressState.RUNNING,
    ReferralState.COMPLETED: ProgressState.COMPLETED,
    ReferralState.DECLINED: ProgressState.STOPPED,
    ReferralState.WITHDRAWN: ProgressState.STOPPED,
    ReferralState.EXPIRED: ProgressState.STOPPED,
}
"""What the employer's side sees of a state: four words, so that who stopped it and why is not told (R13)."""


def release_progress(session: Session, actor: Actor, referral_id: UUID) -> UUID | None:
    """Show the employer's side how far an open referral is; runs as a job, and again changes nothing.

    Returns the id of the progress, or None where there is nothing to show: a draft, or a confidential referral.
    """
    take_turn(session, "medical.progress", referral_id)
    referral = session.exec(select(Referral).where(Referral.id == referral_id)).one_or_none()
    if referral is None or referral.disclosure is not Disclosure.OPEN or referral.issued_on is None:
        record(session, actor, "medical:progress:withheld", referral_id)
        return None
    value = ReleasedProgress(
        case_id=referral.case_id,
        employer_id=referral.employer_id,
        intervention=referral.intervention,
        state=SHOWN_AS[referral.state],
        changed_on=today(),
    )
    record(session, actor, "medical:progress:released", referral_id, data_subject_id=referral.employee_id)
    link = session.exec(select(ProgressLink).where(ProgressLink.referral_id == referral_id)).one_or_none()
    if link is None:
        write_disclosure(session, referral, actor, Disclosed.PROGRESS, DisclosedTo.EMPLOYER)
    return _first(session, referral, value) if link is None else _next(session, link.progress_id, value)


def _first(session: Session, referral: Referral, value: ReleasedProgress) -> UUID:
    progress = OpenProgress(tenant_id=referral.tenant_id, **value.model_dump())
    session.add(progress)
    session.flush()
    session.add(ProgressLink(**whose(referral), progress_id=progress.id))
    session.flush()
    return progress.id


def _next(session: Session, progress_id: UUID, value: ReleasedProgress) -> UUID:
    found = select(OpenProgress).where(OpenProgress.id == progress_id).with_for_update()
    progress = session.exec(found.execution_options(populate_existing=True)).one()
    if progress.state is not value.state:
        progress.state = value.state
        progress.changed_on = value.changed_on
        session.add(progress)
        session.flush()
    return progress.id
