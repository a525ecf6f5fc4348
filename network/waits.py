"""How long people wait for an offering, in the provider's own words: dated, and flagged when they grow old (R32)."""

from uuid import UUID

from sqlmodel import Session

from core.clock import today
from core.paging import Page
from identity.actor import Actor
from identity.policy import Permission, require
from network.offering_acts import OfferingAct, leave_trace, take_offering
from network.offering_view import OfferingView
from network.offerings_read import OfferingFilter, get_offering, list_offerings
from network.tables import Offering


def state_wait(session: Session, actor: Actor, offering_id: UUID, days: int) -> OfferingView:
    """State the wait of an own offering in days, as it is today; an approved offering stays approved.

    `days` is checked at the door (`offering_values.WaitDays`).
    """
    require(actor, Permission.PUBLISH_OFFERING)
    offering = take_offering(session, actor, offering_id, OfferingAct.WAIT)
    put_wait(offering, days)
    leave_trace(session, actor, offering, "wait_stated")
    return get_offering(session, actor, offering_id)


def confirm_wait(session: Session, actor: Actor, offering_id: UUID) -> OfferingView:
    """Say that the wait of an own offering is still what it was."""
    require(actor, Permission.PUBLISH_OFFERING)
    offering = take_offering(session, actor, offering_id, OfferingAct.WAIT)
    put_wait(offering, offering.stated_wait_days)
    leave_trace(session, actor, offering, "wait_confirmed")
    return get_offering(session, actor, offering_id)


def open_intake(session: Session, actor: Actor, offering_id: UUID, accepts_new: bool) -> OfferingView:
    """Say whether somebody who is referred today is taken; an approved offering stays approved, and can be found."""
    require(actor, Permission.PUBLISH_OFFERING)
    offering = take_offering(session, actor, offering_id, OfferingAct.WAIT)
    offering.accepts_new = accepts_new
    offering.version += 1
    leave_trace(session, actor, offering, "intake_opened" if accepts_new else "intake_closed")
    return get_offering(session, actor, offering_id)


def list_stale_waits(session: Session, actor: Actor, page: int, page_size: int) -> Page[OfferingView]:
    """Return approved offerings whose wait was stated more than 30 days ago, the oldest first: own, or all (R32)."""
    return list_offerings(session, actor, OfferingFilter(stale=True), page, page_size)


def put_wait(offering: Offering, days: int) -> None:
    """Let an offering have this wait from today on."""
    offering.stated_wait_days, offering.stated_on = days, today()
    offering.version += 1
