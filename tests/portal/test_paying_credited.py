"""Paying and giving back meet: what is asked is what is left, and what was paid too much goes back whole (R50)."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from billing.books.ledger_accounts import Account
from billing.paying.payment_refunds import send_refund
from billing.paying.payments_bank import BankReceipt, record_bank_receipt
from billing.payment_tables import PaymentState
from core.errors import Conflict
from identity.actor import Actor
from portal.care.secretary.navigation import RECEIVING
from tests.billing.given_back import credited, give_back
from tests.billing.office import OPEN, Office
from tests.billing.till import Till
from tests.medical.money_holds import invoices_of
from tests.portal.open_pages import words_of
from tests.portal.visitors import Visitor


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Till:
    return Till(office, tmp_path)


@pytest.fixture
def provider_invoice_id(office: Office, employer: Actor) -> UUID:
    return office.supply(office.referred(office.sick(employer), OPEN))


@pytest.fixture
def invoice_id(office: Office, provider_invoice_id: UUID) -> UUID:
    """An invoice of 121 euros."""
    return office.run().invoices[0]


def receive(till: Till, invoice_id: UUID, cents: int) -> None:
    """Let the bank receive something for an invoice."""
    (number,) = [each.number for each in invoices_of(till.office) if each.id == invoice_id]
    receipt = BankReceipt(invoice_number=number, cents=cents, statement="2026-11-20/3")
    with till.office.care(till.secretary) as session:
        record_bank_receipt(session, till.secretary, receipt)


def send_refunds(till: Till) -> None:
    """Let the worker send what was asked."""
    with till.office.open(till.office.system) as session:
        for refund_id in session.execute(text("SELECT id FROM billing.refund WHERE state = 'asked'")).scalars().all():
            send_refund(session, till.office.system, refund_id, till.gateway)


def test_of_a_partly_credited_invoice_the_rest_is_asked(
    till: Till, employer: Actor, provider_invoice_id: UUID, invoice_id: UUID
) -> None:
    """R50."""
    give_back(till.office, provider_invoice_id, 40_00)
    till.office.run()
    payment = till.opened(employer, invoice_id)
    assert till.row(payment.id).cents == 72_60
    till.outside.pay(till.reference(payment.id))
    assert till.look(employer, payment.id) is PaymentState.PAID
    assert till.balance(Account.RECEIVABLE_EMPLOYER) == 0
    with pytest.raises(Conflict, match="al betaald"):
        till.opened(employer, invoice_id)


def test_of_a_partly_paid_invoice_the_rest_is_asked(till: Till, employer: Actor, invoice_id: UUID) -> None:
    receive(till, invoice_id, 100_00)
    assert till.row(till.opened(employer, invoice_id).id).cents == 21_00


def test_partly_paid_and_credited_beyond_the_rest_asks_nothing(
    till: Till, employer: Actor, provider_invoice_id: UUID, invoice_id: UUID
) -> None:
    receive(till, invoice_id, 100_00)
    give_back(till.office, provider_invoice_id, 40_00)
    till.office.run()
    with pytest.raises(Conflict, match="al betaald"):
        till.opened(employer, invoice_id)


def test_a_page_from_before_the_credit_note_is_closed_and_another_opened(
    till: Till, employer: Actor, provider_invoice_id: UUID, invoice_id: UUID
) -> None:
    """R50: nobody pays on a page that asks too much."""
    first = till.opened(employer, invoice_id)
    give_back(till.office, provider_invoice_id, 40_00)
    till.office.run()
    second = till.opened(employer, invoice_id)
    assert second.is_new
    assert till.row(first.id).state is PaymentState.FAILED
    assert till.row(second.id).cents == 72_60


def test_of_a_wholly_credited_invoice_nothing_is_asked(till: Till, employer: Actor, invoice_id: UUID) -> None:
    credited(till.office, invoice_id)
    with pytest.raises(Conflict):
        till.opened(employer, invoice_id)


@pytest.mark.parametrize("by_bank", [False, True])
def test_what_was_paid_before_it_was_credited_goes_back_by_the_way_that_it_came(
    till: Till, employer: Actor, secretary: Visitor, invoice_id: UUID, by_bank: bool
) -> None:
    """R50: credited, on the secretariat's list, refunded from there, and nothing is left in the books."""
    way = Account.BANK if by_bank else Account.PAYMENTS_IN_TRANSIT
    if by_bank:
        receive(till, invoice_id, 121_00)
    else:
        till.paid(employer, invoice_id)
    before = till.balance(way)
    credited(till.office, invoice_id)
    assert till.balance(Account.RECEIVABLE_EMPLOYER) == -121_00
    listed = secretary.get(RECEIVING).text
    assert "€ 121,00" in words_of(listed)
    assert f"{RECEIVING}/terugbetalen/{invoice_id}" in listed
    assert secretary.send(f"{RECEIVING}/terugbetalen/{invoice_id}").status_code == 303
    assert secretary.send(f"{RECEIVING}/terugbetalen/{invoice_id}").status_code == 303
    send_refunds(till)
    assert till.balance(Account.RECEIVABLE_EMPLOYER) == 0
    assert till.balance(way) == before - 121_00
    assert till.balance(Account.REVENUE_OF_INTERVENTIONS) == till.balance(Account.VAT_PAYABLE) == 0
    assert f"{RECEIVING}/terugbetalen/{invoice_id}" not in secretary.get(RECEIVING).text
    assert {(each.open_cents, each.give_back_cents) for each in invoices_of(till.office)} == {(0, 0)}
