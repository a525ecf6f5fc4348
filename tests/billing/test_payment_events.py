"""What can happen to a payment, in every order: the books end at zero, and say what the provider says."""

import itertools
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from billing.books.ledger_accounts import Account
from billing.paying.gateway import GatewayRefused, Takings
from billing.paying.payment_follow import booked
from billing.paying.payment_refunds import list_overpaid, refund_payment, refund_what_is_over, send_refund
from billing.paying.payments_bank import BankReceipt, record_bank_receipt
from billing.payment_tables import PaymentState, RefundReason
from core.errors import Conflict, Invalid
from identity.actor import Actor
from tests.billing.office import OPEN, Office
from tests.billing.till import Till

EVENTS = ("pay", "debit", "failing", "end", "refuse", "dispute", "won", "lost", "fail", "refund", "look", "post")
FEE = 29


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Till:
    return Till(office, tmp_path)


@pytest.fixture
def invoice_id(office: Office, employer: Actor) -> UUID:
    office.supplied(employer, intervention=OPEN)
    return office.run().invoices[0]


def happen(till: Till, buyer: Actor, payment_id: UUID, event: str) -> None:
    """Let something happen; what cannot happen just now does not."""
    reference, outside = till.reference(payment_id), till.outside
    acts = {
        "pay": lambda: outside.pay(reference),
        "debit": lambda: outside.debit(reference),
        "failing": lambda: outside.debit(reference, fails=True),
        "end": lambda: outside.end_debit(reference),
        "refuse": lambda: outside.refuse(reference),
        "dispute": lambda: outside.dispute(reference),
        "won": lambda: outside.close_dispute(reference, won=True),
        "lost": lambda: outside.close_dispute(reference, won=False),
        "fail": lambda: outside.fail_afterwards(reference),
        "refund": lambda: refunded(till, payment_id, 10_00),
        "look": lambda: till.look(buyer, payment_id),
        "post": till.post,
    }
    try:
        acts[event]()
    except (GatewayRefused, Conflict):
        return


def refunded(till: Till, payment_id: UUID, cents: int) -> UUID:
    """Ask for a refund and let the worker send it."""
    secretary, system = till.office.secretary, till.office.system
    with till.office.care(secretary) as session:
        refund_id = refund_payment(session, secretary, payment_id, cents, RefundReason.OVERPAID)
    with till.office.open(system) as session:
        send_refund(session, system, refund_id, till.gateway)
        send_refund(session, system, refund_id, till.gateway)
    return refund_id


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.sampled_from(EVENTS), max_size=12), order=st.binary(min_size=4, max_size=4))
def test_any_order_of_events_ends_in_the_same_books(
    till: Till, employer: Actor, events: list[str], order: bytes
) -> None:
    """Events, looks and posts in any order; what is left of the messages comes late, twice and shuffled."""
    office = till.office
    office.supplied(employer, intervention=OPEN)
    invoice_id = office.run().invoices[0]
    owed = till.balances()
    payment = till.opened(employer, invoice_id)
    for event in events:
        happen(till, employer, payment.id, event)
    left = [(payload, signature) for payload, signature, _answered in till.outside.messages()] * 2
    left.sort(key=lambda each: sha256(order + each[0]).digest())
    for payload, signature in left:
        till.receive(payload, signature)
    till.post()
    first = till.balances(), till.row(payment.id).state
    till.follow(payment.id)
    assert (till.balances(), till.row(payment.id).state) == first
    row, facts = till.row(payment.id), till.gateway.payment(till.reference(payment.id))
    assert booked(row) == facts.takings
    takings = facts.takings
    moved = {
        Account.PAYMENTS_IN_TRANSIT: takings.received - takings.fees - takings.refunded - takings.held - takings.lost,
        Account.DISPUTED: takings.held,
        Account.PAYMENT_FEES: takings.fees,
        Account.RECEIVABLE_EMPLOYER: takings.refunded + takings.lost - takings.received,
    }
    now = till.balances()
    assert {account: now.get(account, 0) - owed.get(account, 0) for account in moved} == moved
    assert set(now) - set(owed) <= set(moved)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_the_order_of_messages_makes_no_difference(
    till: Till, employer: Actor, invoice_id: UUID, order: tuple[int, ...]
) -> None:
    payment = till.opened(employer, invoice_id)
    for event in ("debit", "end", "dispute", "lost"):
        happen(till, employer, payment.id, event)
    messages = list(till.outside.messages())
    for place in order:
        till.receive(*messages[place][:2])
    for message_id in till.stored():
        till.handle(message_id)
    assert till.row(payment.id).state is PaymentState.REVERSED
    assert booked(till.row(payment.id)) == Takings(received=121_00, fees=35 + 7_50, lost=121_00)
    assert till.balance(Account.RECEIVABLE_EMPLOYER) == 121_00


