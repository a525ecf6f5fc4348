"""Paying through the gateway: opened once, booked once, by who owes it only."""

import json
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from billing.gateway import HostedPayment, LocalGateway, PaymentGateway, PaymentOrder
from billing.invoices_read import get_invoice, list_invoices
from billing.ledger import trial_balance
from billing.ledger_accounts import Account
from billing.payments import OpenedPayment, get_payment, open_payment, pay_locally, settle_payment
from billing.tables import PaymentState
from core.errors import Conflict, NotFound
from identity.actor import Actor
from tests.billing.office import OPEN, Office

GATEWAY = LocalGateway("http://127.0.0.1:8000")


@pytest.fixture
def invoice_id(office: Office, employer: Actor) -> UUID:
    office.supplied(employer, intervention=OPEN)
    return office.run().invoices[0]


def opened(office: Office, buyer: Actor, invoice_id: UUID, gateway: PaymentGateway = GATEWAY) -> OpenedPayment:
    with office.open(buyer) as session:
        return open_payment(session, buyer, invoice_id, gateway)


def paid(office: Office, buyer: Actor, payment_id: UUID) -> PaymentState:
    with office.open(buyer) as session:
        return pay_locally(session, buyer, payment_id).state


def balance(office: Office, account: Account) -> int:
    with office.care(office.secretary) as session:
        return next(each.cents for each in trial_balance(session, office.secretary) if each.account is account)


def test_paying_settles_what_was_owed(office: Office, employer: Actor, invoice_id: UUID) -> None:
    payment = opened(office, employer, invoice_id)
    assert payment.url == f"http://127.0.0.1:8000/betalen/{payment.id}"
    assert balance(office, Account.RECEIVABLE_EMPLOYER) == 121_00
    assert paid(office, employer, payment.id) is PaymentState.PAID
    assert balance(office, Account.RECEIVABLE_EMPLOYER) == 0
    assert balance(office, Account.PAYMENTS_IN_TRANSIT) == 121_00
    with office.open(employer) as session:
        assert get_invoice(session, employer, invoice_id).summary.is_paid
        assert list_invoices(session, employer, open_only=True).total == 0


def test_again_is_the_same_payment(office: Office, employer: Actor, invoice_id: UUID) -> None:
    first, again = opened(office, employer, invoice_id), opened(office, employer, invoice_id)
    assert (first.id, first.url, again.is_new) == (again.id, again.url, False)
    assert paid(office, employer, first.id) is paid(office, employer, first.id) is PaymentState.PAID
    assert balance(office, Account.PAYMENTS_IN_TRANSIT) == 121_00
    with pytest.raises(Conflict, match="al betaald"):
        opened(office, employer, invoice_id)


def test_two_at_once_open_one_payment(office: Office, employer: Actor, invoice_id: UUID) -> None:
    start, found = Barrier(2), []

    def pay() -> None:
        start.wait(timeout=20)
        try:
            payment = opened(office, employer, invoice_id)
        except Conflict:
            # The other one was quicker and has paid.
            return
        found.append((payment.id, paid(office, employer, payment.id)))

    threads = [Thread(target=pay) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert {payment for payment, _state in found} == {found[0][0]}
    assert {state for _payment, state in found} == {PaymentState.PAID}
    assert balance(office, Account.PAYMENTS_IN_TRANSIT) == 121_00


def test_a_stranger_can_neither_pay_nor_look(office: Office, employer: Actor, invoice_id: UUID) -> None:
    """R70."""
    other = office.employer("Andere firma")
    payment = opened(office, employer, invoice_id)
    for unknown in (invoice_id, uuid4()):
        with pytest.raises(NotFound, match="Niet gevonden"):
            opened(office, other, unknown)
    for unknown in (payment.id, uuid4()):
        with pytest.raises(NotFound, match="Niet gevonden"), office.open(other) as session:
            get_payment(session, other, unknown)
        with pytest.raises(NotFound, match="Niet gevonden"):
            paid(office, other, unknown)


def test_raw_sql_of_a_buyer_cannot_say_that_it_paid(office: Office, employer: Actor, invoice_id: UUID) -> None:
    opened(office, employer, invoice_id)
    with office.open(employer) as session:
        changed = session.execute(text("UPDATE billing.payment SET state = 'paid'"))
        assert changed.rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(ProgrammingError, match="row-level security"), office.open(employer) as session:
        session.execute(
            text(
                "INSERT INTO billing.payment (id, tenant_id, created_at, invoice_id, buyer_id, gateway_reference,"
                " cents, state) SELECT gen_random_uuid(), tenant_id, now(), id, buyer_id, 'x', 1, 'paid'"
                " FROM billing.invoice"
            )
        )


def test_an_unknown_reference_is_refused_and_a_known_one_settles_once(
    office: Office, employer: Actor, invoice_id: UUID
) -> None:
    opened(office, employer, invoice_id)
    with office.open(office.system) as session:
        reference = session.execute(text("SELECT gateway_reference FROM billing.payment")).scalar_one()
    for _told in range(2):
        with office.open(office.system) as session:
            settle_payment(session, office.system, reference)
    assert balance(office, Account.RECEIVABLE_EMPLOYER) == 0
    with pytest.raises(NotFound), office.open(office.system) as session:
        settle_payment(session, office.system, "local-unknown")


class Listening:
    """A gateway that keeps what it is told."""

    def __init__(self) -> None:
        self.orders: list[PaymentOrder] = []

    def create_payment(self, order: PaymentOrder) -> HostedPayment:
        self.orders.append(order)
        return HostedPayment(f"heard-{order.payment_id}", "https://pay.example")


def test_the_payment_provider_hears_a_number_and_an_amount(office: Office, employer: Actor, invoice_id: UUID) -> None:
    """R43, leak L10: no description, no name, no type."""
    gateway = Listening()
    opened(office, employer, invoice_id, gateway)
    (order,) = gateway.orders
    assert set(vars(order)) == {"payment_id", "invoice_number", "cents"}
    assert (order.invoice_number[5:], order.cents) == ("000001", 121_00)
    assert "Arbeidsdeskundig" not in json.dumps(vars(order), default=str)


def test_two_clicks_at_once_on_one_page_pay_once(office: Office, employer: Actor, invoice_id: UUID) -> None:
    """Both find it paid; the second is no fault of the payer's."""
    payment = opened(office, employer, invoice_id)
    start, found = Barrier(2), []

    def pay() -> None:
        start.wait(timeout=20)
        found.append(paid(office, employer, payment.id))

    threads = [Thread(target=pay) for _click in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert found == [PaymentState.PAID] * 2
    assert balance(office, Account.PAYMENTS_IN_TRANSIT) == 121_00
