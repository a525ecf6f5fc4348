"""The page on which the secretariat sets what its arbodienst has decided about money, after a look at what changes."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from network.money_settings import (
    MOST_CENTS,
    Change,
    MoneySettings,
    asked_limit,
    changes_of,
    money_settings,
    set_money_settings,
)
from portal import flash
from portal.attempts import attempt
from portal.care.secretary.navigation import SETTINGS
from portal.care.show import show
from portal.forms import Form, FormFields, blank, parse
from portal.presenters import days, money
from portal.two_steps import Step, pressed, reopened
from portal.typed import Euros, typed_euros

router = Section(prefix=SETTINGS)
Desk = Annotated[Work, care(Permission.SET_MONEY, fresh=True)]


class TypedSettings(MoneySettings):
    """The settings as a person types them: the amount in euros."""

    four_eyes_cents: Annotated[Euros, Field(ge=0, le=MOST_CENTS)]


@router.get("")
def settings_page(request: Request, work: Desk) -> Response:
    """Show the settings as they are."""
    found = money_settings(work.session, work.actor)
    return _write(request, work, blank(**found.model_dump() | {"four_eyes_cents": typed_euros(found.four_eyes_cents)}))


@router.post("")
def set_settings(request: Request, work: Desk, data: FormFields) -> Response:
    """Show what changes, and then change it."""
    step, fields = pressed(data)
    form = parse(TypedSettings, fields)
    if step is Step.EDIT:
        return _write(request, work, reopened(form))
    if form.value is None:
        return _write(request, work, form, 422)
    changes = changes_of(money_settings(work.session, work.actor), form.value)
    if not changes:
        return flash.redirect(request, SETTINGS, _("Er is niets gewijzigd."))
    if step is not Step.SEND:
        return show(request, work, "care/secretary/settings_check.html", form=form, changes=shown(changes))
    tried = attempt(work.session, form, lambda wanted: set_money_settings(work.session, work.actor, wanted))
    if tried.done is None:
        return _write(request, work, tried.form, tried.status)
    said = _("De instellingen zijn bewaard.")
    if form.value.four_eyes_cents > tried.done.four_eyes_cents:
        said = _("Bewaard. De hogere grens geldt zodra een tweede persoon hetzelfde bedrag invult.")
    return flash.redirect(request, SETTINGS, said)


def shown(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    """Return each change in words: of what, from what, to what."""
    return [(_labels()[each.name], _value(each.name, each.before), _value(each.name, each.after)) for each in changes]


def _labels() -> dict[str, str]:
    return {
        "onward_vat_rate": _("Btw op wat u doorbelast"),
        "payment_days": _("Betaaltermijn"),
        "suppression_k": _("Kleinste aantal werknemers in een verzamelbedrag"),
        "reminds": _("Herinneringen versturen"),
        "first_reminder_days": _("Eerste herinnering"),
        "second_reminder_days": _("Tweede herinnering"),
        "last_reminder_days": _("Laatste herinnering"),
        "cofinancing_working_days": _("Termijn van een verzekeraar, in werkdagen"),
        "budget_working_days": _("Termijn van een werkgever boven zijn budget, in werkdagen"),
        "payable_days": _("Uitbetalen aan een provider"),
        "four_eyes_cents": _("Tweede persoon bij uitbetalen boven"),
    }


def _value(name: str, value: int | bool) -> str:
    if isinstance(value, bool):
        return _("Ja") if value else _("Nee")
    if name == "onward_vat_rate":
        return f"{value}%" if value else _("Vrijgesteld")
    if name.endswith("_cents"):
        return money(value)
    return days(value) if name.endswith("_days") else str(value)


def _write(request: Request, work: Work, form: Form[Any], status: int = 200) -> Response:
    asked = asked_limit(work.session, work.actor)
    return show(request, work, "care/secretary/settings.html", status=status, form=form, asked=asked)
