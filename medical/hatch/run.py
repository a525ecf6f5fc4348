"""The monthly charging: the hatch lets out what may go, and the open side makes invoices of it, in one transaction."""

from datetime import date

from sqlmodel import Session

from billing.charging.charge_runs import ChargeRunResult, bill_month, charging_month
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.hatch.charges import release_charges


def run_charging(session: Session, actor: Actor, month: date) -> ChargeRunResult:
    """Charge what waits as `month` and issue the invoices; a second run finds nothing and makes nothing.

    Raises Invalid for a month that has not begun, and Conflict when an organisation cannot be invoiced yet; then
    nothing is done at all.
    """
    require(actor, Permission.RUN_CHARGES)
    month = charging_month(month)
    take_turn(session, "charging", actor.tenant_id)
    released = release_charges(session, actor, month)
    result = bill_month(session, actor, month, released.carried_over)
    record(session, actor, "medical:charging:run", result.id)
    return result
