"""The local payment provider: it behaves as Stripe does for what is used, and no money moves."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from json import loads
from pathlib import Path
from sqlite3 import Connection
from uuid import UUID

from billing.paying.gateway import (
    AccountFacts,
    BalanceLine,
    GatewayEvent,
    GatewayRefused,
    HostedPayment,
    LineKind,
    PaymentFacts,
    PaymentOrder,
    Progress,
    RefundOrder,
    Takings,
    TransferOrder,
)
from billing.paying.gateway_events import read_event
from billing.paying.gateway_local_store import Facts, LocalStore, balance, find, keep, lines, move
from core.clock import now


class LocalGateway:
    """Keeps payments, accounts and transfers in a file; what payers, banks and time do is in `gateway_local_acts`."""

    def __init__(self, base_url: str, file: Path, key: str) -> None:
        """Take the address of the portal, under which the pages stand, the file, and the key that signs messages."""
        self.base_url = base_url
        self.store = LocalStore(file)
        self.secret = f"local-{key}"

    def create_payment(self, order: PaymentOrder) -> HostedPayment:
        """Open a payment under a reference of the local provider."""
        reference, url = f"local-{order.payment_id.hex}", self._page(order.payment_id)
        with self.store.changing() as books:
            if find(books, reference) is None:
                facts = {"payment": str(order.payment_id), "cents": order.cents, "progress": Progress.OPEN}
                keep(books, reference, facts | {"takings": asdict(Takings())})
        return HostedPayment(reference, url)

    def payment(self, reference: str) -> PaymentFacts:
        """Return how a payment stands now."""
        with self.store.changing() as books:
            facts = known(books, reference)
        progress = Progress(facts["progress"])
        url = self._page(UUID(facts["payment"])) if progress is Progress.OPEN else None
        intent = None if progress is Progress.OPEN else f"intent-{reference}"
        return PaymentFacts(reference, progress, Takings(**facts["takings"]), intent, url)

    def close_payment(self, reference: str) -> None:
        """Close the page of an open payment."""
        with self.store.changing() as books:
            facts = known(books, reference)
            if facts["progress"] == Progress.OPEN:
                keep(books, reference, facts | {"progress": Progress.FAILED})

    def refund(self, order: RefundOrder) -> str:
        """Give back a part of what a payment brought."""
        reference = f"refund-{order.refund_id.hex}"
        with self.store.changing() as books:
            if find(books, reference) is None:
                facts = known(books, order.payment_reference)
                takings = Takings(**facts["takings"])
                if order.cents > takings.received - takings.refunded - takings.held - takings.lost:
                    raise GatewayRefused("charge_already_refunded")
                change(books, order.payment_reference, facts, refunded=takings.refunded + order.cents)
                move_of(books, facts, LineKind.REFUND, -order.cents, 0, reference, str(order.refund_id))
                keep(books, reference, {"cents": order.cents})
        return reference

    def create_account(self, organisation_id: UUID) -> str:
        """Make an account that cannot receive anything yet."""
        reference = f"account-{organisation_id.hex}"
        with self.store.changing() as books:
            if find(books, reference) is None:
                keep(books, reference, {"ready": False, "refuses": False})
        return reference

    def onboarding_url(self, account: str, back_to: str) -> str:
        """Return the local page on which an account is made ready."""
        with self.store.changing() as books:
            known(books, account)
        return f"{back_to}/aanmelden"

    def account(self, reference: str) -> AccountFacts:
        """Return whether an account is ready."""
        with self.store.changing() as books:
            ready = bool(known(books, reference)["ready"])
        return AccountFacts(reference, ready, () if ready else ("external_account",))

    def transfer(self, order: TransferOrder) -> str:
        """Send money to an account that is ready, out of what came in."""
        reference = f"transfer-{order.payout_id.hex}-{order.attempt}"
        with self.store.changing() as books:
            if find(books, reference) is None:
                account = known(books, order.account)
                if not account["ready"] or account["refuses"]:
                    raise GatewayRefused("insufficient_capabilities_for_transfer")
                if order.cents > balance(books):
                    raise GatewayRefused("balance_insufficient")
                keep(books, reference, {"cents": order.cents, "reversed": False})
                names = (reference, str(order.payout_id))
                move(books, LineKind.TRANSFER, -order.cents, 0, now().isoformat(), names)
        return reference

    def reverse_transfer(self, reference: str, payout_id: UUID) -> None:
        """Take a transfer back."""
        with self.store.changing() as books:
            facts = known(books, reference)
            if not facts["reversed"]:
                keep(books, reference, facts | {"reversed": True})
                move(books, LineKind.TRANSFER, facts["cents"], 0, now().isoformat(), (reference, str(payout_id)))

    def balance_lines(self, since: datetime) -> Iterator[BalanceLine]:
        """Yield the changes of the balance."""
        with self.store.changing() as books:
            found = lines(books, since.astimezone(UTC).isoformat())
        for number, kind, gross, fee, at, names in found:
            told = tuple(loads(names))
            yield BalanceLine(f"line-{number}", LineKind(kind), gross, fee, datetime.fromisoformat(at), told)

    def event(self, payload: bytes, signature: str) -> GatewayEvent:
        """Return a message that this provider signed."""
        return read_event(payload, signature, self.secret)

    def _page(self, payment_id: UUID) -> str:
        return f"{self.base_url}/betalen/{payment_id}"


def known(books: Connection, reference: str) -> Facts:
    """Return what is known under a name; raises GatewayRefused for what never was."""
    facts = find(books, reference)
    if facts is None:
        raise GatewayRefused("resource_missing")
    return facts


def change(books: Connection, reference: str, facts: Facts, progress: Progress | None = None, **takings: int) -> None:
    """Write how a payment stands from now on."""
    changed = {"takings": facts["takings"] | takings} | ({"progress": progress} if progress else {})
    keep(books, reference, facts | changed)


def move_of(books: Connection, facts: Facts, kind: LineKind, gross: int, fee: int, *names: str) -> None:
    """Write a change of the balance that belongs to a payment."""
    payment = UUID(facts["payment"])
    at = now().astimezone(UTC).isoformat()
    move(books, kind, gross, fee, at, (f"local-{payment.hex}", str(payment), *names))
