"""The worklist: what waits for the physician or the delegate, until when, and the one act that it asks for."""

from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

import medical.referrals.list as referrals_list
from cases.withdrawals import list_withdrawals, see_withdrawal
from core.clock import AMSTERDAM
from core.language import _
from core.routing import Section
from identity.roles import Role
from medical.referrals.slots import slots_to_settle
from medical.referrals.views import Task as Waiting
from medical.tables import ReferralState
from portal import flash
from portal.blocks import Task
from portal.care.physician.budget import budget_tasks
from portal.care.physician.emergency_review import emergency_tasks
from portal.care.physician.estimate import estimate_tasks
from portal.care.physician.guards import Physician, Referrer
from portal.care.physician.navigation import places_of
from portal.care.physician.recovery import recovered_tasks
from portal.care.physician.slots import slot_task
from portal.care.physician.unjudged import unjudged_tasks
from portal.care.physician.warnings import warning_tasks
from portal.care.physician.words import consent_label
from portal.forms import parse
from portal.missing import MOST_ON_WORKLIST
from portal.navigation import navigate
from portal.page import render
from search.searches_watch import list_news

router = Section()
PAGE_SIZE = 50
MOST_UNJUDGED = 5
MOST_SLOTS = 20


class Place(BaseModel):
    """Which page of the worklist."""

    page: int = Field(default=1, ge=1, le=1_000)


@router.get("")
def worklist(request: Request, work: Referrer) -> Response:
    """Show what waits, the oldest term first, and below it what nobody has judged yet."""
    place = parse(Place, request.query_params).value or Place()
    found = referrals_list.worklist(work.session, work.actor, place.page, PAGE_SIZE)
    tasks = [_task(waiting) for waiting in found.items]
    unjudged = unjudged_tasks(work, 1, MOST_UNJUDGED)
    # What was read for the page is what the menu counts: one look, recorded once.
    menu = places_of(work.actor, found.total, unjudged.total)
    request.state.nav = navigate(work, request.url.path, {work.actor.role: lambda _session, _actor: menu})
    return render(
        request,
        "care/physician/worklist.html",
        found=found,
        tasks=tasks,
        slots=[slot_task(each) for each in slots_to_settle(work.session, work.actor, MOST_SLOTS)],
        news=list_news(work.session, work.actor),
        late=sum(waiting.line.overdue for waiting in found.items),
        recovered=recovered_tasks(work),
        budgets=budget_tasks(work),
        estimates=estimate_tasks(work) if work.actor.role is Role.PHYSICIAN else [],
        emergencies=emergency_tasks(work) if work.actor.role is Role.PHYSICIAN else [],
        warnings=warning_tasks(work, 1, MOST_ON_WORKLIST),
        unjudged=unjudged,
        withdrawals=list_withdrawals(work.session, work.actor),
        consent_label=consent_label,
    )


@router.post("/toestemming/{consent_id}/gezien")
def withdrawal_seen(request: Request, work: Physician, consent_id: UUID) -> Response:
    """Say that the physician has taken notice of a consent that was withdrawn."""
    see_withdrawal(work.session, work.actor, consent_id)
    return flash.redirect(request, "/arts", _("U hebt gezien dat de toestemming is ingetrokken."))


def _task(waiting: Waiting) -> Task:
    line = waiting.line
    who = line.employee_name or line.employee_reference
    tag, tone = _mark(waiting)
    about = _("%(who)s, %(employer)s. Provider: %(provider)s")
    return Task(
        title=f"{line.intervention_label}: {_todo(waiting)}",
        href=f"/arts/verwijzingen/{line.id}",
        act=_("Beantwoord") if line.asked_on else _act(line.state),
        about=about % {"who": who, "employer": line.employer_name, "provider": line.provider_name},
        since=line.asked_on or line.state_since.astimezone(AMSTERDAM).date(),
        due=line.due_on,
        tag=tag,
        tone=tone,
    )


def _mark(waiting: Waiting) -> tuple[str, str]:
    """Return what a task is marked with, and in which tone: who should have acted, or who asked for it (R5)."""
    if waiting.late_owner is Role.PROVIDER:
        return _("De provider is te laat"), "bad"
    if waiting.late_owner is not None:
        return _("De casemanager taakdelegatie is te laat"), "bad"
    if waiting.line.asked_on:
        return _("De provider wacht op u"), "warn"
    if waiting.line.request_id and waiting.line.state is ReferralState.DRAFT:
        return _("Gevraagd door de casemanager"), "side"
    return "", ""


def _todo(waiting: Waiting) -> str:
    """Return what is to be done; of a provider who is late, what he has not done yet."""
    late = {
        ReferralState.ISSUED: _("nog geen antwoord"),
        ReferralState.ACCEPTED: _("nog geen afspraak"),
        ReferralState.SCHEDULED: _("nog niet begonnen"),
        ReferralState.RUNNING: _("nog geen rapport"),
        ReferralState.INTERRUPTED: _("nog niet duidelijk of het weer doorgaat"),
    }
    if waiting.line.asked_on:
        return waiting.todo[:1].lower() + waiting.todo[1:]
    return late.get(waiting.line.state) or waiting.todo[:1].lower() + waiting.todo[1:]


def _act(state: ReferralState) -> str:
    return {
        ReferralState.DRAFT: _("Bekijk concept"),
        ReferralState.RETURNED: _("Bekijk wat er moet veranderen"),
        ReferralState.REPORTED: _("Lees het rapport"),
        ReferralState.DECLINED: _("Kies een ander"),
        ReferralState.EXPIRED: _("Kies een ander"),
    }.get(state, _("Bekijk"))
