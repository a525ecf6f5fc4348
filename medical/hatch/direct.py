"""The hatch for specifications of an employer's own providers: a number, a total and one of three words (R55)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from billing.direct.reference import CleanReference
from billing.direct_tables import DirectAnswer, DirectOutcome
from core.clock import today
from core.rows import append
from identity.actor import Actor
from identity.audit import record
from medical.direct_tables import DirectSpecification
from medical.hatch.values import Released


class ReleasedDirectAnswer(Released):
    """What an employer hears of a specification: its own invoice by number and total, and whether it is agreed."""

    contract_id: UUID
    employer_id: UUID
    invoice_reference: CleanReference
    total_cents: Annotated[int, Field(gt=0)]
    outcome: DirectOutcome


def direct_answer_of(specification: DirectSpecification, outcome: DirectOutcome) -> ReleasedDirectAnswer:
    """Return all that would leave: the check of the number runs again here, whatever was checked when it came in."""
    return ReleasedDirectAnswer(
        contract_id=specification.contract_id,
        employer_id=specification.employer_id,
        invoice_reference=specification.invoice_reference,
        total_cents=specification.total_cents,
        outcome=outcome,
    )


def release_direct_answer(
    session: Session, actor: Actor, specification: DirectSpecification, outcome: DirectOutcome
) -> None:
    """Let the employer hear how a specification stands; neither why, nor what was asked, nor of whom it is."""
    value = direct_answer_of(specification, outcome)
    record(session, actor, "medical:direct_answer:released", specification.id, reason=outcome.value)
    session.flush()
    append(session, DirectAnswer, tenant_id=specification.tenant_id, answered_on=today(), **value.model_dump())
