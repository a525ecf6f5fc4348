"""Who has the first firm slot, over JSON: asked by who refers, answered by providers who learn nothing of the case."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.paged import Paged, PageQuery
from core.routing import Section
from core.validation import Day
from identity.guard import Work, care
from identity.policy import Permission
from medical.referrals.slots import (
    SlotForm,
    ask_for_slot,
    close_slot_question,
    list_slot_questions,
    read_slot_question,
)
from network.slot_tables import SlotState, Urgency
from network.slots import Standing, decline_slot, list_slot_asks, offer_slot

router = Section(tags=["slots"])
Asker = Annotated[Work, care(Permission.ASK_FOR_SLOT)]
Asked = Annotated[Work, care(Permission.ANSWER_SLOT)]


class AskedOut(BaseModel):
    """One of those who were asked, and the day of the first."""

    model_config = ConfigDict(from_attributes=True)

    offering_id: UUID
    provider_name: str
    standing: Standing
    day: date | None


class SlotQuestionOut(BaseModel):
    """A question as who asked sees it; `referral_id` is what the slot became."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    case_id: UUID
    intervention: str
    region: str | None
    urgency: Urgency
    state: SlotState
    answer_by: date
    held_until: date | None
    referral_id: UUID | None
    asked: list[AskedOut]


class SlotQuestionsOut(Paged[SlotQuestionOut]):
    """A page of questions, the latest first."""


class SlotAskOut(BaseModel):
    """A question as a provider sees it: what, where and how soon, and of nobody."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    offering_id: UUID
    intervention: str
    region: str | None
    urgency: Urgency
    answer_by: date
    standing: Standing
    day: date | None
    held_until: date | None


class SlotAsksOut(Paged[SlotAskOut]):
    """A page of questions, what waits for an answer first."""


class SlotIn(BaseModel):
    """The day on which somebody can begin."""

    model_config = ConfigDict(extra="forbid")

    day: Day


@router.post("/slot-questions", status_code=201)
def asked(work: Asker, body: SlotForm) -> SlotQuestionOut:
    """Ask up to five offerings of one type who has the first slot; only type, province and urgency leave."""
    return SlotQuestionOut.model_validate(ask_for_slot(work.session, work.actor, body))


@router.get("/slot-questions")
def questions(work: Asker, query: Annotated[PageQuery, Query()]) -> SlotQuestionsOut:
    """Return the questions for the caller's cases."""
    found = list_slot_questions(work.session, work.actor, query.page, query.page_size)
    results = [SlotQuestionOut.model_validate(each) for each in found.items]
    return SlotQuestionsOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.get("/slot-questions/{question_id}")
def question(work: Asker, question_id: UUID) -> SlotQuestionOut:
    """Return one question."""
    return SlotQuestionOut.model_validate(read_slot_question(work.session, work.actor, question_id))


@router.post("/slot-questions/{question_id}/close")
def closed(work: Asker, question_id: UUID) -> SlotQuestionOut:
    """End a question; who was asked is released."""
    return SlotQuestionOut.model_validate(close_slot_question(work.session, work.actor, question_id))


@router.get("/slot-asks")
def asks(work: Asked, query: Annotated[PageQuery, Query()]) -> SlotAsksOut:
    """Return what the caller's organisation is asked."""
    found = list_slot_asks(work.session, work.actor, query.page, query.page_size)
    results = [SlotAskOut.model_validate(each) for each in found.items]
    return SlotAsksOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.post("/slot-asks/{ask_id}/offer")
def offered(work: Asked, ask_id: UUID, body: SlotIn) -> SlotAskOut:
    """Offer a slot: the first keeps it until `held_until`, for others it is a conflict."""
    return SlotAskOut.model_validate(offer_slot(work.session, work.actor, ask_id, body.day))


@router.post("/slot-asks/{ask_id}/decline")
def declined(work: Asked, ask_id: UUID) -> SlotAskOut:
    """Say that there is no slot."""
    return SlotAskOut.model_validate(decline_slot(work.session, work.actor, ask_id))
