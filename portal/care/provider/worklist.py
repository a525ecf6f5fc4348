"""The provider's worklist: what waits for an answer, a plan, a start or a report, and what else is due."""

from collections.abc import Sequence

from fastapi import Request
from starlette.responses import Response

from core.clock import AMSTERDAM
from core.language import _
from core.routing import Section
from medical.invoices.read import InvoiceHeader, list_sent_back
from medical.referrals.list import worklist
from medical.referrals.views import ReferralLine
from medical.referrals.views import Task as Waiting
from medical.tables import ReferralState
from network.registrations import RegistrationView, list_expiring
from network.slots import Standing, waiting_slot_asks
from network.waits import list_stale_waits
from portal.blocks import Task, by_term
from portal.care.provider.slots import slot_task
from portal.care.provider.words import dispute_words, next_act, state_tone, state_words
from portal.care.provider.work import Provider
from portal.navigation import navigate
from portal.network_words import registration_words
from portal.open.provider.navigation import (
    EXPIRES_WITHIN,
    HOME,
    INVOICES,
    REFERRALS,
    REGISTRATIONS,
    OnMedicalSide,
    places,
)
from portal.page import render

router = Section(prefix=HOME)
MOST = 100
MOST_INTAKES = 8


@router.get("")
def worklist_page(request: Request, work: Provider) -> Response:
    """Show what waits for the provider, the oldest term first."""
    session, actor = work.session, work.actor
    referrals = worklist(session, actor, page_size=MOST)
    sent_back = list_sent_back(session, actor, page_size=MOST)
    expiring = list_expiring(session, actor, EXPIRES_WITHIN, 1, MOST)
    stale = list_stale_waits(session, actor, 1, MOST)
    slots = waiting_slot_asks(session, actor, MOST)
    tasks = [
        *map(_of_referral, referrals.items),
        *map(slot_task, slots),
        *map(_of_invoice, sent_back.items),
        *map(_of_registration, expiring.items),
    ]
    # What was read for the page is what the menu counts: one look, recorded once.
    menu = places(
        OnMedicalSide(referrals.total, sent_back.total, sum(each.standing is Standing.ASKED for each in slots)),
        stale.total,
        expiring.total,
    )
    request.state.nav = navigate(work, request.url.path, {actor.role: lambda _session, _actor: menu})
    return render(
        request,
        "care/provider/worklist.html",
        tasks=by_term(tasks),
        unseen=referrals.total - len(referrals.items),
        stale=stale,
        intakes=_first_appointments(referrals.items),
    )


def _first_appointments(waiting: Sequence[Waiting]) -> list[ReferralLine]:
    planned = [task.line for task in waiting if task.line.state is ReferralState.SCHEDULED]
    return sorted(planned, key=lambda line: (line.scheduled_for is None, line.scheduled_for))[:MOST_INTAKES]


def _of_referral(waiting: Waiting) -> Task:
    line = waiting.line
    who = line.employee_name or line.employee_reference or line.number
    return Task(
        title=f"{who}: {line.intervention_label}",
        href=f"{REFERRALS}/{line.id}",
        act=next_act(line.state),
        about=waiting.todo,
        since=line.state_since.astimezone(AMSTERDAM).date(),
        due=line.due_on,
        tag=state_words(line.state).capitalize(),
        tone=state_tone(line.state),
    )


def _of_invoice(invoice: InvoiceHeader) -> Task:
    return Task(
        title=_("Factuur %(number)s is teruggestuurd") % {"number": invoice.invoice_number},
        href=f"{INVOICES}/{invoice.id}",
        act=_("Bekijk"),
        about=dispute_words(invoice.dispute_reason or ""),
        tag=_("Teruggestuurd"),
        tone="bad",
    )


def _of_registration(registration: RegistrationView) -> Task:
    name = registration_words(registration.kind)
    return Task(
        title=_("%(register)s loopt af") % {"register": name}
        if registration.is_valid
        else _("%(register)s is verlopen") % {"register": name},
        href=REGISTRATIONS,
        act=_("Bekijk"),
        about=", ".join(part for part in (registration.number, registration.holder) if part),
        due=registration.valid_until,
        tag=_("Registratie"),
        tone="quiet",
    )
