"""A provider brings out its offerings: publishes, changes and withdraws them; the arbodienst decides (R29, R37)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from core.clock import now, today
from core.errors import Conflict
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.policy import Permission, require
from network.offering_acts import OfferingAct, leave_trace, possible_acts, same_offering_of, take_offering
from network.offering_values import OfferingValues
from network.offering_view import OfferingView
from network.offerings_read import get_offering
from network.tables import Offering, OfferingState
from network.waits import put_wait


@dataclass(frozen=True, slots=True)
class Published:
    """The offering as it stands; `known` when the same one had been published before."""

    offering: OfferingView
    known: bool


def publish_offering(session: Session, actor: Actor, values: OfferingValues) -> Published:
    """Submit a new offering of the actor's organisation for approval; the same one again gives the one that there is.

    Raises Conflict when the provider has another offering with this title for this intervention.
    """
    require(actor, Permission.PUBLISH_OFFERING)
    take_turn(session, "network.offering", actor.organisation_id)
    there = same_offering_of(session, actor.organisation_id, values.title, values.intervention)
    if there is not None:
        if _differences(there, values) or there.stated_wait_days != values.stated_wait_days:
            raise _double(actor, there)
        return Published(get_offering(session, actor, there.id), known=True)
    offering = Offering(
        tenant_id=actor.tenant_id,
        provider_id=actor.organisation_id,
        **_stated(values),
        stated_wait_days=values.stated_wait_days,
        stated_on=today(),
    )
    leave_trace(session, actor, offering, "published")
    return Published(get_offering(session, actor, offering.id), known=False)


def change_offering(
    session: Session, actor: Actor, offering_id: UUID, values: OfferingValues, version: int | None = None
) -> OfferingView:
    """Give an own offering other values; all but the wait puts it back to be approved (R29).

    What was rejected or withdrawn is submitted anew, changed or not. Raises Conflict when another offering has this
    title, or when `version` is given and somebody changed the offering since.
    """
    require(actor, Permission.PUBLISH_OFFERING)
    take_turn(session, "network.offering", actor.organisation_id)
    offering = take_offering(session, actor, offering_id, OfferingAct.CHANGE, version)
    there = same_offering_of(session, actor.organisation_id, values.title, values.intervention)
    if there is not None and there.id != offering.id:
        raise _double(actor, there)
    differences = _differences(offering, values)
    if differences or offering.state in (OfferingState.REJECTED, OfferingState.WITHDRAWN):
        _submit_anew(offering, differences)
    put_wait(offering, values.stated_wait_days)
    leave_trace(session, actor, offering, "changed")
    return get_offering(session, actor, offering_id)


def withdraw_offering(session: Session, actor: Actor, offering_id: UUID) -> OfferingView:
    """Take an own offering out of the network; referrals that run keep what they agreed (R35)."""
    require(actor, Permission.PUBLISH_OFFERING)
    offering = take_offering(session, actor, offering_id, OfferingAct.WITHDRAW)
    offering.state, offering.rejection_reason = OfferingState.WITHDRAWN, None
    offering.version += 1
    leave_trace(session, actor, offering, "withdrawn")
    return get_offering(session, actor, offering_id)


def _stated(values: OfferingValues) -> dict[str, Any]:
    """Return what the provider states, by column; the wait apart, for it has rules of its own."""
    stated = values.model_dump(exclude={"stated_wait_days"})
    lists = {name: list(value) for name, value in stated.items() if isinstance(value, tuple)}
    return stated | lists | values.location


def _differences(offering: Offering, values: OfferingValues) -> Mapping[str, Any]:
    return {name: value for name, value in _stated(values).items() if getattr(offering, name) != value}


def _submit_anew(offering: Offering, differences: Mapping[str, Any]) -> None:
    for name, value in differences.items():
        setattr(offering, name, value)
    offering.state, offering.rejection_reason = OfferingState.SUBMITTED, None
    offering.submitted_at = now()
    offering.decided_by = offering.decided_at = None


def _double(actor: Actor, there: Offering) -> Conflict:
    return Conflict(
        _("U hebt al aanbod met deze titel voor deze interventie. Wijzig dat, of kies een andere titel."),
        code="double",
        possible=possible_acts(actor.role, there.state),
    )
