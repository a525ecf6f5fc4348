"""What the arbodienst has decided about money, over JSON: VAT, terms of payment, the least pool, reminders."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from network.money_settings import MoneySettings, asked_limit, money_settings, set_money_settings

router = Section(prefix="/money-settings", tags=["books"])
Desk = Annotated[Work, care(Permission.SET_MONEY)]
Setter = Annotated[Work, care(Permission.SET_MONEY, fresh=True)]


@router.get("")
def settings(work: Desk) -> MoneySettings:
    """Return the settings."""
    return money_settings(work.session, work.actor)


class AskedLimitOut(BaseModel):
    """A higher limit above which two people pay; it counts once another person sets the same (R42)."""

    model_config = ConfigDict(from_attributes=True)

    cents: int
    name: str


@router.get("/asked-limit")
def limit_asked(work: Desk) -> AskedLimitOut | None:
    """Return the higher limit that waits for a second person, if any."""
    found = asked_limit(work.session, work.actor)
    return AskedLimitOut.model_validate(found) if found else None


@router.put("")
def settings_set(work: Setter, body: MoneySettings) -> MoneySettings:
    """Set them; `money_version` is the one that was read."""
    return set_money_settings(work.session, work.actor, body)
