"""Asking several providers at once, without identity, who has the first firm slot for a case.

To the providers goes the type of intervention, the province and how soon; for which case stands in `medical` only.
The first slot is kept for a time, and becomes a referral when one is issued for that case to that offering.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, text, update
from sqlmodel import Session, col

from cases.cases_read import get_case
from cases.tables import Employee
from core.clock import today
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.locks import take_turn
from core.paging import Page, offset
from core.rows import ask
from core.working_days import add_working_days
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require, require_system
from identity.tables import Organisation
from medical.slot_tables import SlotLink
from medical.tables import Referral
from network.offering_view import OfferingView
from network.offerings_read import referable_offering
from network.postcodes import places
from network.settings import arbodienst_settings
from network.slot_tables import SlotAsk, SlotQuestion, SlotState, Urgency
from network.slots import Standing, standing_of
from network.tables import Offering
from network.taxonomy import interventions

MOST_ASKED = 5
UNDER_WAY = (SlotState.OPEN, SlotState.HELD)
UNSETTLED = (*UNDER_WAY, SlotState.EXPIRED, SlotState.LAPSED)
"""States in which a question waits for somebody: for a provider, or for the referrer to go on."""

OF_CASE = (
    select(col(SlotQuestion.id), col(SlotQuestion.state), col(SlotAsk.offering_id))
    .join(SlotLink, col(SlotLink.question_id) == col(SlotQuestion.id))
    .outerjoin(SlotAsk, (col(SlotAsk.question_id) == col(SlotQuestion.id)) & col(SlotAsk.is_first))
    .where(
        col(SlotLink.case_id) == bindparam("case_id"),
        col(SlotQuestion.intervention) == bindparam("intervention"),
        col(SlotQuestion.state).in_(UNSETTLED),
    )
)
OVER = text(
    "UPDATE network.slot_question SET state = CASE state WHEN 'open' THEN 'expired' ELSE 'lapsed' END"
    " WHERE tenant_id = :tenant"
    " AND (state = 'open' AND answer_by < :today OR state = 'held' AND held_until < :today)"
)


class SlotForm(BaseModel):
    """For which case, of which offerings, and how soon."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    case_id: UUID
    offering_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_ASKED)]
    urgency: Urgency


@dataclass(frozen=True)
class AskedProvider:
    """One of those who were asked, and his answer."""

    offering_id: UUID
    offering_title: str
    provider_name: str
    standing: Standing
    day: date | None


@dataclass(frozen=True)
class SlotQuestionView:
    """A question as its referrer sees it, with the case for which it was asked."""

    id: UUID
    case_id: UUID
    employee_id: UUID
    employee_reference: str
    employee_name: str
    intervention: str
    intervention_label: str
    region: str | None
    urgency: Urgency
    state: SlotState
    asked_on: date
    answer_by: date
    held_until: date | None
    referral_id: UUID | None
    asked: tuple[AskedProvider, ...]

    @property
    def first(self) -> AskedProvider | None:
        """Who keeps, or kept, the first slot."""
        return next((each for each in self.asked if each.day is not None), None)


