"""What money that comes in, goes back and goes out posts; every amount may be below zero, and then takes back.

Money with the payment provider stands on "in transit" until it reaches the bank or a provider of care.
"""

from uuid import UUID

from billing.books.ledger_accounts import Account, Booking, Posting


def payment_received(receivable: Account, buyer_id: UUID, cents: int) -> Booking:
    """A buyer paid; the money is with the payment provider."""
    return _moved(cents, Account.PAYMENTS_IN_TRANSIT, receivable, buyer_id)


def payment_lost(receivable: Account, buyer_id: UUID, cents: int) -> Booking:
    """A direct debit failed after all or a dispute was lost: the money is gone, and the buyer owes it again."""
    return _moved(-cents, Account.PAYMENTS_IN_TRANSIT, receivable, buyer_id)


def refund_paid(receivable: Account, buyer_id: UUID, cents: int, way: Account = Account.PAYMENTS_IN_TRANSIT) -> Booking:
    """A buyer got back what it paid too much or what was credited, by the way that it came."""
    return _moved(-cents, way, receivable, buyer_id)


def bank_receipt(receivable: Account, buyer_id: UUID, cents: int) -> Booking:
    """A buyer paid by a transfer to the bank."""
    return _moved(cents, Account.BANK, receivable, buyer_id)


def payment_fee(cents: int) -> Booking:
    """The payment provider kept its fee."""
    return _moved(cents, Account.PAYMENT_FEES, Account.PAYMENTS_IN_TRANSIT)


def dispute_held(cents: int) -> Booking:
    """The payment provider withdrew money while a dispute is looked into."""
    return _moved(cents, Account.DISPUTED, Account.PAYMENTS_IN_TRANSIT)


def provider_paid(provider_id: UUID, cents: int) -> Booking:
    """What was owed to a provider of care was transferred out of what is in transit."""
    return _moved(-cents, Account.PAYMENTS_IN_TRANSIT, Account.PAYABLE_PROVIDER, provider_id)


def moved_to_bank(cents: int) -> Booking:
    """The payment provider paid to the bank."""
    return _moved(cents, Account.BANK, Account.PAYMENTS_IN_TRANSIT)


def _moved(cents: int, to: Account, out_of: Account, party_id: UUID | None = None) -> Booking:
    """Debit one account and credit another; nothing moved is nothing booked."""
    return (Posting(to, None, cents), Posting(out_of, party_id, -cents)) if cents else ()
