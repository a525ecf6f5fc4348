"""Recovery: it ends the running spell, and with it the case and its Poortwachter process (R67)."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from cases.cases_read import CaseView, get_case, hold_case
from cases.input import PastDay
from cases.tables import SickSpell
from core.clock import now, today
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require


class Recovery(BaseModel):
    """From which day on the employee is no longer sick; that day itself is no sick day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recovered_on: PastDay


def record_recovery(session: Session, actor: Actor, case_id: UUID, recovered_on: date) -> CaseView:
    """Close a case: the employee is no longer sick from `recovered_on` on (R67).

    The same day again changes nothing. Raises Conflict when the case is closed already, Invalid when the day does not
    come after the first sick day or has yet to come, NotFound for a case that is not the actor's.
    """
    require(actor, Permission.OPEN_CASE)
    found = get_case(session, actor, case_id)
    case = hold_case(session, case_id)
    spell = session.exec(
        select(SickSpell)
        .where(SickSpell.case_id == case_id)
        .order_by(col(SickSpell.first_sick_day).desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if spell.recovered_on is not None:
        if spell.recovered_on == recovered_on:
            return get_case(session, actor, case_id)
        raise Conflict(_("Dit dossier is al gesloten door herstel."), code="case_closed", possible=("open",))
    _check(spell.first_sick_day, recovered_on)
    spell.recovered_on = recovered_on
    case.closed_at = now()
    session.add(spell)
    session.add(case)
    record(session, actor, "cases:case:recovered", case_id, data_subject_id=found.employee_id)
    session.flush()
    return get_case(session, actor, case_id)


def _check(first_sick_day: date, recovered_on: date) -> None:
    if recovered_on <= first_sick_day:
        fault = _("Herstel komt na de eerste ziektedag, %(day)s. Geef de eerste dag die geen ziektedag meer is.") % {
            "day": first_sick_day.strftime("%d-%m-%Y")
        }
    elif recovered_on > today():
        fault = _("Deze dag moet nog komen: kies vandaag of een dag ervoor.")
    else:
        return
    raise Invalid(fault, (FieldError("recovered_on", fault),))
