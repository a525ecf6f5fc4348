"""Ends requests for co-financing that nobody has decided on."""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from billing.tables import CofinancingRequest, CofinancingState
from identity.actor import Actor
from identity.audit import record

UNDECIDED = (CofinancingState.PREPARED, CofinancingState.SUBMITTED)


def lapse(session: Session, actor: Actor, *conditions: ColumnElement[bool]) -> int:
    """Let the undecided requests that fulfil the conditions lapse; returns how many did.

    Their rows are locked in one order, so that two who lapse at once cannot wait for each other.
    """
    requests = session.exec(
        select(CofinancingRequest)
        .where(CofinancingRequest.tenant_id == actor.tenant_id)
        .where(col(CofinancingRequest.state).in_(UNDECIDED), *conditions)
        .order_by(col(CofinancingRequest.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for request in requests:
        request.state = CofinancingState.LAPSED
        session.add(request)
        record(session, actor, "billing:cofinancing:lapsed", request.id)
    session.flush()
    return len(requests)
