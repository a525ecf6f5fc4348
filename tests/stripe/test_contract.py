"""What every gateway does alike: the local one, and Stripe's own client against the stand-in."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from billing.paying.gateway import (
    EventRefused,
    GatewayRefused,
    LineKind,
    PaymentOrder,
    Progress,
    RefundOrder,
    Takings,
    TransferOrder,
)
from tests.stripe.conftest import Place

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CENTS, FEE, DEBIT_FEE, DISPUTE_FEE = 121_00, 29, 35, 7_50


def opened(place: Place, payment_id: UUID | None = None) -> str:
    order = PaymentOrder(payment_id or uuid4(), "2026-000001", CENTS)
    return place.gateway.create_payment(order).reference


def taken(place: Place, reference: str) -> Takings:
    return place.gateway.payment(reference).takings


def ready_account(place: Place) -> str:
    account = place.gateway.create_account(uuid4())
    place.outside.make_ready(account)
    return account


def test_a_payment_is_open_until_it_is_paid(place: Place) -> None:
    reference = opened(place)
    facts = place.gateway.payment(reference)
    assert (facts.progress, facts.takings) == (Progress.OPEN, Takings())
    assert facts.url
    place.outside.pay(reference)
    facts = place.gateway.payment(reference)
    assert (facts.progress, facts.takings) == (Progress.PAID, Takings(received=CENTS, fees=FEE))
    assert facts.url is None
    assert facts.intent


def test_the_same_order_is_the_same_payment(place: Place) -> None:
    payment_id = uuid4()
    assert opened(place, payment_id) == opened(place, payment_id) != opened(place)


def test_a_debit_is_under_way_first(place: Place) -> None:
    reference = opened(place)
    place.outside.debit(reference)
    facts = place.gateway.payment(reference)
    assert (facts.progress, facts.takings) == (Progress.PROCESSING, Takings())
    place.outside.end_debit(reference)
    facts = place.gateway.payment(reference)
    assert (facts.progress, facts.takings) == (Progress.PAID, Takings(received=CENTS, fees=DEBIT_FEE))


def test_a_debit_may_fail(place: Place) -> None:
    reference = opened(place)
    place.outside.debit(reference, fails=True)
    place.outside.end_debit(reference)
    facts = place.gateway.payment(reference)
    assert (facts.progress, facts.takings) == (Progress.FAILED, Takings())


def test_a_debit_may_fail_after_it_succeeded(place: Place) -> None:
    reference = opened(place)
    place.outside.debit(reference)
    place.outside.end_debit(reference)
    place.outside.fail_afterwards(reference)
    assert taken(place, reference) == Takings(received=CENTS, fees=DEBIT_FEE, lost=CENTS)


@pytest.mark.parametrize("closed_by", ["the payer's time", "us"])
def test_a_payment_may_run_out(place: Place, closed_by: str) -> None:
    reference = opened(place)
    if closed_by == "us":
        place.gateway.close_payment(reference)
        place.gateway.close_payment(reference)
    else:
        place.outside.refuse(reference)
    facts = place.gateway.payment(reference)
    assert (facts.progress, facts.url) == (Progress.FAILED, None)


def test_what_is_paid_is_not_closed(place: Place) -> None:
    reference = opened(place)
    place.outside.pay(reference)
    place.gateway.close_payment(reference)
    assert place.gateway.payment(reference).progress is Progress.PAID


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_withdraws_and_ends(place: Place, won: bool) -> None:
    reference = opened(place)
    place.outside.pay(reference)
    place.outside.dispute(reference)
    fees = FEE + DISPUTE_FEE
    assert taken(place, reference) == Takings(received=CENTS, fees=fees, held=CENTS)
    place.outside.close_dispute(reference, won=won)
    assert taken(place, reference) == Takings(received=CENTS, fees=fees, lost=0 if won else CENTS)


def test_a_refund_goes_once_and_never_beyond_what_came_in(place: Place) -> None:
    reference = opened(place)
    place.outside.pay(reference)
    order = RefundOrder(uuid4(), reference, 50_00)
    assert place.gateway.refund(order) == place.gateway.refund(order)
    assert taken(place, reference) == Takings(received=CENTS, fees=FEE, refunded=50_00)
    with pytest.raises(GatewayRefused):
        place.gateway.refund(RefundOrder(uuid4(), reference, 72_00))
    place.gateway.refund(RefundOrder(uuid4(), reference, 71_00))
    assert taken(place, reference).refunded == CENTS


def test_an_account_is_ready_when_its_owner_is_known(place: Place) -> None:
    organisation_id = uuid4()
    account = place.gateway.create_account(organisation_id)
    assert place.gateway.create_account(organisation_id) == account
    facts = place.gateway.account(account)
    assert (facts.is_ready, facts.needs) == (False, ("external_account",))
    assert "https://portal.example/terug" in place.gateway.onboarding_url(account, "https://portal.example/terug")
    place.outside.make_ready(account)
    assert (place.gateway.account(account).is_ready, place.gateway.account(account).needs) == (True, ())


def test_a_transfer_goes_once_and_comes_back_once(place: Place) -> None:
    reference = opened(place)
    place.outside.pay(reference)
    order = TransferOrder(uuid4(), 1, ready_account(place), 60_00)
    sent = place.gateway.transfer(order)
    assert place.gateway.transfer(order) == sent
    for _turn in range(2):
        place.gateway.reverse_transfer(sent, order.payout_id)
    lines = [line for line in place.gateway.balance_lines(LONG_AGO) if line.kind is LineKind.TRANSFER]
    assert sorted(line.net_cents for line in lines) == [-60_00, 60_00]
    assert all(str(order.payout_id) in line.names and sent in line.names for line in lines)


def test_a_transfer_is_refused_with_a_word_for_why(place: Place) -> None:
    unknown = place.gateway.create_account(uuid4())
    with pytest.raises(GatewayRefused, match="insufficient_capabilities"):
        place.gateway.transfer(TransferOrder(uuid4(), 1, unknown, 1))
    with pytest.raises(GatewayRefused, match="balance_insufficient"):
        place.gateway.transfer(TransferOrder(uuid4(), 1, ready_account(place), CENTS))
    place.outside.make_ready(unknown, refuses=True)
    with pytest.raises(GatewayRefused):
        place.gateway.transfer(TransferOrder(uuid4(), 1, unknown, 1))


def test_the_balance_tells_of_everything_with_names_that_we_know(place: Place) -> None:
    payment_id = uuid4()
    reference = opened(place, payment_id)
    place.outside.pay(reference)
    place.gateway.refund(RefundOrder(uuid4(), reference, 21_00))
    place.outside.dispute(reference)
    place.outside.close_dispute(reference, won=True)
    to_bank = place.outside.pay_to_bank()
    lines = list(place.gateway.balance_lines(LONG_AGO))
    assert to_bank == CENTS - FEE - 21_00 - DISPUTE_FEE
    assert sum(line.net_cents for line in lines) == 0
    assert len({line.reference for line in lines}) == len(lines) == 5
    intent = place.gateway.payment(reference).intent
    for line in lines:
        if line.kind is not LineKind.TO_BANK:
            assert {str(payment_id), intent} & set(line.names)
    kinds = sorted(line.kind.value for line in lines)
    assert kinds == ["dispute", "dispute", "payment", "refund", "to_bank"]


def test_messages_are_signed_and_say_what_they_are_about(place: Place) -> None:
    payment_id = uuid4()
    reference = opened(place, payment_id)
    place.outside.pay(reference)
    (payload, signature, answered), *others = place.outside.messages()
    assert not others
    event = place.gateway.event(payload, signature)
    assert event.kind == "checkout.session.completed"
    assert {reference, str(payment_id)} <= set(event.names)
    answered()
    assert not list(place.outside.messages())


def test_what_was_not_signed_is_no_message(place: Place) -> None:
    reference = opened(place)
    place.outside.pay(reference)
    ((payload, signature, _answered),) = place.outside.messages()
    changed = payload.replace(b"checkout", b"cheekout")
    old = f"t={int(datetime.now(UTC).timestamp()) - 400},{signature.split(',')[1]}"
    forged = ((changed, signature), (payload, ""), (payload, "t=1,v1=0"), (payload, old), (b"\xff", signature))
    for wrong, header in forged:
        with pytest.raises(EventRefused):
            place.gateway.event(wrong, header)


def test_what_is_unknown_is_refused(place: Place) -> None:
    with pytest.raises(GatewayRefused, match="resource_missing"):
        place.gateway.payment("nothing")
    with pytest.raises(GatewayRefused, match="resource_missing"):
        place.gateway.account("nothing")


def test_nothing_is_said_that_could_tell_of_care(place: Place) -> None:
    """L10."""
    place.outside.pay(opened(place))
    told = json.dumps([payload.decode() for payload, _signature, _answered in place.outside.messages()])
    assert "2026-000001" in told or str(CENTS) in told or "payment" in told
    for word in ("interventie", "psych", "employee", "werknemer", "provider"):
        assert word not in told.lower()
