"""The arbodienst decides what is offered in its network, and for which causes (R29, R31, R37)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from core.clock import now
from core.errors import Conflict
from identity.actor import Actor
from identity.policy import Permission, require
from network.offering_acts import OfferingAct, leave_trace, possible_acts, take_offering
from network.offering_view import OfferingView
from network.offering_visibility import OF_REGISTRATION
from network.offerings_read import get_offering
from network.tables import Offering, OfferingState, RejectionReason


def approve_offering(
    session: Session,
    actor: Actor,
    offering_id: UUID,
    *,
    causes: Sequence[str] | None = None,
    version: int | None = None,
) -> OfferingView:
    """Approve a submitted offering, for the causes that the provider proposed or for `causes` (known codes, R37).

    Raises Conflict when a registration that it needs is missing or has expired (R30, R31), or when `version` is given
    and the provider changed the offering since.
    """
    require(actor, Permission.DECIDE_OFFERING)
    offering = take_offering(session, actor, offering_id, OfferingAct.APPROVE, version)
    _require_registrations(session, actor, offering)
    if causes is not None:
        offering.causes = list(causes)
    _decide(actor, offering, OfferingState.APPROVED, None)
    leave_trace(session, actor, offering, "approved")
    return get_offering(session, actor, offering_id)


def reject_offering(
    session: Session, actor: Actor, offering_id: UUID, reason: RejectionReason, version: int | None = None
) -> OfferingView:
    """Refuse an offering, or take an approved one out of the network, with a coded reason that the provider reads."""
    require(actor, Permission.DECIDE_OFFERING)
    offering = take_offering(session, actor, offering_id, OfferingAct.REJECT, version)
    _decide(actor, offering, OfferingState.REJECTED, reason)
    leave_trace(session, actor, offering, "rejected", reason.value)
    return get_offering(session, actor, offering_id)


def _require_registrations(session: Session, actor: Actor, offering: Offering) -> None:
    found = get_offering(session, actor, offering.id).obstacles
    missing = [obstacle for obstacle in found if obstacle in OF_REGISTRATION]
    if missing:
        others = [act for act in possible_acts(actor.role, offering.state) if act is not OfferingAct.APPROVE]
        reasons = " ".join(obstacle.sentence for obstacle in missing)
        raise Conflict(reasons, code=missing[0].value, possible=("renew_registration", *others))


def _decide(actor: Actor, offering: Offering, state: OfferingState, reason: RejectionReason | None) -> None:
    offering.state, offering.rejection_reason = state, reason
    offering.decided_by, offering.decided_at = actor.account, now()
    offering.version += 1
