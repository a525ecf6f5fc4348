"""The double-entry ledger: every booking of the house is written here, and the trial balance read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from billing.ledger_accounts import CHART, Account, Booking
from billing.tables import LedgerEntry, LedgerTransaction
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role


class BookingKind(StrEnum):
    """On what occasion something is booked."""

    PROVIDER_INVOICE = "provider_invoice"
    INVOICE = "invoice"
    PAYMENT = "payment"


@dataclass(frozen=True)
class AccountBalance:
    """What stands on one account, in cents: a debit above zero, a credit below."""

    account: Account
    number: int
    name: str
    cents: int


def book(session: Session, actor: Actor, kind: BookingKind, document_id: UUID, booking: Booking) -> None:
    """Write a booking that adds up to zero; a booking of nothing is not written.

    Raises ValueError when it does not add up: then there is a mistake in the house, and nothing may be kept.
    """
    if sum(posting.cents for posting in booking) != 0:
        raise ValueError("a booking adds up to zero")
    if not booking:
        return
    transaction = LedgerTransaction(tenant_id=actor.tenant_id, kind=kind, document_id=document_id)
    session.add(transaction)
    session.flush()
    session.add_all(
        LedgerEntry(
            tenant_id=actor.tenant_id,
            transaction_id=transaction.id,
            account=posting.account,
            party_id=posting.party_id,
            cents=posting.cents,
        )
        for posting in booking
    )


def trial_balance(session: Session, actor: Actor) -> Sequence[AccountBalance]:
    """Return the balance of every account of the chart; together they are zero."""
    if actor.role is not Role.SYSTEM:
        require(actor, Permission.RUN_CHARGES)
    sums = select(LedgerEntry.account, func.sum(LedgerEntry.cents)).group_by(col(LedgerEntry.account))
    found = {account: int(cents) for account, cents in session.exec(sums)}
    return tuple(
        AccountBalance(account, facts.number, facts.name, found.get(account, 0)) for account, facts in CHART.items()
    )
