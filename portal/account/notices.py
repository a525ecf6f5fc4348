"""Being told: by mail that something waits, and in a calendar elsewhere until when; and the mailbox of the demo."""

from email.message import EmailMessage
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from cases.reminders import REMINDED
from core.errors import NotFound
from core.language import _
from core.mail import folder_of
from core.routing import Section
from identity.calendar_addresses import calendar_path, calendar_since, make_calendar_address, revoke_calendar_address
from identity.digests import choose_digests, wants_digests
from identity.guard import Work, open_side, settings_of
from identity.policy import Permission, allows
from portal import flash
from portal.forms import FormFields, blank, parse
from portal.page import render

router = Section(prefix="/account")
PAGE = "/account/meldingen"
MOST_SHOWN = 50

Somebody = Annotated[Work, open_side(Permission.SEE_SELF)]
Keeper = Annotated[Work, open_side(Permission.KEEP_CALENDAR)]


class Choice(BaseModel):
    """Whether somebody wants to be told by mail."""

    reminders: bool = False


@router.get("/meldingen")
def notices_page(request: Request, work: Somebody) -> Response:
    """Show what the actor chose."""
    return _page(request, work)


@router.post("/meldingen")
def choose(request: Request, work: Somebody, data: FormFields) -> Response:
    """Be told by mail from now on, or no more."""
    wanted = (parse(Choice, data).value or Choice()).reminders
    choose_digests(work.session, work.actor, wanted)
    said = _("U krijgt voortaan bericht per e-mail.") if wanted else _("U krijgt geen berichten per e-mail meer.")
    return flash.redirect(request, PAGE, said)


@router.post("/meldingen/agenda")
def make(request: Request, work: Keeper) -> Response:
    """Make a new address, and show it this once."""
    secret = make_calendar_address(work.session, work.actor)
    return _page(request, work, address=settings_of(request).base_url + calendar_path(work.actor, secret))


@router.post("/meldingen/agenda/intrekken")
def revoke(request: Request, work: Keeper) -> Response:
    """End the address."""
    revoke_calendar_address(work.session, work.actor)
    return flash.redirect(request, PAGE, _("Het adres werkt niet meer."))


@router.get("/post")
def mailbox(request: Request, work: Somebody) -> Response:
    """Show the mail that the actor got; only in the demo, where it goes nowhere else."""
    settings = settings_of(request)
    if not (settings.demo and settings.on_loopback):
        raise NotFound(_("Niet gevonden."))
    messages = folder_of(settings).received_by(work.actor.email)
    return render(request, "account/mailbox.html", messages=[_shown(each) for each in messages[:MOST_SHOWN]])


def _shown(message: EmailMessage) -> dict[str, object]:
    body = message.get_body(("plain",))
    return {
        "subject": message["Subject"],
        "sender": message["From"],
        "at": message["Date"].datetime,
        "text": str(body.get_content()) if body else "",
    }


def _page(request: Request, work: Work, address: str = "") -> Response:
    keeps = allows(work.actor.role, Permission.KEEP_CALENDAR)
    settings = settings_of(request)
    return render(
        request,
        "account/notices.html",
        form=blank(reminders=wants_digests(work.session, work.actor)),
        reminded=work.actor.role in REMINDED,
        keeps=keeps,
        since=calendar_since(work.session, work.actor) if keeps else None,
        address=address,
        has_mailbox=settings.demo and settings.on_loopback,
    )
