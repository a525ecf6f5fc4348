"""The insurer decides: all, a part or nothing of what was asked, and nothing more once it is charged (R59)."""

from uuid import UUID

from sqlmodel import Session, select

from billing.cofinancing.policy_budget import spent
from billing.cofinancing.read import CofinancingView, get_cofinancing
from billing.cofinancing.shares import Outcome, granted_cents
from billing.tables import CofinancingRequest, CofinancingState, DeclineReason
from core.clock import now, today
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require


def decide_cofinancing(
    session: Session,
    actor: Actor,
    request_id: UUID,
    outcome: Outcome,
    amount_cents: int | None = None,
    reason: DeclineReason | None = None,
) -> CofinancingView:
    """Record the insurer's decision, once.

    Raises NotFound for a request that is not the insurer's own (R70), Conflict when it was decided, and Invalid with
    every fault when the amount is not the outcome's, a reason is missing or the budget of the policy does not reach.
    """
    require(actor, Permission.DECIDE_COFINANCING)
    get_cofinancing(session, actor, request_id)
    request = _held(session, request_id)
    if request is None:
        raise Conflict(_("Over dit verzoek is al besloten."), code="already_decided")
    granted = granted_cents(outcome, request.requested_cents, amount_cents, reason)
    if granted and spent(session, request.policy_id, today().year, granted):
        said = _("Het budget van deze polis is voor dit jaar niet toereikend.")
        raise Invalid(said, (FieldError("outcome" if outcome is Outcome.APPROVED else "amount_cents", said),))
    request.decided_cents = granted
    request.state = CofinancingState(outcome.value)
    request.decision_reason = reason
    request.decided_by = actor.account
    request.decided_at = now()
    session.add(request)
    session.flush()
    record(session, actor, "billing:cofinancing:decided", request.id, reason=outcome.value)
    return get_cofinancing(session, actor, request_id)


def _held(session: Session, request_id: UUID) -> CofinancingRequest | None:
    """Return the request if it still waits for a decision, kept from a charge run until this transaction ends."""
    return session.exec(
        select(CofinancingRequest)
        .where(CofinancingRequest.id == request_id, CofinancingRequest.state == CofinancingState.SUBMITTED)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
