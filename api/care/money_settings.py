"""What the arbodienst has decided about money, over JSON: VAT, terms of payment, the least pool, reminders."""

from typing import Annotated

from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from network.money_settings import MoneySettings, money_settings, set_money_settings

router = Section(prefix="/money-settings", tags=["books"])
Desk = Annotated[Work, care(Permission.SET_MONEY)]
Setter = Annotated[Work, care(Permission.SET_MONEY, fresh=True)]


@router.get("")
def settings(work: Desk) -> MoneySettings:
    """Return the settings."""
    return money_settings(work.session, work.actor)


@router.put("")
def settings_set(work: Setter, body: MoneySettings) -> MoneySettings:
    """Set them; `money_version` is the one that was read."""
    return set_money_settings(work.session, work.actor, body)