def ask_for_slot(session: Session, actor: Actor, form: SlotForm) -> SlotQuestionView:
    """Ask providers who has the first slot for a case.

    Raises NotFound for a case or an offering that is not there, Conflict for a closed case, an offering that nobody
    can be referred to, or a question that runs already, and Invalid for offerings of different types.
    """
    require(actor, Permission.ASK_FOR_SLOT)
    take_turn(session, "medical", form.case_id)
    case = get_case(session, actor, form.case_id)
    if case.closed:
        raise Conflict(_("Dit verzuim is afgesloten. U kunt hiervoor niet meer verwijzen."), code="case_closed")
    offerings = [referable_offering(session, actor, each) for each in dict.fromkeys(form.offering_ids)]
    intervention = _one_type(offerings)
    if any(row.state in UNDER_WAY for row in _of_case(session, case.id, intervention)):
        raise Conflict(_("Er loopt al een vraag naar een plek voor dit dossier."), code="slot_asked")
    question = SlotQuestion(
        tenant_id=actor.tenant_id,
        intervention=intervention,
        region=places()[case.postcode].province if case.postcode and case.postcode in places() else None,
        urgency=form.urgency,
        answer_by=add_working_days(today(), arbodienst_settings(session, actor).slot_answer_working_days),
    )
    link = SlotLink(
        tenant_id=actor.tenant_id,
        employer_id=case.employer_id,
        employee_id=case.employee_id,
        case_id=case.id,
        question_id=question.id,
        asked_by=actor.account,
    )
    for row in (question, link):
        session.add(row)
        session.flush()
    session.add_all(
        SlotAsk(tenant_id=actor.tenant_id, question_id=question.id, provider_id=each.provider_id, offering_id=each.id)
        for each in offerings
    )
    session.flush()
    return _read(session, actor, question.id, "asked")


def close_slot_question(session: Session, actor: Actor, question_id: UUID) -> SlotQuestionView:
    """End a question that is not needed any more, or that came to nothing; who was asked is released at once."""
    require(actor, Permission.ASK_FOR_SLOT)
    found = _read(session, actor, question_id, "closed")
    if found.state not in UNSETTLED:
        raise Conflict(_("Deze vraag is al afgerond."), code="slot_over")
    if not _become(session, question_id, found.state, SlotState.CLOSED):
        raise Conflict(_("Er is intussen iets veranderd. Bekijk de vraag opnieuw."), code="slot_changed")
    return _one(session, actor, question_id)


