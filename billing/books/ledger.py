"""The double-entry ledger: every booking of the house is written here, and the trial balance read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Session

from billing.books.ledger_accounts import CHART, Account, Booking
from billing.books.ledger_sums import Turnover, turnover_until
from billing.tables import LedgerEntry, LedgerTransaction
from core.clock import now, today
from core.rows import append_all
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role


class BookingKind(StrEnum):
    """On what occasion something is booked."""

    PROVIDER_INVOICE = "provider_invoice"
    PROVIDER_CREDIT_NOTE = "provider_credit_note"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    OWN_COST = "own_cost"
    PAYMENT = "payment"
    PAYMENT_FEE = "payment_fee"
    PAYMENT_LOST = "payment_lost"
    DISPUTE = "dispute"
    REFUND = "refund"
    BANK_RECEIPT = "bank_receipt"
    PAYOUT = "payout"
    TO_BANK = "to_bank"


@dataclass(frozen=True)
class AccountBalance:
    """What stands on one account, and what came and went in a period; cents, a balance below zero is a credit.

    `opening_cents` stood there before the period, `cents` at its end.
    """

    account: Account
    number: int
    name: str
    cents: int
    opening_cents: int = 0
    debit_cents: int = 0
    credit_cents: int = 0


def book(session: Session, actor: Actor, kind: BookingKind, document_id: UUID, booking: Booking) -> None:
    """Write a booking that adds up to zero; a booking of nothing is not written.

    Raises ValueError when it does not add up: then there is a mistake in the house, and nothing may be kept.
    """
    book_all(session, actor, kind, [(document_id, booking)])


def book_all(session: Session, actor: Actor, kind: BookingKind, bookings: Iterable[tuple[UUID, Booking]]) -> None:
    """Write many bookings of a kind in one go, each with the id of its document; else as `book` does."""
    moment = now()  # one for all sides: at midnight they would else be of two days
    transactions: list[dict[str, object]] = []
    entries: list[dict[str, object]] = []
    for document_id, booking in bookings:
        if sum(posting.cents for posting in booking) != 0:
            raise ValueError("a booking adds up to zero")
        if not booking:
            continue
        common = {"tenant_id": actor.tenant_id, "created_at": moment}
        transaction_id = uuid4()
        about = {"id": transaction_id, "kind": kind, "document_id": document_id, "sides": len(booking)}
        transactions.append(common | about)
        entries.extend(common | {"transaction_id": transaction_id} | vars(posting) for posting in booking)
    append_all(session, LedgerTransaction, transactions)
    append_all(session, LedgerEntry, entries)


def trial_balance(
    session: Session, actor: Actor, first: date | None = None, last: date | None = None
) -> Sequence[AccountBalance]:
    """Return the balance of every account of the chart at the end of `last`; together they are zero.

    With `first`, what stood there before that day and what came and went from it on; without, all of it came and went.
    """
    if actor.role is not Role.SYSTEM:
        require(actor, Permission.KEEP_BOOKS)
    closing = turnover_until(session, last or today())
    opening = turnover_until(session, first, before=True) if first is not None else {}
    return tuple(_balance(account, opening.get(account), closing.get(account)) for account in CHART)


def _balance(account: Account, opening: Turnover | None, closing: Turnover | None) -> AccountBalance:
    before, after = opening or Turnover(), closing or Turnover()
    return AccountBalance(
        account,
        CHART[account].number,
        CHART[account].name,
        cents=after.cents,
        opening_cents=before.cents,
        debit_cents=after.debit_cents - before.debit_cents,
        credit_cents=after.credit_cents - before.credit_cents,
    )
