"""The queue of provider invoices: what has to be judged, the oldest term first, and what was judged."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.invoice_tables import ProviderDocument, ProviderInvoiceState
from medical.invoices.judge import DisputeReason
from medical.invoices.read import OPEN_STATES, InvoiceHeader, InvoiceList, list_provider_invoices
from portal.blocks import Task
from portal.care.secretary.navigation import HOME
from portal.care.secretary.words import TONES, dispute_label, state_label
from portal.care.show import show
from portal.forms import parse
from portal.presenters import day, money

router = Section(prefix=HOME)
PAGE_SIZE = 25
LOOKS_AHEAD = 100
"""How far in the queue the next invoice is looked for; past that the queue begins again at its oldest term."""

Judge = Annotated[Work, care(Permission.JUDGE_PROVIDER_INVOICE)]
Wanted = Literal["waiting", "mine", "late", "exception", "disputed", "approved"]

STATES: dict[Wanted, tuple[ProviderInvoiceState, ...]] = {
    "waiting": OPEN_STATES,
    "mine": OPEN_STATES,
    "late": OPEN_STATES,
    "exception": (ProviderInvoiceState.EXCEPTION, ProviderInvoiceState.CONTESTED),
    "disputed": (ProviderInvoiceState.DISPUTED,),
    "approved": (ProviderInvoiceState.APPROVED,),
}
TO_JUDGE = ("waiting", "mine", "late", "exception")


class QueueFilters(BaseModel):
    """What the address bar says of which invoices to list."""

    state: Wanted = "waiting"
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def queue(request: Request, work: Judge) -> Response:
    """List provider invoices."""
    form = parse(QueueFilters, request.query_params)
    chosen = form.value or QueueFilters()
    found = list_provider_invoices(
        work.session,
        work.actor,
        STATES[chosen.state],
        chosen.page,
        PAGE_SIZE,
        InvoiceList(owner_id=work.actor.account if chosen.state == "mine" else None, only_late=chosen.state == "late"),
    )
    return show(
        request,
        work,
        "care/secretary/queue.html",
        chosen=chosen.state,
        tabs=_tabs(),
        found=found,
        tasks=found.map(_task).items if chosen.state in TO_JUDGE else (),
        reasons={reason.value: dispute_label(reason) for reason in DisputeReason},
    )


def next_in_queue(work: Work, after: UUID) -> UUID | None:
    """Return the invoice that waits next after `after`, or the one that waits longest; None when no other waits."""
    waiting = list_provider_invoices(work.session, work.actor, OPEN_STATES, 1, LOOKS_AHEAD).items
    ids = [header.id for header in waiting]
    place = ids.index(after) + 1 if after in ids else 0
    return next((each for each in ids[place:] + ids[:place] if each != after), None)


def _tabs() -> list[tuple[Wanted, str]]:
    return [
        ("waiting", _("Wacht op u")),
        ("mine", _("Van u")),
        ("late", _("Te laat")),
        ("exception", _("Met afwijking")),
        ("disputed", _("Teruggestuurd")),
        ("approved", _("Vrijgegeven")),
    ]


def _title(header: InvoiceHeader) -> str:
    names = {"provider": header.provider_name, "number": header.invoice_number}
    if header.kind is ProviderDocument.CREDIT_NOTE:
        return _("%(provider)s, creditnota %(number)s") % names
    return _("%(provider)s, %(number)s") % names


def _task(header: InvoiceHeader) -> Task:
    facts = {"amount": money(header.gross_cents), "number": header.referral_number, "day": day(header.invoice_date)}
    return Task(
        title=_title(header),
        href=f"{HOME}/facturen/{header.id}",
        act=_("Beoordeel"),
        about=_("%(amount)s met btw · verwijzing %(number)s · factuur van %(day)s") % facts,
        due=header.due_on,
        tag=state_label(header.state),
        tone=TONES[header.state],
    )
