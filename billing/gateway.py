"""The payment gateway: the only module that talks to who moves money, and the local one that stands in for it."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.settings import Settings


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


class PaymentGateway(Protocol):
    """What the house asks of a payment provider; that something was paid, the provider tells by itself."""

    def create_payment(self, order: PaymentOrder) -> HostedPayment:
        """Open a payment; the same order again is the same payment at the provider."""
        ...


class LocalGateway:
    """Behaves as a provider with a hosted page does: the payer is sent to a page of ours, and pays with one click."""

    def __init__(self, base_url: str) -> None:
        """Take the address of the portal, under which the page stands."""
        self.base_url = base_url

    def create_payment(self, order: PaymentOrder) -> HostedPayment:
        """Open a payment under a reference of the local provider."""
        return HostedPayment(f"local-{order.payment_id.hex}", f"{self.base_url}/betalen/{order.payment_id}")


def gateway_of(settings: Settings) -> PaymentGateway:
    """Return the gateway that the settings choose."""
    return LocalGateway(settings.base_url)
