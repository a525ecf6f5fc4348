"""Stripe's client as we use it: keys on every write, bounded patience, neutral words, and faults in our own terms."""

import json
import time
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fastapi import Response

from billing.paying import gateway_stripe
from billing.paying.gateway import (
    GatewayRefused,
    GatewayUnavailable,
    PaymentOrder,
    RefundOrder,
    TransferOrder,
)
from billing.paying.gateway_stripe import RETRIES, StripeGateway
from billing.paying.gateways import gateway_of
from core.settings import Settings
from tests.conftest import SECRET
from tests.stripe.conftest import PORTAL
from tests.stripe.stand_in import KEY, WEBHOOK_SECRET, StandIn

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ORDER = PaymentOrder(uuid4(), "2026-000001", 121_00)


def everything(gateway: StripeGateway, server: StandIn) -> None:
    """Do everything once that writes."""
    paid = gateway.create_payment(ORDER).reference
    gateway.close_payment(gateway.create_payment(PaymentOrder(uuid4(), "2026-000002", 1_00)).reference)
    server.objects.pay(paid)
    gateway.refund(RefundOrder(uuid4(), paid, 1_00))
    account = gateway.create_account(uuid4())
    gateway.onboarding_url(account, f"{PORTAL}/terug")
    server.objects.make_ready(account)
    order = TransferOrder(uuid4(), 1, account, 60_00)
    gateway.reverse_transfer(gateway.transfer(order), order.payout_id)


def test_every_write_carries_a_key(stripe_gateway: StripeGateway, server: StandIn) -> None:
    everything(stripe_gateway, server)
    writes = [(path, headers.get("idempotency-key")) for method, path, _f, headers in server.calls if method == "POST"]
    assert {path.split("/")[0] for path, _key in writes} == {
        "checkout", "refunds", "accounts", "account_links", "transfers"
    }  # fmt: skip
    assert all(key for _path, key in writes)
    assert len({key for _path, key in writes}) == len(writes)


def test_nothing_that_is_sent_tells_of_care(stripe_gateway: StripeGateway, server: StandIn) -> None:
    """L10: the number of an invoice, and ids made at random."""
    everything(stripe_gateway, server)
    session = next(fields for method, path, fields, _h in server.calls if path == "checkout/sessions")
    assert session["line_items"][0]["price_data"]["product_data"] == {"name": ORDER.invoice_number}
    assert session["payment_intent_data"] == {
        "metadata": {"payment": str(ORDER.payment_id)},
        "description": ORDER.invoice_number,
    }
    assert {name for _m, _p, fields, _h in server.calls for name in fields} == {
        "mode", "payment_method_types", "line_items", "client_reference_id", "metadata", "payment_intent_data",
        "success_url", "cancel_url", "locale", "payment_intent", "limit", "amount", "type", "country",
        "capabilities", "account", "return_url", "refresh_url", "transfer_group", "currency", "destination",
    }  # fmt: skip


def test_an_answer_that_got_lost_is_asked_for_again(stripe_gateway: StripeGateway, server: StandIn) -> None:
    server.trouble += [lambda: Response("{}", 503), lambda: Response("{}", 500)]
    made = stripe_gateway.create_payment(ORDER)
    assert [path for _m, path, _f, _h in server.calls] == ["checkout/sessions"] * (1 + RETRIES)
    assert [each["id"] for each in server.objects.of("checkout.session")] == [made.reference]


def test_patience_is_bounded(stripe_gateway: StripeGateway, server: StandIn) -> None:
    server.trouble += [lambda: Response("{}", 503)] * 10
    with pytest.raises(GatewayUnavailable):
        stripe_gateway.create_payment(ORDER)
    assert len(server.calls) == 1 + RETRIES


def test_nobody_is_followed_elsewhere(stripe_gateway: StripeGateway, server: StandIn) -> None:
    server.trouble += [lambda: Response("{}", 307, headers={"Location": "/v1/checkout/sessions/elsewhere"})] * 10
    with pytest.raises(GatewayUnavailable):
        stripe_gateway.create_payment(ORDER)
    assert {path for _m, path, _f, _h in server.calls} == {"checkout/sessions"}


def test_a_server_that_hangs_is_left(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_stripe, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(gateway_stripe, "RETRIES", 0)
    server.trouble += [lambda: time.sleep(1)]
    with pytest.raises(GatewayUnavailable):
        StripeGateway(KEY, WEBHOOK_SECRET, PORTAL, server.url).create_payment(ORDER)


def test_nobody_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_stripe, "RETRIES", 0)
    with pytest.raises(GatewayUnavailable):
        StripeGateway(KEY, WEBHOOK_SECRET, PORTAL, "http://127.0.0.1:9").payment("cs_1")


def test_a_wrong_key_is_no_refusal_of_what_was_asked(server: StandIn) -> None:
    with pytest.raises(GatewayUnavailable):
        StripeGateway("sk_test_wrong", WEBHOOK_SECRET, PORTAL, server.url).payment("cs_1")


def test_another_order_under_the_same_key_is_refused(stripe_gateway: StripeGateway) -> None:
    stripe_gateway.create_payment(ORDER)
    with pytest.raises(GatewayRefused, match=r"(?i)idempotency"):
        stripe_gateway.create_payment(PaymentOrder(ORDER.payment_id, ORDER.invoice_number, 1))


def test_keys_that_stripe_forgot_do_not_send_money_twice(stripe_gateway: StripeGateway, server: StandIn) -> None:
    """Stripe keeps a key for a day; a job that was lost for longer finds what it did by our own id."""
    paid = stripe_gateway.create_payment(ORDER).reference
    server.objects.pay(paid)
    account = stripe_gateway.create_account(uuid4())
    server.objects.make_ready(account)
    refund, transfer = RefundOrder(uuid4(), paid, 1_00), TransferOrder(uuid4(), 1, account, 60_00)
    before = stripe_gateway.refund(refund), stripe_gateway.transfer(transfer)
    server.answered.clear()
    assert (stripe_gateway.refund(refund), stripe_gateway.transfer(transfer)) == before
    assert len(server.objects.of("refund")) == len(server.objects.of("transfer")) == 1


def test_the_balance_is_read_page_by_page(stripe_gateway: StripeGateway, server: StandIn) -> None:
    for number in range(7):
        made = stripe_gateway.create_payment(PaymentOrder(uuid4(), f"2026-{number}", 10_00))
        server.objects.pay(made.reference)
    server.page = 3
    lines = list(stripe_gateway.balance_lines(LONG_AGO))
    assert len({line.reference for line in lines}) == len(lines) == 7
    assert sum(1 for _m, path, _f, _h in server.calls if path == "balance_transactions") == 3


def test_settings_choose() -> None:
    settings = Settings(secret_key=SECRET, demo=False)
    assert not isinstance(gateway_of(settings), StripeGateway)
    chosen = Settings(secret_key=SECRET, demo=False, STRIPE_SECRET_KEY="sk_test_x", STRIPE_WEBHOOK_SECRET="whsec_x")
    assert isinstance(gateway_of(chosen), StripeGateway)
    for half in ({"STRIPE_SECRET_KEY": "sk_test_x"}, {"STRIPE_WEBHOOK_SECRET": "whsec_x"}):
        with pytest.raises(ValueError, match="together"):
            Settings(secret_key=SECRET, demo=False, **half)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="https"):
        Settings(secret_key=SECRET, demo=False, stripe_api_url="http://pay.example")
    assert json.dumps(settings.model_dump(mode="json")).count("sk_test") == 0
