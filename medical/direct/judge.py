"""Judging a specification: agreed, not agreed with a coded reason, or a question to the provider (R55)."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, model_validator
from sqlmodel import Session

from billing.direct_tables import DirectOutcome
from core.clock import now, today
from core.errors import Conflict
from core.language import _
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.direct.specifications import Words, find_specification, message_of
from medical.direct_tables import DirectMessageKind, DisagreementReason, SpecificationState
from medical.hatch.direct import release_direct_answer
from network.settings import arbodienst_settings

STATES = {
    DirectOutcome.AGREED: SpecificationState.AGREED,
    DirectOutcome.NOT_AGREED: SpecificationState.NOT_AGREED,
    DirectOutcome.QUESTION: SpecificationState.QUESTION,
}


class Judgement(BaseModel):
    """What the secretariat says: a disagreement has a coded reason, and a question its words, both for the provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: DirectOutcome
    reason: DisagreementReason | None = None
    question: Annotated[Words, "for the provider alone"] | None = None

    @model_validator(mode="after")
    def _has_what_belongs_to_it(self) -> Self:
        if (self.outcome is DirectOutcome.NOT_AGREED) != (self.reason is not None):
            raise ValueError(_("Kies een reden als u niet akkoord gaat, en alleen dan."))
        if (self.outcome is DirectOutcome.QUESTION) != (self.question is not None):
            raise ValueError(_("Schrijf uw vraag op als u iets wilt weten, en alleen dan."))
        return self


def judge_specification(session: Session, actor: Actor, specification_id: UUID, judgement: Judgement) -> UUID:
    """Judge a specification and let the employer hear one word; raises Conflict when it does not wait for that."""
    require(actor, Permission.JUDGE_SPECIFICATION)
    specification = find_specification(session, actor, specification_id, lock=True)
    if specification.state is not SpecificationState.SENT:
        raise Conflict(_("Deze specificatie wacht niet op een oordeel."), code="not_waiting")
    term = add_working_days(today(), arbodienst_settings(session, actor).answer_working_days)
    specification.state, specification.state_since = STATES[judgement.outcome], now()
    specification.reason = judgement.reason
    specification.due_on = term if judgement.outcome is DirectOutcome.QUESTION else None
    if judgement.question is not None:
        session.add(message_of(specification, actor, DirectMessageKind.QUESTION, judgement.question))
    session.add(specification)
    session.flush()
    record(session, actor, "medical:specification:judged", specification.id, reason=judgement.outcome.value)
    release_direct_answer(session, actor, specification, judgement.outcome)
    return specification.id
