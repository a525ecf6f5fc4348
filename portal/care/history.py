"""What happened to a referral, in words, for whoever was not the one who made it: provider and employee."""

from collections.abc import Iterable

from core.language import _
from medical.referrals.reasons import reason_label
from medical.referrals.states import Action
from medical.referrals.views import EventView
from portal.blocks import Event
from portal.sides import role_name

BEFORE_IT_WAS_SENT = frozenset({Action.DRAFT, Action.REVISE, Action.RETURN})


def history(events: Iterable[EventView]) -> list[Event]:
    """Return what happened since the referral was sent, the latest first."""
    shown = [_event(event) for event in events if event.action not in BEFORE_IT_WAS_SENT]
    return shown[::-1]


def _event(event: EventView) -> Event:
    who = ", ".join(part for part in (event.name, role_name(event.role)) if part)
    note = _("Reden: %(reason)s") % {"reason": reason_label(event.reason)} if event.reason else ""
    return Event(event.at, _what(event.action), who, note)


def _what(action: Action) -> str:
    return {
        Action.ISSUE: _("Verwijzing verstuurd"),
        Action.ACCEPT: _("Aangenomen"),
        Action.DECLINE: _("Niet aangenomen"),
        Action.REDIRECT: _("Naar een andere provider gestuurd"),
        Action.SCHEDULE: _("Eerste afspraak gepland"),
        Action.START: _("Begonnen"),
        Action.ASK: _("Vraag gesteld"),
        Action.ANSWER: _("Vraag beantwoord"),
        Action.INTERRUPT: _("Onderbroken"),
        Action.RESUME: _("Gaat weer door"),
        Action.REPORT: _("Verslag gestuurd"),
        Action.COMPLETE: _("Afgerond"),
        Action.WITHDRAW: _("Ingetrokken"),
        Action.EXPIRE: _("Verlopen, er kwam geen antwoord"),
    }.get(action, "")
