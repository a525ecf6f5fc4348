"""Closed months: kept sums say what the entries say, a closed month takes no more, and a difference is found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from billing.books.ledger import BookingKind, book, trial_balance
from billing.books.ledger_accounts import Account, employer_invoice_issued
from billing.books.ledger_close import close_months, last_proof, prove_ledger
from billing.books.ledger_entries import Period, list_entries, list_parties
from billing.books.ledger_payments import payment_received
from core.clock import AMSTERDAM, standing_at
from core.errors import Forbidden
from identity.actor import Actor
from tests.billing.office import Office

MARCH, APRIL, MAY = (date(2026, month, 1) for month in (3, 4, 5))
ACCOUNT = Account.RECEIVABLE_EMPLOYER


@contextmanager
def on(day: date, hour: int = 12) -> Iterator[None]:
    with standing_at(datetime.combine(day, time(hour), AMSTERDAM)):
        yield


def invoice(office: Office, buyer: Actor, day: date, cents: int, hour: int = 12) -> None:
    """Book an invoice without VAT, as on that day."""
    with on(day, hour), office.care(office.system) as session:
        booking = employer_invoice_issued(buyer.organisation_id, cents, 0)
        book(session, office.system, BookingKind.INVOICE, uuid4(), booking)


def pay(office: Office, buyer: Actor, day: date, cents: int) -> None:
    """Book a payment, as on that day."""
    with on(day), office.care(office.system) as session:
        booking = payment_received(Account.RECEIVABLE_EMPLOYER, buyer.organisation_id, cents)
        book(session, office.system, BookingKind.PAYMENT, uuid4(), booking)


def balances(office: Office, first: date | None, last: date) -> dict[Account, tuple[int, int, int, int]]:
    with office.care(office.secretary) as session:
        found = trial_balance(session, office.secretary, first, last)
    assert sum(each.cents for each in found) == 0
    assert sum(each.opening_cents for each in found) == 0
    return {each.account: (each.opening_cents, each.debit_cents, each.credit_cents, each.cents) for each in found}


def close(office: Office, day: date) -> tuple[date, ...]:
    with on(day), office.open(office.system) as session:
        return close_months(session, office.system)


@pytest.fixture
def quarter(office: Office, employer: Actor) -> Office:
    """Three months of invoices and payments; the first and the last moment of a month among them."""
    other = office.employer("Andere firma")
    invoice(office, employer, date(2026, 3, 10), 100_00)
    invoice(office, other, date(2026, 3, 31), 40_00, hour=23)
    pay(office, employer, date(2026, 4, 2), 60_00)
    invoice(office, employer, date(2026, 4, 1), 10_00, hour=0)
    invoice(office, employer, date(2026, 5, 5), 5_00)
    return office


DAYS = [(None, date(2026, 12, 31)), (MARCH, date(2026, 3, 31)), (APRIL, date(2026, 4, 30)), (date(2026, 3, 11), MAY)]


@pytest.mark.parametrize(("first", "last"), DAYS)
def test_closing_changes_no_balance(quarter: Office, first: date | None, last: date) -> None:
    before = balances(quarter, first, last)
    assert close(quarter, date(2026, 5, 10)) == (MARCH, APRIL)
    assert balances(quarter, first, last) == before
    assert close(quarter, date(2026, 6, 10)) == (MAY,)
    assert balances(quarter, first, last) == before


def test_a_period_opens_with_what_stood_there_before(quarter: Office) -> None:
    close(quarter, date(2026, 6, 10))
    assert balances(quarter, APRIL, date(2026, 4, 30))[ACCOUNT] == (140_00, 10_00, 60_00, 90_00)
    assert balances(quarter, None, date(2026, 3, 31))[ACCOUNT] == (0, 140_00, 0, 140_00)


def test_a_month_is_closed_some_days_after_its_end_and_once(quarter: Office) -> None:
    assert close(quarter, date(2026, 4, 3)) == ()
    assert close(quarter, date(2026, 4, 4)) == (MARCH,)
    assert close(quarter, date(2026, 4, 4)) == ()


def test_in_a_closed_month_nothing_is_booked(quarter: Office, employer: Actor) -> None:
    close(quarter, date(2026, 5, 10))
    with pytest.raises(IntegrityError, match="is closed"):
        invoice(quarter, employer, date(2026, 4, 30), 1)
    invoice(quarter, employer, MAY, 1)


def test_the_proof_finds_what_was_tampered_with(quarter: Office) -> None:
    close(quarter, date(2026, 5, 10))
    with quarter.open(quarter.system) as session:
        assert prove_ledger(session, quarter.system).is_right
    with quarter.world.database.owner.begin() as connection:
        # What only the owner of the database can do, with the triggers off.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text(
                "UPDATE billing.ledger_month SET debit_cents = debit_cents + 1 WHERE tenant_id = :id AND month = :month"
            ),
            {"id": quarter.world.tenant_id, "month": MARCH},
        )
    with quarter.open(quarter.system) as session:
        assert not prove_ledger(session, quarter.system).is_right
    with quarter.care(quarter.secretary) as session:
        proof = last_proof(session, quarter.secretary)
    assert proof is not None
    assert not proof.is_right
    assert proof.entries == 10


def test_only_the_system_closes_and_proves(office: Office) -> None:
    for act in (close_months, prove_ledger):
        with pytest.raises(Forbidden), office.care(office.secretary) as session:
            act(session, office.secretary)


def test_an_account_opens_to_its_parties_and_their_entries(quarter: Office, employer: Actor) -> None:
    period = Period(APRIL, date(2026, 4, 30))
    with quarter.care(quarter.secretary) as session:
        parties = list_parties(session, quarter.secretary, ACCOUNT, period)
        mine = list_entries(session, quarter.secretary, ACCOUNT, period, employer.organisation_id)
        page = list_entries(session, quarter.secretary, ACCOUNT, Period(None, period.last), page=2, page_size=1)
    told = {each.name: (each.opening_cents, each.debit_cents, each.credit_cents, each.cents) for each in parties.items}
    assert told == {"Bakkerij Zonneveld": (100_00, 10_00, 60_00, 50_00), "Andere firma": (40_00, 0, 0, 40_00)}
    assert [each.name for each in parties.items] == sorted(told)
    assert [(each.cents, each.party_name) for each in mine.items] == [
        (-60_00, "Bakkerij Zonneveld"),
        (10_00, "Bakkerij Zonneveld"),
    ]
    assert (page.total, [each.cents for each in page.items]) == (4, [10_00])


def test_years_after_the_sums_stay_right(quarter: Office, employer: Actor) -> None:
    close(quarter, date(2026, 6, 10) + timedelta(days=400))
    invoice(quarter, employer, date(2027, 8, 1), 7)
    assert balances(quarter, date(2027, 7, 1), date(2027, 8, 31))[ACCOUNT] == (95_00, 7, 0, 95_07)
