"""Paying through the gateway: opened once, booked once, by who owes it only."""

import json
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from billing.books.ledger_accounts import Account
from billing.invoicing.invoices_read import get_invoice, list_invoices
from billing.paying.gateway import HostedPayment, PaymentOrder
from billing.paying.gateway_local import LocalGateway
from billing.paying.payments import get_payment
from billing.payment_tables import PaymentState
from core.errors import Conflict, NotFound
from identity.actor import Actor
from tests.billing.office import OPEN, Office
from tests.billing.till import PORTAL, Till

FEE = 29


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Till:
    return Till(office, tmp_path)


@pytest.fixture
def invoice_id(office: Office, employer: Actor) -> UUID:
    office.supplied(employer, intervention=OPEN)
    return office.run().invoices[0]


def test_paying_settles_what_was_owed(till: Till, employer: Actor, invoice_id: UUID) -> None:
    payment = till.opened(employer, invoice_id)
    assert payment.url == f"{PORTAL}/betalen/{payment.id}"
    assert till.balance(Account.RECEIVABLE_EMPLOYER) == 121_00
    till.outside.pay(till.reference(payment.id))
    assert till.look(employer, payment.id) is PaymentState.PAID
    assert till.balance(Account.RECEIVABLE_EMPLOYER) == 0
    assert till.balance(Account.PAYMENTS_IN_TRANSIT) == 121_00 - FEE
    assert till.balance(Account.PAYMENT_FEES) == FEE
    with till.office.open(employer) as session:
        assert get_invoice(session, employer, invoice_id).summary.is_paid
        assert list_invoices(session, employer, open_only=True).total == 0


def test_again_is_the_same_payment(till: Till, employer: Actor, invoice_id: UUID) -> None:
    first, again = till.opened(employer, invoice_id), till.opened(employer, invoice_id)
    assert (first.id, first.url, again.is_new) == (again.id, again.url, False)
    till.outside.pay(till.reference(first.id))
    assert till.look(employer, first.id) is till.look(employer, first.id) is PaymentState.PAID
    assert till.balance(Account.PAYMENTS_IN_TRANSIT) == 121_00 - FEE
    with pytest.raises(Conflict, match="al betaald"):
        till.opened(employer, invoice_id)


def test_two_at_once_open_one_payment(till: Till, employer: Actor, invoice_id: UUID) -> None:
    start, found = Barrier(2), []

    def pay() -> None:
        start.wait(timeout=20)
        found.append(till.opened(employer, invoice_id).id)

    at_once(pay)
    assert len(found) == 2
    assert len(set(found)) == 1


def test_two_who_come_back_at_once_book_once(till: Till, employer: Actor, invoice_id: UUID) -> None:
    payment = till.opened(employer, invoice_id)
    till.outside.pay(till.reference(payment.id))
    start, found = Barrier(2), []

    def look() -> None:
        start.wait(timeout=20)
        found.append(till.look(employer, payment.id))

    at_once(look)
    assert found == [PaymentState.PAID] * 2
    assert till.balance(Account.PAYMENTS_IN_TRANSIT) == 121_00 - FEE


def test_a_page_that_ran_out_makes_place_for_another(till: Till, employer: Actor, invoice_id: UUID) -> None:
    first = till.opened(employer, invoice_id)
    till.outside.refuse(till.reference(first.id))
    second = till.opened(employer, invoice_id)
    assert second.is_new
    assert till.row(first.id).state is PaymentState.FAILED
    assert till.balance(Account.PAYMENTS_IN_TRANSIT) == 0


def test_while_a_debit_is_under_way_nothing_else_is_opened(till: Till, employer: Actor, invoice_id: UUID) -> None:
    payment = till.opened(employer, invoice_id)
    till.outside.debit(till.reference(payment.id))
    with pytest.raises(Conflict, match="incasso"):
        till.opened(employer, invoice_id)
    till.outside.end_debit(till.reference(payment.id))
    with pytest.raises(Conflict, match="al betaald"):
        till.opened(employer, invoice_id)
    assert till.row(payment.id).state is PaymentState.PAID  # what was looked up meanwhile is kept, whatever he is told


def test_a_stranger_can_neither_pay_nor_look(till: Till, employer: Actor, invoice_id: UUID) -> None:
    """R70."""
    other = till.office.employer("Andere firma")
    payment = till.opened(employer, invoice_id)
    for unknown in (invoice_id, uuid4()):
        with pytest.raises(NotFound, match="Niet gevonden"):
            till.opened(other, unknown)
    for unknown in (payment.id, uuid4()):
        with pytest.raises(NotFound, match="Niet gevonden"), till.office.open(other) as session:
            get_payment(session, other, unknown)
        with pytest.raises(NotFound, match="Niet gevonden"):
            till.look(other, unknown)


def test_raw_sql_of_a_buyer_cannot_say_that_it_paid(till: Till, employer: Actor, invoice_id: UUID) -> None:
    till.opened(employer, invoice_id)
    with till.office.open(employer) as session:
        changed = session.execute(text("UPDATE billing.payment SET state = 'paid'"))
        assert changed.rowcount == 0  # type: ignore[attr-defined]
    for values in ("'gateway', 'paid', 0", "'gateway', 'failed', 1", "'bank', 'paid', 1"):
        with pytest.raises(ProgrammingError, match="row-level security"), till.office.open(employer) as session:
            session.execute(
                text(
                    "INSERT INTO billing.payment (id, tenant_id, created_at, invoice_id, buyer_id, gateway_reference,"
                    " cents, channel, state, received_cents, fee_cents, refunded_cents, held_cents, lost_cents)"
                    " SELECT gen_random_uuid(), tenant_id, now(), id, buyer_id, gen_random_uuid(), 1,"
                    f" {values}, 0, 0, 0, 0 FROM billing.invoice"
                )
            )


class Listening(LocalGateway):
    """A gateway that keeps what it is told."""

    def create_payment(self, order: PaymentOrder) -> HostedPayment:
        self.order = order
        return super().create_payment(order)


def test_the_payment_provider_hears_a_number_and_an_amount(
    till: Till, employer: Actor, invoice_id: UUID, tmp_path: Path
) -> None:
    """R43, leak L10: no description, no name, no type."""
    gateway = Listening(PORTAL, tmp_path / "heard.sqlite", "key")
    till.opened(employer, invoice_id, gateway)
    order = gateway.order
    assert set(vars(order)) == {"payment_id", "invoice_number", "cents"}
    assert (order.invoice_number[5:], order.cents) == ("000001", 121_00)
    assert "Arbeidsdeskundig" not in json.dumps(vars(order), default=str)


def at_once(act: object) -> None:
    """Do the same thing twice at once."""
    threads = [Thread(target=act) for _turn in range(2)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
