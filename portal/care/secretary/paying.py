"""Paying providers: what is owed and why it waits, the second agreement above the limit (R42), and the payouts."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.payable_tables import PayoutState
from billing.paying.payables import Which, agree_to_payable, list_payables
from billing.paying.payouts import list_payouts, retry_payout, run_payouts, undo_payout
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from network.settings import arbodienst_settings
from portal import flash
from portal.care.secretary.navigation import PAYING
from portal.care.show import show
from portal.forms import FormFields, parse

router = Section(prefix=PAYING)
PAGE_SIZE = 25
Desk = Annotated[Work, care(Permission.PAY_PROVIDERS)]
Payer = Annotated[Work, care(Permission.PAY_PROVIDERS, fresh=True)]


class PayingFilters(BaseModel):
    """What the address bar says of which payables, or the payouts, to list."""

    show: Which | Literal["payouts"] = "due"
    page: int = Field(default=1, ge=1, le=100_000)


class PayoutAct(BaseModel):
    """What to do with a payout that did not go well, or should not have gone."""

    act: Literal["retry", "undo"]


@router.get("")
def paying(request: Request, work: Desk) -> Response:
    """Show what is owed to providers, or what was paid."""
    chosen = parse(PayingFilters, request.query_params).value or PayingFilters()
    which, payouts = chosen.show, None
    payables = None
    if which == "payouts":
        payouts = list_payouts(work.session, work.actor, (), chosen.page, PAGE_SIZE)
    else:
        payables = list_payables(work.session, work.actor, which, chosen.page, PAGE_SIZE)
    return show(
        request,
        work,
        "care/secretary/paying.html",
        chosen=which,
        tabs=_tabs(),
        payables=payables,
        payouts=payouts,
        states=_states(),
        limit_cents=arbodienst_settings(work.session, work.actor).four_eyes_cents,
        refused=list_payouts(work.session, work.actor, (PayoutState.REFUSED,), 1, 1).total,
    )


@router.post("/uitbetalen")
def run(request: Request, work: Payer) -> Response:
    """Plan the payouts of what is due; the worker sends them."""
    result = run_payouts(work.session, work.actor)
    said = _("%(n)s uitbetalingen gaan nu uit.") % {"n": len(result.payouts)}
    if result.without_account:
        said += " " + _("%(n)s providers wachten: zij hebben nog geen rekening.") % {"n": result.without_account}
    if result.carried_over:
        said += " " + _("Bij %(n)s providers is het saldo nul of lager; dat schuift door.") % {"n": result.carried_over}
    return flash.redirect(request, f"{PAYING}?show=payouts", said)


@router.post("/akkoord/{payable_id}")
def agree(request: Request, work: Payer, payable_id: UUID) -> Response:
    """Agree, as a second person, that a provider is paid."""
    agree_to_payable(work.session, work.actor, payable_id)
    return flash.redirect(request, f"{PAYING}?show=agree", _("Uw akkoord is vastgelegd."))


@router.post("/uitbetalingen/{payout_id}")
def act_on_payout(request: Request, work: Payer, payout_id: UUID, data: FormFields) -> Response:
    """Try a refused payout again, or take a payout back."""
    form = parse(PayoutAct, data)
    if form.value is not None and form.value.act == "retry":
        retry_payout(work.session, work.actor, payout_id)
        return flash.redirect(request, f"{PAYING}?show=payouts", _("De uitbetaling wordt opnieuw geprobeerd."))
    undo_payout(work.session, work.actor, payout_id)
    return flash.redirect(request, f"{PAYING}?show=payouts", _("De uitbetaling wordt teruggenomen."))


def _tabs() -> list[tuple[str, str]]:
    return [
        ("due", _("Nu te betalen")),
        ("agree", _("Wacht op tweede akkoord")),
        ("account", _("Wacht op rekening")),
        ("later", _("Later")),
        ("payouts", _("Uitbetalingen")),
    ]


def _states() -> dict[PayoutState, tuple[str, str]]:
    return {
        PayoutState.PLANNED: (_("Onderweg"), "warn"),
        PayoutState.SENT: (_("Verstuurd"), "good"),
        PayoutState.REFUSED: (_("Geweigerd"), "bad"),
        PayoutState.REVERSED: (_("Teruggenomen"), "quiet"),
    }
