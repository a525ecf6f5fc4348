"""The course of a referral that was accepted: planned, begun, or taken back."""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from cases.tables import RequestState
from core.clock import today
from core.errors import FieldError, Invalid
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.moves import Outcome, move, outcome, take
from medical.referrals.reasons import WithdrawReason
from medical.referrals.requests import settle_request
from medical.referrals.states import Action


def schedule_referral(
    session: Session, actor: Actor, referral_id: UUID, day: date, version: int | None = None
) -> Outcome:
    """Plan the first appointment, or move it; raises Invalid for a day before the referral was issued."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.SCHEDULE, version)
    if referral.issued_on is not None and day < referral.issued_on:
        early = _("Deze dag ligt vóór de verwijzing. Kies een latere dag.")
        raise Invalid(early, [FieldError("date", early)])
    referral.scheduled_for = day
    move(session, referral, actor, Action.SCHEDULE)
    return outcome(referral, actor)


def start_referral(session: Session, actor: Actor, referral_id: UUID, version: int | None = None) -> Outcome:
    """Say that the intervention begins today; the wait that is measured ends here (R32)."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.START, version)
    referral.started_on = today()
    move(session, referral, actor, Action.START)
    return outcome(referral, actor)


def withdraw_referral(
    session: Session, actor: Actor, referral_id: UUID, reason: WithdrawReason, version: int | None = None
) -> Outcome:
    """Take a referral back, or leave it at that when nobody took it; a request behind a draft is refused by it."""
    require(actor, Permission.ACT_ON_REFERRAL)
    referral = take(session, referral_id, actor, Action.WITHDRAW, version)
    was_issued = referral.issued_on is not None
    move(session, referral, actor, Action.WITHDRAW, reason.value)
    if referral.request_id is not None and not was_issued:
        settle_request(session, referral.request_id, RequestState.REFUSED)
    return outcome(referral, actor)
