"""Bookings add up to zero, whatever happens and in whatever order."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.books.ledger_accounts import (
    CHART,
    Account,
    Booking,
    Nature,
    Posting,
    employer_invoice_issued,
    insurer_invoice_issued,
    provider_invoice_approved,
    undone,
)
from billing.books.ledger_payments import payment_received
from billing.cofinancing.shares import share
from core.money import percentage_of

PROVIDER, EMPLOYER, INSURER = (UUID(int=number) for number in (1, 2, 3))
CENTS = st.integers(0, 10**9)


def balances(*bookings: Booking) -> dict[Account, int]:
    """Return the balance of every account that is not zero."""
    sums: dict[Account, int] = defaultdict(int)
    for posting in (posting for booking in bookings for posting in booking):
        sums[posting.account] += posting.cents
    return {account: cents for account, cents in sums.items() if cents}


def test_a_provider_invoice_is_cost_and_debt() -> None:
    assert balances(provider_invoice_approved(PROVIDER, 1_000_00, 210_00)) == {
        Account.COST_OF_INTERVENTIONS: 1_000_00,
        Account.VAT_RECEIVABLE: 210_00,
        Account.PAYABLE_PROVIDER: -1_210_00,
    }


def test_vat_that_may_not_be_deducted_is_cost() -> None:
    assert balances(provider_invoice_approved(PROVIDER, 1_000_00, 210_00, vat_deductible=False)) == {
        Account.COST_OF_INTERVENTIONS: 1_210_00,
        Account.PAYABLE_PROVIDER: -1_210_00,
    }


@pytest.mark.parametrize(
    ("issued", "receivable", "buyer"),
    [
        (employer_invoice_issued, Account.RECEIVABLE_EMPLOYER, EMPLOYER),
        (insurer_invoice_issued, Account.RECEIVABLE_INSURER, INSURER),
    ],
)
def test_an_invoice_is_receivable_revenue_and_vat(
    issued: Callable[[UUID, int, int], Booking], receivable: Account, buyer: UUID
) -> None:
    assert issued(buyer, 500_00, 105_00) == (
        Posting(receivable, buyer, 605_00),
        Posting(Account.REVENUE_OF_INTERVENTIONS, None, -500_00),
        Posting(Account.VAT_PAYABLE, None, -105_00),
    )


def test_payments_and_credit_notes_bring_a_receivable_back_to_zero() -> None:
    invoice = employer_invoice_issued(EMPLOYER, 500_00, 105_00)
    back = undone(employer_invoice_issued(EMPLOYER, 100_00, 21_00))
    assert balances(invoice, back, payment_received(Account.RECEIVABLE_EMPLOYER, EMPLOYER, 484_00)) == {
        Account.PAYMENTS_IN_TRANSIT: 484_00,
        Account.REVENUE_OF_INTERVENTIONS: -400_00,
        Account.VAT_PAYABLE: -84_00,
    }
    assert balances(invoice, undone(invoice)) == {}


def test_a_document_of_nothing_books_nothing() -> None:
    assert employer_invoice_issued(EMPLOYER, 0, 0) == ()
    assert len(employer_invoice_issued(EMPLOYER, 100, 0)) == 2


@given(CENTS, CENTS, CENTS, st.booleans())
def test_every_booking_adds_up_to_zero(net: int, vat: int, paid: int, deductible: bool) -> None:
    """R51."""
    bookings = [
        provider_invoice_approved(PROVIDER, net, vat, vat_deductible=deductible),
        employer_invoice_issued(EMPLOYER, net, vat),
        insurer_invoice_issued(INSURER, net, vat),
        payment_received(Account.RECEIVABLE_EMPLOYER, EMPLOYER, paid),
        payment_received(Account.RECEIVABLE_INSURER, INSURER, paid),
    ]
    for booking in [*bookings, *map(undone, bookings)]:
        assert sum(posting.cents for posting in booking) == 0
        assert all(posting.cents for posting in booking)


@given(st.integers(1, 10**8), st.integers(0, 10**8), st.permutations(range(5)))
def test_a_shared_price_that_everybody_paid_leaves_only_the_debt_and_the_margin(
    price: int, granted: int, order: list[int]
) -> None:
    shares = share(price, [granted])
    (insurer_cents,) = shares.contributions
    employer_vat, insurer_vat = (percentage_of(cents, Decimal(21)) for cents in (shares.employer_cents, insurer_cents))
    events = [
        provider_invoice_approved(PROVIDER, price, 0),
        employer_invoice_issued(EMPLOYER, shares.employer_cents, employer_vat),
        insurer_invoice_issued(INSURER, insurer_cents, insurer_vat),
        payment_received(Account.RECEIVABLE_EMPLOYER, EMPLOYER, shares.employer_cents + employer_vat),
        payment_received(Account.RECEIVABLE_INSURER, INSURER, insurer_cents + insurer_vat),
    ]
    left = balances(*(events[index] for index in order))
    assert left.pop(Account.COST_OF_INTERVENTIONS) == -left.pop(Account.REVENUE_OF_INTERVENTIONS) == price
    assert left.pop(Account.PAYABLE_PROVIDER) == -price
    assert left.pop(Account.PAYMENTS_IN_TRANSIT) == price - left.pop(Account.VAT_PAYABLE, 0)
    assert left == {}


@pytest.mark.parametrize(("account", "party"), [(Account.BANK, EMPLOYER), (Account.RECEIVABLE_EMPLOYER, None)])
def test_a_party_stands_only_where_an_account_is_kept_per_party(account: Account, party: UUID | None) -> None:
    with pytest.raises(ValueError, match="kept per party"):
        Posting(account, party, 1)


def test_the_chart_names_every_account_once() -> None:
    assert set(CHART) == set(Account)
    assert len({facts.number for facts in CHART.values()}) == len(Account)
    assert len({facts.name for facts in CHART.values()}) == len(Account)
    natures = {Nature.ASSET: 1, Nature.LIABILITY: 1, Nature.EXPENSE: 7, Nature.REVENUE: 8}
    assert all(facts.number // 1000 == natures[facts.nature] for facts in CHART.values())
