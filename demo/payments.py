"""Money in and out of the demo, by the payment provider that stands in on this machine; with a real one, none."""

from uuid import UUID

from sqlmodel import select

from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_local_acts import Outside
from billing.paying.gateways import gateway_of
from billing.paying.payable_accounts import follow_accounts, own_account, start_onboarding
from billing.paying.payables import agree_to_payable, list_payables
from billing.paying.payment_follow import follow_payment
from billing.paying.payments import open_payment
from billing.paying.payouts import run_payouts
from billing.payment_tables import Payment
from core.database import Door
from demo.people import demo_id
from demo.stage import Stage
from identity.actor import system

KNOWN, PAID = 30, 20  # days ago


def pay_in(stage: Stage, invoice_id: UUID, days_ago: int) -> None:
    """Let the bakery pay an invoice by iDEAL."""
    gateway = _local(stage)
    if gateway is None:
        return
    with stage.acting(stage.actors["werkgever"], days_ago, Door.OPEN) as act:
        payment_id = open_payment(act.session, act.actor, invoice_id, gateway, stage.database).id
        reference = act.session.exec(select(Payment.gateway_reference).where(Payment.id == payment_id)).one()
    with stage.acting(system(demo_id("organisation:arbo")), days_ago, Door.SYSTEM_OPEN) as act:
        Outside(gateway).pay(reference)
        follow_payment(act.session, act.actor, payment_id, gateway)


def pay_out(stage: Stage) -> None:
    """Let the psychologist make himself known, and pay what was due some weeks ago; the worker sends that.

    What the labour expert is owed a second person agrees to, and it waits for an account.
    """
    gateway = _local(stage)
    if gateway is None:
        return
    with stage.acting(stage.actors["psycholoog"], KNOWN) as act:
        start_onboarding(act.session, act.actor, gateway, f"{stage.database.settings.base_url}/provider/uitbetalingen")
        account = own_account(act.session, act.actor)
    if account is not None:
        Outside(gateway).make_ready(account.reference)
        with stage.acting(system(demo_id("organisation:arbo")), KNOWN, Door.SYSTEM_OPEN) as act:
            follow_accounts(act.session, act.actor, [account.reference], gateway)
    with stage.acting(stage.actors["betaler"], PAID) as act:
        agree_to_payable(act.session, act.actor, list_payables(act.session, act.actor, "agree").items[0].id)
        run_payouts(act.session, act.actor)


def _local(stage: Stage) -> LocalGateway | None:
    gateway = gateway_of(stage.database.settings)
    return gateway if isinstance(gateway, LocalGateway) else None
