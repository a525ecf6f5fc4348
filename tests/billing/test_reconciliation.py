"""The balance at the payment provider beside the ledger: what differs is listed, and a person explains it."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from billing.books.ledger_accounts import Account
from billing.paying.gateway import LineKind
from billing.paying.gateway_local_store import move
from billing.paying.reconciliation import asked_since, reconcile
from billing.paying.reconciliation_explain import explain_difference, list_differences
from billing.payment_tables import DifferenceReason
from core.clock import now, standing_at
from core.errors import Conflict, NotFound
from identity.actor import Actor
from tests.billing.office import OPEN, Office
from tests.billing.till import Till

TONIGHT = timedelta(hours=1)


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Till:
    return Till(office, tmp_path)


@pytest.fixture
def invoice_id(office: Office, employer: Actor) -> UUID:
    office.supplied(employer, intervention=OPEN)
    return office.run().invoices[0]


def night(till: Till, *, alone: bool = True) -> int:
    """Let the nightly job run; returns how many differences are open."""
    with standing_at(now() + TONIGHT), till.office.open(till.office.system) as session:
        lines = list(till.gateway.balance_lines(asked_since(session)))
        return reconcile(session, till.office.system, lines, alone=alone)


def moved(till: Till, kind: LineKind, cents: int, *names: str) -> None:
    """Let the balance at the provider change behind our back."""
    with till.gateway.store.changing() as books:
        move(books, kind, cents, 0, now().isoformat(), names)


def test_when_both_say_the_same_nothing_is_listed(till: Till, employer: Actor, invoice_id: UUID) -> None:
    payment_id = till.paid(employer, invoice_id)
    till.outside.dispute(till.reference(payment_id))
    till.outside.close_dispute(till.reference(payment_id), won=True)
    till.post()
    assert [night(till) for _turn in range(2)] == [0, 0]


def test_what_went_to_the_bank_is_booked_once(till: Till, employer: Actor, invoice_id: UUID) -> None:
    till.paid(employer, invoice_id)
    to_bank = till.outside.pay_to_bank()
    assert [night(till) for _turn in range(2)] == [0, 0]
    assert (till.balance(Account.BANK), till.balance(Account.PAYMENTS_IN_TRANSIT)) == (to_bank, 0)


def test_a_payment_that_we_missed_is_a_difference(till: Till, employer: Actor, invoice_id: UUID) -> None:
    payment = till.opened(employer, invoice_id)
    till.outside.pay(till.reference(payment.id))
    assert night(till) == 1
    secretary = till.office.secretary
    with till.office.care(secretary) as session:
        (found,) = list_differences(session, secretary).items
        assert (found.subject, found.gateway_cents, found.ledger_cents) == (payment.id, 121_00 - 29, 0)
        assert found.invoice_number
    till.post()
    assert night(till) == 1
    with till.office.care(secretary) as session:
        (even,) = list_differences(session, secretary).items
        assert even.gateway_cents == even.ledger_cents == 121_00 - 29  # and a person closes it

        explain_difference(session, secretary, found.id, DifferenceReason.TIMING)
    assert night(till) == 0
    with pytest.raises(Conflict), till.office.care(secretary) as session:
        explain_difference(session, secretary, found.id, DifferenceReason.TIMING)
    with pytest.raises(NotFound), till.office.care(secretary) as session:
        explain_difference(session, secretary, uuid4(), DifferenceReason.TIMING)


def test_a_fee_that_nobody_expected_is_explained_and_booked(till: Till) -> None:
    moved(till, LineKind.OTHER, -5_00, "stripe_fee")
    assert night(till) == 1
    secretary = till.office.secretary
    with till.office.care(secretary) as session:
        (found,) = list_differences(session, secretary).items
        explain_difference(session, secretary, found.id, DifferenceReason.FEE)
    assert (till.balance(Account.PAYMENT_FEES), till.balance(Account.PAYMENTS_IN_TRANSIT)) == (5_00, -5_00)
    assert night(till) == 0


def test_what_was_explained_stays_explained_until_it_changes(till: Till, employer: Actor, invoice_id: UUID) -> None:
    payment_id = till.paid(employer, invoice_id)
    moved(till, LineKind.PAYMENT, -1_00, str(payment_id))
    assert night(till) == 1
    secretary = till.office.secretary
    with till.office.care(secretary) as session:
        (found,) = list_differences(session, secretary).items
        explain_difference(session, secretary, found.id, DifferenceReason.BY_HAND)
    assert night(till) == 0
    moved(till, LineKind.PAYMENT, -1_00, str(payment_id))
    assert night(till) == 1


def test_of_several_each_takes_what_is_its_own(till: Till, employer: Actor, invoice_id: UUID) -> None:
    till.paid(employer, invoice_id)
    moved(till, LineKind.PAYMENT, 50_00, "of another")
    assert night(till, alone=False) == 0
    with till.office.open(till.office.system) as session:
        assert session.execute(text("SELECT count(*) FROM billing.gateway_line")).scalar_one() == 1


def test_raw_sql_explains_in_nobody_elses_name(till: Till) -> None:
    moved(till, LineKind.OTHER, -5_00)
    night(till)
    second = till.secretary
    close = text("UPDATE billing.difference SET reason = 'fee', closed_at = now(), closed_by = :by")
    with pytest.raises(DatabaseError, match="row-level security"), till.office.care(till.office.secretary) as session:
        session.execute(close, {"by": second.account_id})
    with pytest.raises(DatabaseError, match="permission denied"), till.office.care(second) as session:
        session.execute(text("DELETE FROM billing.gateway_line"))
