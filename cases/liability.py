"""An accident for which somebody else is liable: marked on the case, so that what it cost can be claimed back (R63)."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from cases.cases_read import CaseView, get_case, hold_case
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require


class Liability(BaseModel):
    """Whether somebody else is liable for the absence; not who, and nothing of what happened."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    liable_party: bool = False


def mark_liability(session: Session, actor: Actor, case_id: UUID, known: Liability) -> CaseView:
    """Mark whether a case has a liable party; the same again changes nothing. Raises NotFound for another's case.

    It can be marked after recovery too: a claim runs for years (R63, S003 2.5).
    """
    require(actor, Permission.OPEN_CASE)
    found = get_case(session, actor, case_id)
    case = hold_case(session, case_id)
    if case.liable_party == known.liable_party:
        return found
    case.liable_party = known.liable_party
    session.add(case)
    session.flush()
    tag = "cases:case:liable_party" if known.liable_party else "cases:case:no_liable_party"
    record(session, actor, tag, case_id, data_subject_id=found.employee_id)
    return get_case(session, actor, case_id)
