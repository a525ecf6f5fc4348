"""How satisfied an employee was with the help that he got: his own word, once, and read by nobody else (R75)."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, select

from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.policy import Permission, require
from medical.referrals.moves import parties, record
from medical.satisfaction_tables import Satisfaction
from medical.tables import Referral, ReferralState


class Score(BaseModel):
    """From 1, not at all satisfied, to 5, very satisfied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: Annotated[int, Field(ge=1, le=5)]


@dataclass(frozen=True)
class Rating:
    """What the employee said of a referral, None when nothing; and whether he can say it now."""

    score: int | None
    is_open: bool


def rate_help(session: Session, actor: Actor, referral_id: UUID, form: Score) -> Rating:
    """Write down how satisfied the employee was with what a referral of his own brought.

    Raises NotFound for one that is not his, and Conflict before it is completed or when he said it before.
    """
    require(actor, Permission.RATE_HELP)
    referral = _own(session, actor, referral_id)
    take_turn(session, "medical.satisfaction", referral_id)
    if referral.state is not ReferralState.COMPLETED:
        raise Conflict(_("U kunt dit zeggen als de hulp is afgerond."), code="not_completed")
    if _score(session, referral_id) is not None:
        raise Conflict(_("U hebt dit al gezegd."), code="already_rated")
    session.add(Satisfaction(**parties(referral), score=form.score))
    record(session, referral, actor, "rated")
    session.flush()
    return Rating(form.score, is_open=False)


def rating_of(session: Session, referral: Referral) -> Rating:
    """Return what the employee said of a referral; to anybody but him the database says nothing."""
    score = _score(session, referral.id)
    return Rating(score, is_open=score is None and referral.state is ReferralState.COMPLETED)


def _own(session: Session, actor: Actor, referral_id: UUID) -> Referral:
    found = session.exec(
        select(Referral).where(Referral.id == referral_id, Referral.employee_id == actor.subject_id)
    ).one_or_none()
    if found is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    return found


def _score(session: Session, referral_id: UUID) -> int | None:
    return session.exec(select(Satisfaction.score).where(Satisfaction.referral_id == referral_id)).first()