def list_slot_questions(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[SlotQuestionView]:
    """Return the questions for the cases of the actor, the latest first."""
    require(actor, Permission.ASK_FOR_SLOT)
    total = session.scalar(select(func.count()).select_from(_questions(actor).subquery())) or 0
    found = _questions(actor).order_by(col(SlotQuestion.created_at).desc(), col(SlotQuestion.id))
    shown = found.limit(page_size).offset(offset(page, page_size))
    return Page(_listed(session, actor, shown, "list"), total, page, page_size)


def slots_to_settle(session: Session, actor: Actor, most: int) -> tuple[SlotQuestionView, ...]:
    """Return the questions that wait for the referrer: a slot that is kept, or nobody who had one; two queries."""
    require(actor, Permission.ASK_FOR_SLOT)
    waiting = col(SlotQuestion.state).in_((SlotState.HELD, SlotState.EXPIRED, SlotState.LAPSED))
    found = _questions(actor).where(waiting).order_by(col(SlotQuestion.held_until), col(SlotQuestion.id))
    return _listed(session, actor, found.limit(most), "worklist")


def read_slot_question(session: Session, actor: Actor, question_id: UUID) -> SlotQuestionView:
    """Return one question; raises NotFound for another's."""
    require(actor, Permission.ASK_FOR_SLOT)
    return _read(session, actor, question_id, "read")


def settle_slots(session: Session, referral: Referral) -> None:
    """End what was asked for a case once a referral is issued: the kept slot becomes it, others are released."""
    for row in _of_case(session, referral.case_id, referral.intervention):
        used = row.state is SlotState.HELD and row.offering_id == referral.offering_id
        _become(session, row.id, row.state, SlotState.USED if used else SlotState.CLOSED)
        if used:
            mine = col(SlotLink.question_id) == row.id
            session.execute(update(SlotLink).where(mine).values(referral_id=referral.id))


def end_slots(session: Session, actor: Actor) -> int:
    """End the questions whose time is over, unanswered or kept long enough; returns how many. Runs as a job."""
    require_system(actor)
    ended: Any = session.execute(OVER, {"tenant": actor.tenant_id, "today": today()})
    audit.record(session, actor, "medical:slot:ended")
    return int(ended.rowcount)


def _one_type(offerings: Sequence[OfferingView]) -> str:
    if len({each.intervention for each in offerings}) != 1:
        message = _("Kies aanbod van één soort interventie.")
        raise Invalid(message, (FieldError("offering_ids", message),))
    return offerings[0].intervention


def _of_case(session: Session, case_id: UUID, intervention: str) -> Sequence[Row[Any]]:
    return ask(session, OF_CASE, case_id=case_id, intervention=intervention).all()


def _become(session: Session, question_id: UUID, before: SlotState, after: SlotState) -> bool:
    """Move a question on if it still stands where it stood; it waits for a provider who answers just now."""
    moved: Any = session.execute(
        update(SlotQuestion)
        .where(col(SlotQuestion.id) == question_id, col(SlotQuestion.state) == before)
        .values(state=after)
    )
    return bool(moved.rowcount == 1)


def _read(session: Session, actor: Actor, question_id: UUID, act: str) -> SlotQuestionView:
    found = _one(session, actor, question_id)
    link = session.scalars(select(SlotLink).where(col(SlotLink.question_id) == question_id)).one()
    audit.record(session, actor, f"medical:slot:{act}", question_id, data_subject_id=link.employee_id)
    return found


def _one(session: Session, actor: Actor, question_id: UUID) -> SlotQuestionView:
    found = _views(session, _questions(actor).where(col(SlotQuestion.id) == question_id))
    if not found:
        raise NotFound(_("Deze vraag is niet gevonden."))
    return found[0]


def _questions(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(SlotQuestion, SlotLink, col(Employee.reference), col(Employee.name))
        .join(SlotLink, col(SlotLink.question_id) == col(SlotQuestion.id))
        .join(Employee, col(Employee.id) == col(SlotLink.employee_id))
        .where(col(SlotLink.tenant_id) == actor.tenant_id)
        .execution_options(populate_existing=True)
    )


def _listed(session: Session, actor: Actor, found: Select[*tuple[Any, ...]], act: str) -> tuple[SlotQuestionView, ...]:
    views = _views(session, found)
    audit.record_list(session, actor, f"medical:slot:{act}", (each.employee_id for each in views))
    return views


def _views(session: Session, found: Select[*tuple[Any, ...]]) -> tuple[SlotQuestionView, ...]:
    rows = session.execute(found).all()
    asked = _asked(session, col(SlotAsk.question_id).in_([row.SlotQuestion.id for row in rows])) if rows else []
    return tuple(
        _view(row, [each for each in asked if each.SlotAsk.question_id == row.SlotQuestion.id]) for row in rows
    )


def _asked(session: Session, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    return session.execute(
        select(SlotAsk, col(Offering.title), col(Organisation.name))
        .join(Offering, col(Offering.id) == col(SlotAsk.offering_id))
        .join(Organisation, col(Organisation.id) == col(SlotAsk.provider_id))
        .where(which)
        .order_by(col(SlotAsk.is_first).desc(), col(Organisation.name), col(SlotAsk.id))
        .execution_options(populate_existing=True)
    ).all()


def _view(row: Row[Any], asked: Sequence[Row[Any]]) -> SlotQuestionView:
    question, link = row.SlotQuestion, row.SlotLink
    return SlotQuestionView(
        id=question.id,
        case_id=link.case_id,
        employee_id=link.employee_id,
        employee_reference=row.reference,
        employee_name=row.name,
        intervention=question.intervention,
        intervention_label=interventions()[question.intervention].name,
        region=question.region,
        urgency=question.urgency,
        state=question.state,
        asked_on=question.created_at.date(),
        answer_by=question.answer_by,
        held_until=question.held_until,
        referral_id=link.referral_id,
        asked=tuple(
            AskedProvider(
                each.SlotAsk.offering_id, each.title, each.name, standing_of(each.SlotAsk, question), each.SlotAsk.day
            )
            for each in asked
        ),
    )
