"""What happens around the local payment provider: a payer pays, a bank takes back, a bank disagrees, time passes.

For the local pages, the demo and the tests. Each act tells of itself by a signed message, as a provider does.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from sqlite3 import Connection
from uuid import uuid4

from billing.paying.gateway import GatewayRefused, LineKind, Progress, Takings
from billing.paying.gateway_events import sign_event
from billing.paying.gateway_local import LocalGateway, change, known, move_of
from billing.paying.gateway_local_store import Facts, balance, keep, move, names_like, sent, tell, unsent
from core.clock import now

IDEAL_FEE, DEBIT_FEE, DISPUTE_FEE = 29, 35, 7_50
DEBIT_TAKES = timedelta(minutes=2)
"""How long a direct debit is under way here; at a bank it is days."""


class Outside:
    """Everybody who is not the house."""

    def __init__(self, gateway: LocalGateway) -> None:
        self.gateway = gateway

    def pay(self, reference: str) -> None:
        """A payer pays by iDEAL: the money is there at once."""
        with self.gateway.store.changing() as books:
            facts = self._open(books, reference)
            self._receive(books, reference, facts, IDEAL_FEE)
            self._tell(books, "checkout.session.completed", reference, facts)

    def debit(self, reference: str, *, fails: bool = False) -> None:
        """A payer agrees to a direct debit, which ends after a while."""
        with self.gateway.store.changing() as books:
            facts = self._open(books, reference)
            ends = {"ends_at": (now() + DEBIT_TAKES).isoformat(), "fails": fails}
            change(books, reference, facts | ends, Progress.PROCESSING)
            self._tell(books, "checkout.session.completed", reference, facts)

    def refuse(self, reference: str) -> None:
        """The page of a payment runs out, and nobody has paid."""
        with self.gateway.store.changing() as books:
            facts = self._open(books, reference)
            change(books, reference, facts, Progress.FAILED)
            self._tell(books, "checkout.session.expired", reference, facts)

    def end_debit(self, reference: str) -> None:
        """The banks are done with a direct debit."""
        with self.gateway.store.changing() as books:
            facts = known(books, reference)
            if facts["progress"] != Progress.PROCESSING:
                raise GatewayRefused("payment_intent_unexpected_state")
            if facts["fails"]:
                change(books, reference, facts, Progress.FAILED)
            else:
                self._receive(books, reference, facts, DEBIT_FEE)
            ending = "async_payment_failed" if facts["fails"] else "async_payment_succeeded"
            self._tell(books, f"checkout.session.{ending}", reference, facts)

    def dispute(self, reference: str) -> None:
        """The payer's bank wants the money back, and it is withdrawn while that is looked into."""
        with self.gateway.store.changing() as books:
            facts = known(books, reference)
            takings = Takings(**facts["takings"])
            held = takings.received - takings.refunded
            if held <= 0 or takings.held or takings.lost:
                raise GatewayRefused("charge_disputed")
            change(books, reference, facts, held=held, fees=takings.fees + DISPUTE_FEE)
            move_of(books, facts, LineKind.DISPUTE, -held, DISPUTE_FEE, f"dispute-{reference}")
            self._tell(books, "charge.dispute.created", reference, facts)

    def close_dispute(self, reference: str, *, won: bool) -> None:
        """A dispute ends: the money comes back, or it does not."""
        with self.gateway.store.changing() as books:
            facts = known(books, reference)
            held = Takings(**facts["takings"]).held
            if not held:
                raise GatewayRefused("no_dispute")
            change(books, reference, facts, held=0, lost=0 if won else held)
            if won:
                move_of(books, facts, LineKind.DISPUTE, held, 0, f"dispute-{reference}")
            self._tell(books, "charge.dispute.closed", reference, facts)

    def fail_afterwards(self, reference: str) -> None:
        """A direct debit that had succeeded is taken back by the bank, for good."""
        with self.gateway.store.changing() as books:
            facts = known(books, reference)
            takings = Takings(**facts["takings"])
            left = takings.received - takings.refunded
            if left <= 0 or takings.held or takings.lost:
                raise GatewayRefused("charge_disputed")
            change(books, reference, facts, lost=left)
            move_of(books, facts, LineKind.PAYMENT, -left, 0)
            self._tell(books, "charge.failed", reference, facts)

    def make_ready(self, account: str, *, refuses: bool = False) -> None:
        """The owner of an account makes himself known."""
        with self.gateway.store.changing() as books:
            keep(books, account, known(books, account) | {"ready": True, "refuses": refuses})
            tell(books, message("account.updated", {"id": account}))

    def pay_to_bank(self) -> int:
        """What stands with the provider goes to the bank; returns how much, in cents."""
        with self.gateway.store.changing() as books:
            cents = balance(books)
            if cents > 0:
                move(books, LineKind.TO_BANK, -cents, 0, now().astimezone(UTC).isoformat(), (f"bank-{uuid4().hex}",))
        return max(cents, 0)

    def let_time_pass(self) -> None:
        """End the direct debits that have been under way long enough."""
        with self.gateway.store.changing() as books:
            running = [(name, known(books, name)) for name in names_like(books, "local-")]
        for name, facts in running:
            if facts["progress"] == Progress.PROCESSING and datetime.fromisoformat(facts["ends_at"]) <= now():
                self.end_debit(name)

    def messages(self) -> Iterator[tuple[bytes, str, Callable[[], None]]]:
        """Yield each message that waits with its signature, and what to call when it was answered."""
        with self.gateway.store.changing() as books:
            waiting = unsent(books)
        for number, payload in waiting:
            signature = sign_event(payload, int(now().timestamp()), self.gateway.secret)
            yield payload, signature, partial(self._answered, number)

    def _answered(self, number: int) -> None:
        with self.gateway.store.changing() as books:
            sent(books, number)

    def _open(self, books: Connection, reference: str) -> Facts:
        facts = known(books, reference)
        if facts["progress"] != Progress.OPEN:
            raise GatewayRefused("payment_intent_unexpected_state")
        return facts

    def _receive(self, books: Connection, reference: str, facts: Facts, fee: int) -> None:
        change(books, reference, facts, Progress.PAID, received=facts["cents"], fees=fee)
        move_of(books, facts, LineKind.PAYMENT, facts["cents"], fee)

    def _tell(self, books: Connection, kind: str, reference: str, facts: Facts) -> None:
        tell(books, message(kind, {"id": reference, "metadata": {"payment": facts["payment"]}}))


def message(kind: str, thing: dict[str, object]) -> bytes:
    """Return a message in the form of the provider's own."""
    told = {"id": f"event-{uuid4().hex}", "object": "event", "type": kind, "data": {"object": thing}}
    return json.dumps(told).encode()
