"""A case manager's request for an open intervention: a draft up here, on which somebody with authority decides."""

from uuid import UUID

from sqlmodel import Session, col, select

from cases.tables import InterventionRequest, RequestState
from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from identity import audit
from identity.actor import Actor
from identity.policy import require_system
from medical.referrals.draft import Footing, add_draft, footing_of
from medical.referrals.forms import Asked
from medical.tables import Referral
from network.taxonomy import Disclosure, ReferralClass


def receive_request(session: Session, actor: Actor, request_id: UUID) -> UUID | None:
    """Turn a pending request into a draft referral for the physician and whoever has his mandate; the job's (R5).

    Returns the referral, also when it was made before; none when the request was refused because its case is closed
    or its offering is not open, not non-medical, or cannot be referred to any more.
    """
    require_system(actor)
    request = session.get(InterventionRequest, request_id)
    if request is None:
        raise NotFound(_("Deze aanvraag is niet gevonden."))
    take_turn(session, "medical", request.case_id)
    made = session.exec(select(Referral.id).where(Referral.request_id == request_id)).first()
    if made is not None or request.state is not RequestState.PENDING:
        _record(session, actor, request, "repeat")
        return made
    footing = _footing(session, request, actor)
    if footing is None:
        settle_request(session, request_id, RequestState.REFUSED)
        _record(session, actor, request, "refuse")
        return None
    referral = add_draft(
        session, footing, _asked(request), actor, drafted_by=request.requested_by, request_id=request_id
    )
    _record(session, actor, request, "receive", footing.case.employee_id)
    return referral.id


def settle_request(session: Session, request_id: UUID, state: RequestState) -> None:
    """Let the case manager know what became of his request: granted or refused, and nothing of the reason (R18)."""
    request = session.exec(
        select(InterventionRequest)
        .where(InterventionRequest.id == request_id, col(InterventionRequest.state) == RequestState.PENDING)
        .with_for_update(key_share=True)
    ).first()
    if request is not None:
        request.state, request.decided_at = state, now()
        session.add(request)
        session.flush()


def _footing(session: Session, request: InterventionRequest, actor: Actor) -> Footing | None:
    """Return on what the referral would stand; none where nothing of the kind may be asked for."""
    try:
        found = footing_of(session, request.case_id, request.offering_id, actor)
    except (Conflict, NotFound):
        return None
    kind = found.offering
    is_open = kind.disclosure is Disclosure.OPEN and kind.referral_class is ReferralClass.NON_MEDICAL
    return found if is_open else None


def _asked(request: InterventionRequest) -> Asked:
    """Return what the request asks, in neutral words; how many days it may save is for the physician to say (R60)."""
    return Asked(
        goal=request.goal,
        question=_("Gevraagd door de casemanager werkgeversregie."),
        units=1,
        expected_days_saved=0,
    )


def _record(
    session: Session, actor: Actor, request: InterventionRequest, act: str, employee_id: UUID | None = None
) -> None:
    audit.record(session, actor, f"medical:request:{act}", request.id, data_subject_id=employee_id)
