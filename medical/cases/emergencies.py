"""Reading a case that is not one's own in an emergency: opened with a reason, for an hour, seen by others (R22)."""

from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import text
from sqlmodel import Session, col, select

from cases.cases_read import CaseView, get_case
from cases.consents import ConsentView, list_consents
from cases.emergencies import EmergencyView, get_emergency
from cases.emergency_mail import TASK
from cases.emergency_tables import EmergencyAccess, EmergencyReason
from core import outbox
from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from core.validation import OneLine, Prose
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from medical.cases.assessments import AssessmentView, assessment_history
from medical.emergency_tables import EmergencyWords
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.read import read_referral
from medical.referrals.views import CareReferral

MOST_REFERRALS = 20
OPEN = text("SELECT cases.open_emergency(:sought, :employer_id, :reason, :moment)")
ENTER = text("SELECT set_config('app.emergency', :emergency_id, true)")


class NewEmergency(BaseModel):
    """Which case, by its number or by the employee's reference at his employer, and why it cannot wait."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sought: Annotated[OneLine, Field(max_length=40)]
    employer_id: UUID | None = None
    reason: EmergencyReason
    words: Annotated[Prose, Field(min_length=10, max_length=1_000)]


@dataclass(frozen=True)
class EmergencyFile:
    """What is read in an emergency: the case, the judgements, the consents, and what was asked and reported."""

    emergency: EmergencyView
    case: CaseView
    judgements: tuple[AssessmentView, ...]
    consents: tuple[ConsentView, ...]
    referrals: tuple[CareReferral, ...]


def open_emergency(session: Session, actor: Actor, new: NewEmergency) -> UUID | None:
    """Open a case that is not the actor's for an hour, and have a second person told; return the id of the access.

    None for a case that is not there, is closed, is his already, or is on the other side of the wall from another
    account of his (R14, R15): one answer for all, and the try is an event too. Raises Conflict while he has one open.
    """
    require(actor, Permission.BREAK_GLASS)
    _refuse_second(session, actor)
    asked = {"sought": new.sought.strip().upper(), "employer_id": new.employer_id, "reason": new.reason.value}
    emergency_id: UUID | None = session.execute(OPEN, {**asked, "moment": now()}).scalar_one()
    if emergency_id is None and new.employer_id is not None:
        asked["sought"] = new.sought.strip()  # a reference is the employer's own, and written as he writes it
        emergency_id = session.execute(OPEN, {**asked, "moment": now()}).scalar_one()
    if emergency_id is None:
        audit.record(session, actor, "medical:emergency:refuse", reason=new.reason.value)
        return None
    held = session.get_one(EmergencyAccess, emergency_id)
    _write(session, actor, held, new.words)
    session.execute(ENTER, {"emergency_id": str(emergency_id)})
    subject = held.employee_id
    audit.record(session, actor, "medical:emergency:opened", held.id, data_subject_id=subject, reason=new.reason.value)
    outbox.put(session, TASK, emergency_id=emergency_id, tenant_id=actor.tenant_id)
    return emergency_id


def read_emergency_file(session: Session, actor: Actor, emergency_id: UUID) -> EmergencyFile:
    """Return the case of an access of the actor's own, while it is open; every reading is an event with its mark.

    From here on this transaction reads in the emergency, and it should do nothing else. Raises NotFound for an access
    that is not his, Conflict for one that is over.
    """
    require(actor, Permission.BREAK_GLASS)
    emergency = get_emergency(session, actor, emergency_id)
    if not emergency.is_open:
        raise Conflict(_("Deze noodtoegang is voorbij."))
    session.execute(ENTER, {"emergency_id": str(emergency_id)})
    inside = replace(actor, emergency_id=emergency.id, emergency_case_id=emergency.case_id)
    case = get_case(session, inside, emergency.case_id)
    audit.record(session, inside, "medical:emergency:read", emergency.id, data_subject_id=case.employee_id)
    lines = list_referrals(session, inside, ReferralFilter(case_id=case.id), page_size=MOST_REFERRALS).items
    read = (read_referral(session, inside, line.id) for line in lines)
    return EmergencyFile(
        emergency=emergency,
        case=case,
        judgements=assessment_history(session, inside, case.id),
        consents=list_consents(session, inside, case.id).items,
        referrals=tuple(referral for referral in read if isinstance(referral, CareReferral)),
    )


def emergency_words(session: Session, actor: Actor, emergency_id: UUID) -> str:
    """Return in his own words why somebody opened an access: to himself, and to the physicians who look at it."""
    emergency = get_emergency(session, actor, emergency_id)
    kept = session.exec(select(EmergencyWords).where(col(EmergencyWords.access_id) == emergency.id)).one_or_none()
    if kept is None:
        raise NotFound(_("Niet gevonden."))
    audit.record(session, actor, "medical:emergency:words", emergency.id, data_subject_id=kept.employee_id)
    return kept.words


def _refuse_second(session: Session, actor: Actor) -> None:
    running = select(EmergencyAccess.id).where(
        EmergencyAccess.account_id == actor.account,
        col(EmergencyAccess.ended_at).is_(None),
        EmergencyAccess.until > now(),
    )
    if session.exec(running.limit(1)).first() is not None:
        raise Conflict(_("U hebt al noodtoegang. Beëindig die eerst."), possible=(_("Noodtoegang beëindigen"),))


def _write(session: Session, actor: Actor, held: EmergencyAccess, words: str) -> None:
    kept = EmergencyWords(
        tenant_id=held.tenant_id,
        access_id=held.id,
        case_id=held.case_id,
        employee_id=held.employee_id,
        employer_id=held.employer_id,
        account_id=actor.account,
        words=words,
    )
    session.add(kept)
    session.flush()
