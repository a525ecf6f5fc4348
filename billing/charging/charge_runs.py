"""A run of the monthly charging on the open side: every charge that has no invoice yet gets one."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from billing.charging.charge_terms import first_of_month
from billing.invoicing.invoices_issue import issue_month
from billing.tables import ChargeRun
from core.clock import today
from core.errors import FieldError, Invalid
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require


@dataclass(frozen=True)
class ChargeRunResult:
    """What a run has made: invoices by their id, and how many releases wait for a later one."""

    id: UUID
    month: date
    invoices: tuple[UUID, ...]
    carried_over: int


def bill_month(session: Session, actor: Actor, month: date, carried_over: int) -> ChargeRunResult:
    """Issue the invoices for every charge of `month` that has none, and record the run."""
    require(actor, Permission.RUN_CHARGES)
    run = ChargeRun(tenant_id=actor.tenant_id, month=month, run_by=actor.account, carried_over=carried_over)
    session.add(run)
    session.flush()
    invoices = issue_month(session, actor, month, run.id)
    record(session, actor, "billing:charge_run:done", run.id)
    return ChargeRunResult(run.id, month, invoices, carried_over)


def charging_month(day: date) -> date:
    """Return the first day of the month of `day`; raises Invalid for a month that has not begun."""
    month = first_of_month(day)
    if month > today():
        message = _("Deze maand is nog niet begonnen.")
        raise Invalid(message, (FieldError("month", message),))
    return month
