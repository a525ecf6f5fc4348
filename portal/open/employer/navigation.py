"""Where the employer can go, and how much waits there."""

from sqlmodel import Session

from billing.budget.requests import list_budget_requests
from billing.budget_tables import BudgetState
from billing.invoicing.invoices_read import list_invoices
from core.language import _
from identity.actor import Actor
from portal.page import NavItem

HOME = "/werkgever"
COSTS = f"{HOME}/kosten"
BUDGET = f"{HOME}/budget"
REPORT = f"{HOME}/rapport"
INVOICES = f"{HOME}/facturen"
STATEMENT = f"{HOME}/rekeningoverzicht"
STEPS = f"{HOME}/stappen"
DIRECT = f"{HOME}/eigen-providers"


def navigation(session: Session, actor: Actor) -> tuple[NavItem, ...]:
    """Return the places of the employer, with how many invoices wait to be paid."""
    return (
        NavItem(_("Werklijst"), HOME),
        NavItem(_("Kosten"), COSTS),
        NavItem(_("Budget"), BUDGET, list_budget_requests(session, actor, state=BudgetState.ASKED, page_size=1).total),
        NavItem(_("Facturen"), INVOICES, list_invoices(session, actor, page_size=1, open_only=True).total),
        NavItem(_("Rekeningoverzicht"), STATEMENT),
        NavItem(_("Eigen providers"), DIRECT),
        NavItem(_("Stappen"), STEPS),
        NavItem(_("Rapport"), REPORT),
    )
