"""What may be done with an offering in each state and by whom, and what every act leaves behind."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlmodel import Session, col, select

from core import outbox
from core.errors import Conflict
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.roles import Role
from network.offerings_read import not_found, part_of
from network.tables import Offering, OfferingState


class OfferingAct(StrEnum):
    """Something that is done with an offering."""

    CHANGE = "change"
    WAIT = "wait"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"


_OF_PROVIDER: Mapping[OfferingState, tuple[OfferingAct, ...]] = MappingProxyType(
    {
        OfferingState.SUBMITTED: (OfferingAct.CHANGE, OfferingAct.WAIT, OfferingAct.WITHDRAW),
        OfferingState.APPROVED: (OfferingAct.CHANGE, OfferingAct.WAIT, OfferingAct.WITHDRAW),
        OfferingState.REJECTED: (OfferingAct.CHANGE, OfferingAct.WITHDRAW),
        OfferingState.WITHDRAWN: (OfferingAct.CHANGE,),
    }
)
_OF_NETWORK_MANAGER: Mapping[OfferingState, tuple[OfferingAct, ...]] = MappingProxyType(
    {
        OfferingState.SUBMITTED: (OfferingAct.APPROVE, OfferingAct.REJECT),
        OfferingState.APPROVED: (OfferingAct.REJECT,),
        OfferingState.REJECTED: (OfferingAct.APPROVE,),
        OfferingState.WITHDRAWN: (),
    }
)


def possible_acts(role: Role, state: OfferingState) -> tuple[OfferingAct, ...]:
    """Return what somebody in `role` may do with an offering in `state`."""
    if role is Role.PROVIDER:
        return _OF_PROVIDER[state]
    return _OF_NETWORK_MANAGER[state] if role is Role.NETWORK_MANAGER else ()


def take_offering(
    session: Session, actor: Actor, offering_id: UUID, act: OfferingAct, version: int | None = None
) -> Offering:
    """Return the offering, locked until the transaction ends, when `act` fits its state.

    Raises NotFound for one that is not the actor's business, and Conflict when the act does not fit, or when
    `version` is given and the offering was changed since.
    """
    query = select(Offering).where(Offering.id == offering_id, part_of(actor.role)).with_for_update()
    offering = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if offering is None:
        raise not_found()
    possible = possible_acts(actor.role, offering.state)
    if act not in possible:
        raise Conflict(_("Dat kan niet met dit aanbod zoals het er nu voor staat."), possible=possible)
    if version is not None and version != offering.version:
        raise Conflict(
            _("Dit aanbod is gewijzigd sinds u het zag. Bekijk het opnieuw."), code="overtaken", possible=possible
        )
    return offering


def leave_trace(session: Session, actor: Actor, offering: Offering, event: str, reason: str | None = None) -> None:
    """Write a change of an offering, record it in the audit trail, and ask for the search index to follow."""
    session.add(offering)
    record(session, actor, f"network:offering:{event}", offering.id, reason=reason)
    outbox.put(session, "search.index_offering", offering_id=offering.id, tenant_id=offering.tenant_id)
    session.flush()


def same_offering_of(session: Session, provider_id: UUID, title: str, intervention: str) -> Offering | None:
    """Return the provider's offering with this title for this intervention, unless it was withdrawn."""
    return session.exec(
        select(Offering)
        .where(
            Offering.provider_id == provider_id,
            Offering.intervention == intervention,
            Offering.title == title,
            Offering.state != OfferingState.WITHDRAWN,
        )
        .order_by(col(Offering.created_at))
        .limit(1)
    ).one_or_none()
