"""Who has the first firm slot: what a provider is asked, and his answer; nothing in it leads to a case.

The first who names a day keeps that slot for a time and is told so; the others read that it is not needed any more.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlmodel import Session, col

from core.clock import now, today
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.paging import Page, offset
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.settings import arbodienst_settings
from network.slot_tables import SlotAsk, SlotQuestion, SlotState, Urgency
from network.tables import Offering
from network.taxonomy import interventions

MOVES: dict[str, frozenset[tuple[SlotState, SlotState]]] = {
    "referrer": frozenset(
        (before, SlotState.CLOSED) for before in (SlotState.OPEN, SlotState.HELD, SlotState.LAPSED, SlotState.EXPIRED)
    )
    | {(SlotState.HELD, SlotState.USED)},
    "provider": frozenset({(SlotState.OPEN, SlotState.HELD)}),
    "system": frozenset({(SlotState.OPEN, SlotState.EXPIRED), (SlotState.HELD, SlotState.LAPSED)}),
}
"""What may become of a question, and by whom; `network.slot_may_become` in the database keeps the same list."""

FURTHEST_DAYS = 180
"""A slot further away than this is none to wait for."""


class Standing(StrEnum):
    """How a question stands for one of those who were asked."""

    ASKED = "asked"
    FIRST = "first"  # he keeps the slot until a day
    USED = "used"  # a referral was made
    LAPSED = "lapsed"  # he need not keep it any longer
    DECLINED = "declined"
    NOT_NEEDED = "not_needed"  # another was first, or it is over


@dataclass(frozen=True)
class SlotAskView:
    """What a provider is asked, and how it stands for him."""

    id: UUID
    offering_id: UUID
    offering_title: str
    intervention: str
    intervention_label: str
    region: str | None
    urgency: Urgency
    asked_on: date
    answer_by: date
    standing: Standing
    day: date | None
    held_until: date | None


def list_slot_asks(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[SlotAskView]:
    """Return what the actor's organisation is asked: what waits for an answer first, then the latest."""
    require(actor, Permission.ANSWER_SLOT)
    total = session.scalar(select(func.count()).select_from(_asked(actor).subquery())) or 0
    rows = session.execute(
        _asked(actor)
        .order_by(_waits().desc(), col(SlotAsk.created_at).desc(), col(SlotAsk.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    )
    return Page(tuple(_view(row) for row in rows), total, page, page_size)


def waiting_slot_asks(session: Session, actor: Actor, most: int) -> tuple[SlotAskView, ...]:
    """Return what waits for an answer, or is kept for somebody, the first term first."""
    require(actor, Permission.ANSWER_SLOT)
    kept = (col(SlotQuestion.state) == SlotState.HELD) & col(SlotAsk.is_first)
    rows = session.execute(
        _asked(actor).where(_waits() | kept).order_by(col(SlotQuestion.answer_by), col(SlotAsk.id)).limit(most)
    )
    return tuple(_view(row) for row in rows)


def count_slot_asks(session: Session, actor: Actor) -> int:
    """Return how many questions wait for an answer of the actor's organisation."""
    require(actor, Permission.ANSWER_SLOT)
    return session.scalar(select(func.count()).select_from(_asked(actor).where(_waits()).subquery())) or 0


def get_slot_ask(session: Session, actor: Actor, ask_id: UUID) -> SlotAskView:
    """Return one question; raises NotFound for what was not asked of the actor's organisation."""
    require(actor, Permission.ANSWER_SLOT)
    row = session.execute(_asked(actor).where(col(SlotAsk.id) == ask_id)).one_or_none()
    if row is None:
        raise NotFound(_("Deze vraag is niet gevonden."))
    return _view(row)


def offer_slot(session: Session, actor: Actor, ask_id: UUID, day: date) -> SlotAskView:
    """Offer a slot on `day`: whoever is the first keeps it. Raises Conflict for who is not, with how it stands.

    Of two at the same instant the one waits for the other at the row of the question, and then finds it taken; the
    database has room for one first besides.
    """
    asked = get_slot_ask(session, actor, ask_id)
    _within_reach(day)
    held_until = add_working_days(today(), arbodienst_settings(session, actor).slot_hold_working_days)
    of_ask = select(col(SlotAsk.question_id)).where(col(SlotAsk.id) == ask_id).scalar_subquery()
    if asked.standing is not Standing.ASKED:
        raise _too_late(asked)
    taken: Any = session.execute(
        update(SlotQuestion)
        .where(col(SlotQuestion.id) == of_ask, col(SlotQuestion.state) == SlotState.OPEN)
        .values(state=SlotState.HELD, held_until=held_until)
    )
    if taken.rowcount != 1:
        raise _too_late(get_slot_ask(session, actor, ask_id))
    answer = {"day": day, "is_first": True, "answered_at": now()}
    session.execute(update(SlotAsk).where(col(SlotAsk.id) == ask_id).values(**answer))
    record(session, actor, "network:slot:offered", ask_id)
    return get_slot_ask(session, actor, ask_id)


def decline_slot(session: Session, actor: Actor, ask_id: UUID) -> SlotAskView:
    """Say that there is no slot; raises Conflict when nothing is asked any more."""
    asked = get_slot_ask(session, actor, ask_id)
    if asked.standing is not Standing.ASKED:
        raise _too_late(asked)
    session.execute(update(SlotAsk).where(col(SlotAsk.id) == ask_id).values(declined=True, answered_at=now()))
    record(session, actor, "network:slot:declined", ask_id)
    return get_slot_ask(session, actor, ask_id)


def _within_reach(day: date) -> None:
    if not 0 <= (day - today()).days <= FURTHEST_DAYS:
        message = _("Kies een dag vanaf vandaag, en hooguit een half jaar vooruit.")
        raise Invalid(message, (FieldError("day", message),))


def _too_late(asked: SlotAskView) -> Conflict:
    if asked.standing is Standing.FIRST:
        return Conflict(_("U houdt deze plek al vrij."), code="slot_held")
    return Conflict(_("Deze plek is niet meer nodig. U hoeft niets vrij te houden."), code="slot_over")


def _waits() -> ColumnElement[bool]:
    return (col(SlotQuestion.state) == SlotState.OPEN) & col(SlotAsk.answered_at).is_(None)


def _asked(actor: Actor) -> Select[*tuple[SlotAsk, SlotQuestion, str]]:
    return (
        select(SlotAsk, SlotQuestion, col(Offering.title))
        .join(SlotQuestion, col(SlotQuestion.id) == col(SlotAsk.question_id))
        .join(Offering, col(Offering.id) == col(SlotAsk.offering_id))
        .where(col(SlotAsk.tenant_id) == actor.tenant_id, col(SlotAsk.provider_id) == actor.organisation_id)
        .execution_options(populate_existing=True)
    )


def _view(row: Row[*tuple[SlotAsk, SlotQuestion, str]]) -> SlotAskView:
    asked, question, title = row
    return SlotAskView(
        id=asked.id,
        offering_id=asked.offering_id,
        offering_title=title,
        intervention=question.intervention,
        intervention_label=interventions()[question.intervention].name,
        region=question.region,
        urgency=question.urgency,
        asked_on=asked.created_at.date(),
        answer_by=question.answer_by,
        standing=standing_of(asked, question),
        day=asked.day,
        held_until=question.held_until if asked.is_first else None,
    )


def standing_of(asked: SlotAsk, question: SlotQuestion) -> Standing:
    """Return how a question stands for one of those who were asked."""
    if asked.declined:
        return Standing.DECLINED
    if asked.is_first:
        kept = {SlotState.HELD: Standing.FIRST, SlotState.USED: Standing.USED, SlotState.LAPSED: Standing.LAPSED}
        return kept.get(question.state, Standing.NOT_NEEDED)
    return Standing.ASKED if question.state is SlotState.OPEN else Standing.NOT_NEEDED