class TestTakenBack:
    def test_a_debit_that_fails_afterwards_opens_the_invoice_again(
        self, till: Till, employer: Actor, invoice_id: UUID
    ) -> None:
        first = till.opened(employer, invoice_id)
        for event in ("debit", "end", "post", "fail", "post"):
            happen(till, employer, first.id, event)
        assert till.row(first.id).state is PaymentState.REVERSED
        assert till.balance(Account.RECEIVABLE_EMPLOYER) == 121_00
        till.paid(employer, invoice_id)
        assert till.balance(Account.RECEIVABLE_EMPLOYER) == 0

    @pytest.mark.parametrize(("end", "left"), [("won", 0), ("lost", 121_00)])
    def test_a_dispute_holds_the_money_until_it_ends(
        self, till: Till, employer: Actor, invoice_id: UUID, end: str, left: int
    ) -> None:
        payment_id = till.paid(employer, invoice_id)
        happen(till, employer, payment_id, "dispute")
        till.post()
        assert (till.balance(Account.DISPUTED), till.balance(Account.RECEIVABLE_EMPLOYER)) == (121_00, 0)
        happen(till, employer, payment_id, end)
        till.post()
        assert (till.balance(Account.DISPUTED), till.balance(Account.RECEIVABLE_EMPLOYER)) == (0, left)

    def test_raw_sql_does_not_unpay(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        till.paid(employer, invoice_id)
        for change in ("state = 'open'", "state = 'failed'", "received_cents = 0"):
            with pytest.raises(DatabaseError, match="does not go"), till.office.open(till.office.system) as session:
                session.execute(text(f"UPDATE billing.payment SET {change}"))


class TestRefunds:
    def test_no_more_goes_back_than_came_in(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        payment_id = till.paid(employer, invoice_id)
        secretary = till.office.secretary
        with till.office.care(secretary) as session:
            refund_payment(session, secretary, payment_id, 100_00, RefundReason.OVERPAID)
        for cents in (21_01, 0, -1):
            with pytest.raises(Conflict), till.office.care(secretary) as session:
                refund_payment(session, secretary, payment_id, cents, RefundReason.OVERPAID)

    def test_what_was_paid_twice_stands_on_a_list_and_goes_back(
        self, till: Till, employer: Actor, invoice_id: UUID
    ) -> None:
        office, secretary = till.office, till.office.secretary
        till.paid(employer, invoice_id)
        receipt = BankReceipt(invoice_number=numbered(office, employer, invoice_id), cents=121_00, statement="A-1")
        with office.care(secretary) as session:
            record_bank_receipt(session, secretary, receipt)
            (over,) = list_overpaid(session, secretary).items
            assert (over.invoice_id, over.cents) == (invoice_id, 121_00)
        with office.care(secretary) as session:
            (refund_id,) = refund_what_is_over(session, secretary, invoice_id, RefundReason.OVERPAID)
            assert refund_what_is_over(session, secretary, invoice_id, RefundReason.OVERPAID) == ()
        with office.open(office.system) as session:
            send_refund(session, office.system, refund_id, till.gateway)
        assert (till.balance(Account.RECEIVABLE_EMPLOYER), till.balance(Account.BANK)) == (0, 0)
        with office.care(secretary) as session:
            assert list_overpaid(session, secretary).total == 0


class TestBank:
    def test_what_the_bank_received_is_written_down_once(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        office, secretary = till.office, till.office.secretary
        number = numbered(office, employer, invoice_id)
        part = BankReceipt(invoice_number=number, cents=100_00, statement="2026-11-20/3")
        with office.care(secretary) as session:
            first = record_bank_receipt(session, secretary, part)
            assert record_bank_receipt(session, secretary, part) == first
        assert till.balance(Account.RECEIVABLE_EMPLOYER) == 21_00
        with pytest.raises(Conflict, match="al verwerkt"), office.care(secretary) as session:
            record_bank_receipt(session, secretary, part.model_copy(update={"cents": 1}))
        with pytest.raises(Invalid), office.care(secretary) as session:
            record_bank_receipt(session, secretary, BankReceipt(invoice_number="2020-1", cents=1, statement="x"))
        rest = till.opened(employer, invoice_id)
        assert till.row(rest.id).cents == 21_00

    def test_two_running_payments_of_one_invoice_cannot_be(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        payment = till.row(till.opened(employer, invoice_id).id)
        twin = type(payment)(**payment.model_dump(exclude={"id", "gateway_reference"}), gateway_reference="twin")
        with pytest.raises(IntegrityError, match="uq_payment_running"):
            till.office.world.add(twin)


def numbered(office: Office, buyer: Actor, invoice_id: UUID) -> str:
    """Return the number of an invoice."""
    with office.open(buyer) as session:
        found = session.execute(text("SELECT number FROM billing.invoice WHERE id = :id"), {"id": invoice_id})
        return str(found.scalar_one())
