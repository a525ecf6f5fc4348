"""Where an employee lands: his absence, what comes next, what runs, and what he agreed to."""

from fastapi import Request
from starlette.responses import Response

from cases.cases_read import list_cases
from cases.coming import coming_steps
from core.routing import Section
from medical.referrals.list import list_referrals
from portal.care.employee.consents import switches
from portal.care.employee.words import state_tone, state_words, what_now
from portal.care.employee.work import Myself
from portal.care.show import show
from portal.case_words import year_words
from portal.open.employee.navigation import CONSENTS, HOME, INTERVENTIONS

router = Section(prefix=HOME)
MOST_STEPS = 5
MOST_INTERVENTIONS = 5


@router.get("")
def overview(request: Request, work: Myself) -> Response:
    """Show the absence that runs now, or the last one."""
    session, actor = work.session, work.actor
    case = next(iter(list_cases(session, actor, page_size=1).items), None)
    return show(
        request,
        work,
        "care/employee/overview.html",
        case=case,
        steps=coming_steps(session, actor, case.id) if case else (),
        most_steps=MOST_STEPS,
        switches=switches(work, case.id) if case else (),
        interventions=list_referrals(session, actor, page_size=MOST_INTERVENTIONS),
        base=INTERVENTIONS,
        consents=CONSENTS,
        state_words=state_words,
        state_tone=state_tone,
        what_now=what_now,
        year_words=year_words,
    )
