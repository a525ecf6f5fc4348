"""What an arbodienst decides about money: VAT, terms of payment, the least pool, and when buyers are reminded."""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlmodel import Session, col, select

from core.errors import Conflict
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.tables import Account, Person
from network.settings import arbodienst_settings
from network.tables import ArbodienstSettings

VAT_RATES = (0, 9, 21)
MOST_CENTS = 1_000_000_00

ReminderDays = Annotated[int, Field(ge=1, le=180)]


def _vat_rate(rate: int) -> int:
    if rate not in VAT_RATES:
        raise ValueError(_("Kies vrijgesteld, 9% of 21%."))
    return rate


class MoneySettings(BaseModel):
    """What is decided. `money_version` is what was read.

    Days are calendar days: those of reminders after the due date, those of payables after the release. Insurer and
    employer answer within working days. Above `four_eyes_cents` a second person agrees before a provider is paid (R42).

    The rate of VAT holds for everything charged onward, so that it tells nothing of any one line (R48).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)

    onward_vat_rate: Annotated[int, AfterValidator(_vat_rate)]
    payment_days: Annotated[int, Field(ge=1, le=90)]
    suppression_k: Annotated[int, Field(ge=5, le=10)]
    reminds: bool = False
    first_reminder_days: ReminderDays
    second_reminder_days: ReminderDays
    last_reminder_days: ReminderDays
    cofinancing_working_days: Annotated[int, Field(ge=1, le=60)]
    budget_working_days: Annotated[int, Field(ge=1, le=60)]
    payable_days: Annotated[int, Field(ge=0, le=60)]
    four_eyes_cents: Annotated[int, Field(ge=0, le=MOST_CENTS)]
    money_version: Annotated[int, Field(ge=1, le=2**31 - 1)]

    @model_validator(mode="after")
    def _reminders_follow_each_other(self) -> Self:
        if not self.first_reminder_days < self.second_reminder_days < self.last_reminder_days:
            raise ValueError(_("Elke herinnering komt later dan de vorige."))
        return self


DECIDED = tuple(name for name in MoneySettings.model_fields if name != "money_version")
"""The settings by name; a stream that adds one adds it to MoneySettings and to the page."""


@dataclass(frozen=True)
class Change:
    """A setting that is given another value."""

    name: str
    before: int | bool
    after: int | bool


@dataclass(frozen=True)
class AskedLimit:
    """A higher limit that waits for a second person: how high, who asked for it, and whether that is the reader."""

    cents: int
    name: str
    own: bool


def money_settings(session: Session, actor: Actor) -> MoneySettings:
    """Return what the actor's arbodienst has decided about money."""
    require(actor, Permission.SET_MONEY)
    return MoneySettings.model_validate(arbodienst_settings(session, actor))


def changes_of(before: MoneySettings, after: MoneySettings) -> tuple[Change, ...]:
    """Return what differs between two decisions."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in DECIDED)
    return tuple(Change(name, old, new) for name, old, new in pairs if old != new)


def set_money_settings(session: Session, actor: Actor, wanted: MoneySettings) -> MoneySettings:
    """Decide anew; what was invoiced stays as it was. Each change is an event of its own, with both values.

    A higher `four_eyes_cents` is asked for, and counts once another person sets the same (R42).
    Raises Conflict when somebody decided anew since `money_version` was read.
    """
    require(actor, Permission.SET_MONEY)
    take_turn(session, "network.money", actor.tenant_id)
    own = ArbodienstSettings.tenant_id == actor.tenant_id
    there = session.exec(select(ArbodienstSettings).where(own).execution_options(populate_existing=True)).one_or_none()
    settings = there or ArbodienstSettings(tenant_id=actor.tenant_id)
    before = MoneySettings.model_validate(settings)
    if wanted.money_version != before.money_version:
        raise Conflict(_("Iemand heeft de instellingen gewijzigd sinds u ze zag. Bekijk ze opnieuw."), code="overtaken")
    if wanted.four_eyes_cents > before.four_eyes_cents and not _agrees(session, actor, settings, wanted):
        _ask(session, actor, settings, wanted.four_eyes_cents)
        wanted = wanted.model_copy(update={"four_eyes_cents": before.four_eyes_cents})
    elif wanted.four_eyes_cents != before.four_eyes_cents:
        settings.four_eyes_asked_cents = settings.four_eyes_asked_by = None
    changes = changes_of(before, wanted)
    if not changes:
        return before
    settings.sqlmodel_update({each.name: each.after for each in changes})
    settings.money_version += 1
    session.add(settings)
    session.flush()
    for each in changes:
        said = f"{each.name}:{int(each.before)}>{int(each.after)}"
        record(session, actor, "network:money_settings:changed", actor.tenant_id, reason=said)
    return MoneySettings.model_validate(settings)


def asked_limit(session: Session, actor: Actor) -> AskedLimit | None:
    """Return the higher limit that somebody asked for and nobody has agreed to yet."""
    require(actor, Permission.SET_MONEY)
    settings = arbodienst_settings(session, actor)
    if settings.four_eyes_asked_cents is None or settings.four_eyes_asked_by is None:
        return None
    asker = select(Person).join(Account, col(Account.person_id) == Person.id)
    person = session.exec(asker.where(Account.id == settings.four_eyes_asked_by)).one()
    return AskedLimit(settings.four_eyes_asked_cents, person.name, person.id == actor.person_id)


def _agrees(session: Session, actor: Actor, settings: ArbodienstSettings, wanted: MoneySettings) -> bool:
    asked = settings.four_eyes_asked_by
    if asked is None or settings.four_eyes_asked_cents != wanted.four_eyes_cents:
        return False
    return session.exec(select(Account.person_id).where(Account.id == asked)).one() != actor.person_id


def _ask(session: Session, actor: Actor, settings: ArbodienstSettings, cents: int) -> None:
    settings.four_eyes_asked_cents, settings.four_eyes_asked_by = cents, actor.account
    session.add(settings)
    session.flush()
    record(session, actor, "network:money_settings:asked", actor.tenant_id, reason=f"four_eyes_cents:{cents}")
