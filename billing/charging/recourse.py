"""What an employer can claim back from who is liable for an absence: what he was charged for it, by month (R63).

Built from charges that stand on issued invoices under the reference of the employee. Those are open interventions: a
charge for a confidential one names nobody, so nobody on this side can say whose claim it belongs to. Of no amount the
type is told: for a claim it is not needed.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from billing.charging.charge_terms import first_of_month
from billing.invoicing.invoices_read import InvoiceFile
from billing.tables import Charge
from cases.cases_read import get_case, not_found
from core.spreadsheets import MEDIA_TYPE, Cell, amount, write_csv
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require

MOST_MONTHS = 240
HEADER = ("maand", "bedrag zonder btw")


@dataclass(frozen=True)
class RecourseMonth:
    """What was charged in a month, in cents without VAT: the employer's part, after the insurer's."""

    month: date
    net_cents: int


@dataclass(frozen=True)
class RecourseCosts:
    """The cost of reintegration that can be claimed for one absence."""

    employee_reference: str
    first_sick_day: date
    months: tuple[RecourseMonth, ...]

    @property
    def net_cents(self) -> int:
        """All months together, in cents without VAT."""
        return sum(month.net_cents for month in self.months)


def recourse_costs(session: Session, actor: Actor, case_id: UUID) -> RecourseCosts:
    """Return what the employer can claim for one of his cases.

    Raises NotFound for another's case, and for one for which nobody is known to be liable.
    """
    require(actor, Permission.SEE_COSTS)
    case = get_case(session, actor, case_id)
    if not case.liable_party:
        raise not_found()
    own = func.sum(col(Charge.net_cents) - col(Charge.insurer_cents))
    rows = session.execute(
        select(col(Charge.month), own)
        .where(
            col(Charge.employer_id) == case.employer_id,
            col(Charge.employee_reference) == case.employee_reference,
            col(Charge.month) >= first_of_month(case.first_sick_day),
            col(Charge.invoice_id).is_not(None),
        )
        .group_by(col(Charge.month))
        .order_by(col(Charge.month))
        .limit(MOST_MONTHS)
    )
    months = tuple(RecourseMonth(month, cents) for month, cents in rows)
    return RecourseCosts(case.employee_reference, case.first_sick_day, months)


def recourse_csv(session: Session, actor: Actor, case_id: UUID) -> InvoiceFile:
    """Return the same as CSV, to go with the claim; raises NotFound as `recourse_costs` does. Taking it is an event.

    The file tells months and amounts: the name of the case is in neither the file nor what it is called.
    """
    costs = recourse_costs(session, actor, case_id)
    record(session, actor, "billing:recourse:taken", case_id)
    rows: list[tuple[Cell, ...]] = [(f"{each.month:%Y-%m}", amount(each.net_cents)) for each in costs.months]
    rows.append(("samen", amount(costs.net_cents)))
    return InvoiceFile("verhaalbare-kosten.csv", MEDIA_TYPE, write_csv(HEADER, rows))
