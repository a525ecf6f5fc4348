"""What the house asks of who moves money, and what it is told: values and one narrow protocol, without any provider.

Whoever stands behind it gets to know the number of an invoice, an amount and ids made at random; never what it is for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.errors import Unavailable

LARGEST_EVENT = 256 * 1024
"""Bytes of a message of the provider; its own are some kilobytes."""

LONGEST_REFERENCE = 120
"""Characters of an id that the provider made."""


class GatewayRefused(Exception):
    """The provider understood what was asked and does not do it; `code` is its word for why, and never content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class GatewayUnavailable(Unavailable):
    """The provider did not answer in time. Whether it was done is not known; to ask again with the same id is safe."""


class EventRefused(Exception):
    """A message that the provider did not send, or not just now."""


class Progress(StrEnum):
    """How far a payment is at the provider."""

    OPEN = "open"
    PROCESSING = "processing"  # a direct debit: the payer has done his part, and the banks take days
    PAID = "paid"
    FAILED = "failed"  # refused or expired; nothing was received


@dataclass(frozen=True)
class Takings:
    """What a payment has done to the balance at the provider until now, in cents."""

    received: int = 0
    fees: int = 0
    refunded: int = 0
    held: int = 0  # withdrawn as long as a dispute is open
    lost: int = 0  # withdrawn for good: a dispute lost, or a direct debit that failed after all

    def minus(self, other: "Takings") -> "Takings":
        """Return the difference, field by field."""
        return Takings(*(getattr(self, each.name) - getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class PaymentOrder:
    """All that a payment provider gets to know: the number of an invoice and an amount; never what it is for."""

    payment_id: UUID
    invoice_number: str
    cents: int


@dataclass(frozen=True)
class HostedPayment:
    """A payment as the provider knows it, and the page on which somebody pays it."""

    reference: str
    url: str


@dataclass(frozen=True)
class PaymentFacts:
    """How a payment stands; `intent` is its second name at the provider, `url` its page as long as it can be paid."""

    reference: str
    progress: Progress
    takings: Takings = Takings()
    intent: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class RefundOrder:
    """What goes back to a payer; the same id again is the same refund."""

    refund_id: UUID
    payment_reference: str
    cents: int


@dataclass(frozen=True)
class AccountFacts:
    """Whether money can go to the account of a provider of care, and what is still asked of him (coded words)."""

    reference: str
    is_ready: bool
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class TransferOrder:
    """What goes to the account of a provider; the same id and attempt again is the same transfer."""

    payout_id: UUID
    attempt: int
    account: str
    cents: int


class LineKind(StrEnum):
    """Why the balance at the provider changed."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    TRANSFER = "transfer"
    TO_BANK = "to_bank"
    OTHER = "other"


@dataclass(frozen=True)
class BalanceLine:
    """One change of the balance at the provider; `names` are the ids, theirs and ours, that say what it belongs to."""

    reference: str
    kind: LineKind
    gross_cents: int
    fee_cents: int
    at: datetime
    names: tuple[str, ...]

    @property
    def net_cents(self) -> int:
        """Return by how much the balance changed."""
        return self.gross_cents - self.fee_cents


@dataclass(frozen=True)
class GatewayEvent:
    """A message that something happened: what to look at, never what to believe."""

    reference: str
    kind: str
    names: tuple[str, ...]


class PaymentGateway(Protocol):
    """What the house asks of a payment provider. Raises GatewayUnavailable, and GatewayRefused with its reason."""

    def create_payment(self, order: PaymentOrder) -> HostedPayment:
        """Open a payment; the same order again is the same payment at the provider."""
        ...

    def payment(self, reference: str) -> PaymentFacts:
        """Return how a payment stands now."""
        ...

    def close_payment(self, reference: str) -> None:
        """See to it that an open payment is paid by nobody any more; one that is under way is left alone."""
        ...

    def refund(self, order: RefundOrder) -> str:
        """Give back a part of a payment and return the name of the refund at the provider."""
        ...

    def create_account(self, organisation_id: UUID) -> str:
        """Make an account to which money can be transferred, and return its name at the provider."""
        ...

    def onboarding_url(self, account: str, back_to: str) -> str:
        """Return a page, for a short while and one person, on which the owner of an account makes himself known."""
        ...

    def account(self, reference: str) -> AccountFacts:
        """Return whether money can go to an account."""
        ...

    def transfer(self, order: TransferOrder) -> str:
        """Send money to an account and return the name of the transfer."""
        ...

    def reverse_transfer(self, reference: str, payout_id: UUID) -> None:
        """Take the whole of a transfer back."""
        ...

    def balance_lines(self, since: datetime) -> Iterator[BalanceLine]:
        """Yield every change of the balance from `since` on."""
        ...

    def event(self, payload: bytes, signature: str) -> GatewayEvent:
        """Return the message that the provider signed less than five minutes ago; raises EventRefused for any other."""
        ...


def with_id(metadata: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return our own ids out of what we gave along with something."""
    return tuple(value for key, value in (metadata or {}).items() if key in ("payment", "refund", "payout", "account"))
