"""What becomes of a request when the employee takes a consent back on which it rests (R24, R25)."""

from uuid import UUID

from sqlmodel import Session, col, select

from billing.tables import CofinancingRequest, CofinancingState
from cases.tables import ConsentScope
from identity.actor import Actor
from identity.audit import record
from network.taxonomy import Disclosure

UNDECIDED = (CofinancingState.PREPARED, CofinancingState.SUBMITTED)


def lapse_after_withdrawal(session: Session, actor: Actor, case_id: UUID, scope: ConsentScope) -> int:
    """Let undecided requests of a case lapse after consent `scope` was withdrawn; returns how many did.

    Without consent (c) no request may go on; without (b) none about a confidential intervention, since the employer's
    case manager would see it. What was decided stands. Runs as a job, behind the care door; again changes nothing.
    """
    if scope not in (ConsentScope.INSURER, ConsentScope.EMPLOYER):
        return 0
    found = select(CofinancingRequest).where(
        CofinancingRequest.case_id == case_id, col(CofinancingRequest.state).in_(UNDECIDED)
    )
    if scope is ConsentScope.EMPLOYER:
        found = found.where(CofinancingRequest.disclosure == Disclosure.CONF)
    requests = session.exec(found.order_by(col(CofinancingRequest.id)).with_for_update()).all()
    for request in requests:
        request.state = CofinancingState.LAPSED
        session.add(request)
        record(session, actor, "billing:cofinancing:lapsed", request.id)
    session.flush()
    return len(requests)
