"""The case manager sends a prepared request to the insurer, with what a day of absence costs (R57, R60)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from billing.cofinancing_read import CofinancingView, get_cofinancing
from billing.tables import CofinancingRequest, CofinancingState
from cases.consents import consent_in_force
from cases.tables import ConsentScope
from core.clock import now
from core.errors import Conflict
from core.language import _
from core.outbox import put
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require


@dataclass(frozen=True)
class Submitted:
    """The request as it went out, and a warning where it costs more than it is expected to save."""

    request: CofinancingView
    warning: str | None


def submit_cofinancing(session: Session, actor: Actor, request_id: UUID, daily_cost_cents: int) -> Submitted:
    """Send a prepared request to its insurer; a loss is a warning and never a refusal (R60).

    Raises NotFound, and Conflict when it was sent before or the employee no longer consents (R25).
    """
    require(actor, Permission.SUBMIT_COFINANCING)
    known = get_cofinancing(session, actor, request_id)
    request = _held(session, request_id)
    if request is None:
        raise Conflict(_("Dit verzoek is al verstuurd of vervallen."), possible=())
    if consent_in_force(session, request.case_id, ConsentScope.INSURER) is None:
        message = _("Er is geen toestemming van de werknemer meer voor een verzoek aan een verzekeraar.")
        raise Conflict(message, code="consent_missing")
    request.state = CofinancingState.SUBMITTED
    request.daily_cost_cents = daily_cost_cents
    request.submitted_by = actor.account
    request.submitted_at = now()
    session.add(request)
    session.flush()
    record(session, actor, "billing:cofinancing:submitted", known.id)
    put(session, "medical.request_submitted", request_id=request.id, tenant_id=actor.tenant_id)
    sent = get_cofinancing(session, actor, request_id)
    loses = sent.cost_benefit is not None and sent.cost_benefit.is_loss
    return Submitted(sent, _("Let op: dit kost meer dan het naar verwachting oplevert.") if loses else None)


def _held(session: Session, request_id: UUID) -> CofinancingRequest | None:
    """Return the request if it still waits to be sent, kept from a second hand until this transaction ends."""
    return session.exec(
        select(CofinancingRequest)
        .where(CofinancingRequest.id == request_id, CofinancingRequest.state == CofinancingState.PREPARED)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
