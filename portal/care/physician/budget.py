"""Above the employer's budget: asking him, and what of the own drafts waits for his answer or got one (R56, R12)."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from billing.budget.requests import BudgetRequestView
from billing.budget_tables import BudgetState
from core.errors import Conflict
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.release import ask_employer, budget_waiting
from portal import flash
from portal.blocks import Task
from portal.budget_words import BUDGET_TONES, budget_state_words
from portal.presenters import money

router = Section(prefix="/verwijzingen/{referral_id}/budget")


@router.post("")
def ask(request: Request, work: Annotated[Work, care(Permission.ASK_EMPLOYER)], referral_id: UUID) -> Response:
    """Ask the employer to agree; what stands in the way is said on the page of the referral."""
    try:
        asked = ask_employer(work.session, work.actor, referral_id)
        said = _("De werkgever is om akkoord gevraagd: %(number)s.") % {"number": asked.number}
    except Conflict as refusal:
        said = refusal.message
    return flash.redirect(request, f"/arts/verwijzingen/{referral_id}", said)


def budget_tasks(work: Work) -> list[Task]:
    """Return the drafts that wait for an employer or that he answered."""
    return [_task(referral_id, asked) for referral_id, asked in budget_waiting(work.session, work.actor)]


def _task(referral_id: UUID, asked: BudgetRequestView) -> Task:
    waits = asked.state is BudgetState.ASKED
    return Task(
        title=f"{asked.number}: {money(asked.price_cents)}",
        href=f"/arts/verwijzingen/{referral_id}",
        act=_("Bekijk concept"),
        about=_("Werknemer %(reference)s. %(state)s.")
        % {"reference": asked.employee_reference, "state": budget_state_words(asked.state)},
        since=asked.asked_on,
        due=asked.answer_by if waits else None,
        tag=_("De werkgever is te laat") if asked.is_overdue else budget_state_words(asked.state),
        tone=BUDGET_TONES[asked.state],
    )
