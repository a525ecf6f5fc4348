"""What waits for the employer: invoices to pay and steps to take, each with its term."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from billing.budget.requests import BudgetRequestView, list_budget_requests
from billing.budget_tables import BudgetState
from billing.invoicing.invoices_read import InvoiceSummary, list_invoices
from cases.aftercare import aftercare_due
from cases.cases_read import CaseView
from core.clock import today
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.blocks import Task, by_term
from portal.open.employer.due_steps import DueStep, due_steps
from portal.open.employer.navigation import BUDGET, HOME, INVOICES, STEPS
from portal.open.show import show
from portal.presenters import day, money, month

router = Section(prefix=HOME)
MOST_SHOWN = 25  # of each kind; the rest is one click away


@router.get("")
def worklist(request: Request, work: Annotated[Work, open_side(Permission.SEE_OWN_STEPS)]) -> Response:
    """Show what waits."""
    to_pay = list_invoices(work.session, work.actor, page_size=MOST_SHOWN, open_only=True)
    asked = list_budget_requests(work.session, work.actor, state=BudgetState.ASKED, page_size=MOST_SHOWN)
    steps = due_steps(work.session, work.actor)
    aftercare = aftercare_due(work.session, work.actor)
    return show(
        request,
        work,
        "open/employer/worklist.html",
        sections=[
            (_("Akkoord gevraagd"), by_term(map(_budget, asked.items)), asked.total, BUDGET),
            (_("Te betalen"), by_term(map(_invoice, to_pay.items)), to_pay.total, f"{INVOICES}?show=open"),
            (_("Stappen die u zelf doet"), by_term(map(_step, steps[:MOST_SHOWN])), len(steps), STEPS),
            (_("Nazorg"), by_term(map(_aftercare, aftercare[:MOST_SHOWN])), len(aftercare), f"{STEPS}?state=closed"),
        ],
        to_pay=to_pay.total,
        to_pay_cents=sum(invoice.total_cents for invoice in to_pay.items),
        # Only when all of them are on this page does their sum say what there is to pay.
        whole=to_pay.total <= MOST_SHOWN,
        late=sum(each.step.overdue for each in steps),
        steps=len(steps),
        waiting=bool(to_pay.total or asked.total or steps or aftercare),
    )


def _budget(asked: BudgetRequestView) -> Task:
    about = _("Werknemer %(reference)s: %(amount)s")
    return Task(
        title=f"{asked.number}: {asked.description}",
        href=f"{BUDGET}/{asked.id}",
        act=_("Beantwoord"),
        about=about % {"reference": asked.employee_reference, "amount": money(asked.price_cents)},
        since=asked.asked_on,
        due=asked.answer_by,
    )


def _invoice(invoice: InvoiceSummary) -> Task:
    return Task(
        title=_("Factuur %(number)s") % {"number": invoice.number},
        href=f"{INVOICES}/{invoice.id}",
        act=_("Bekijk en betaal"),
        about=f"{money(invoice.total_cents)} · {month(invoice.month)}",
        since=invoice.issue_date,
        due=invoice.due_date,
    )


def _aftercare(case: CaseView) -> Task:
    return Task(
        title=_("Nazorg: vraag hoe het gaat"),
        href=f"{STEPS}/{case.id}",
        act=_("Bekijk"),
        about=_("Werknemer %(reference)s · hersteld op %(day)s")
        % {"reference": case.employee_reference, "day": day(case.recovered_on or today())},
        due=case.aftercare_until,
    )


def _step(due: DueStep) -> Task:
    return Task(
        title=due.step.title,
        href=f"{STEPS}/{due.case.id}",
        act=_("Bekijk"),
        about=_("Werknemer %(reference)s · ziekteweek %(week)s")
        % {"reference": due.case.employee_reference, "week": due.case.sickness_week},
        due=due.step.due_on,
    )
