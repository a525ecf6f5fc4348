"""What the stand-in for Stripe remembers, in the forms of the public API reference, and what happens around it.

Only what the house uses: Checkout sessions in payment mode with iDEAL and SEPA debit, their payment intents and
charges, refunds, disputes, connected accounts, transfers and their reversals, and balance transactions. Objects hold
each other by id; `expanded` puts them in where a request asks for that.
"""

import json
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from itertools import count
from threading import RLock
from typing import Any

from billing.paying.gateway_events import sign_event

Thing = dict[str, Any]
IDEAL_FEE, DEBIT_FEE, DISPUTE_FEE = 29, 35, 7_50


class Refused(Exception):
    """What Stripe answers with an error: HTTP status, type and code."""

    def __init__(self, status: int, code: str, kind: str = "invalid_request_error") -> None:
        super().__init__(code)
        self.status, self.code, self.kind = status, code, kind


class Objects:
    """One account at Stripe."""

    def __init__(self, webhook_secret: str) -> None:
        self.secret = webhook_secret
        self.things: dict[str, Thing] = {}
        self.lock = RLock()
        self.numbers = count(1)
        self.events: list[tuple[bytes, bool]] = []

    # Keeping

    def new(self, prefix: str, kind: str, **facts: Any) -> Thing:
        """Make an object of a kind."""
        thing: Thing = {"id": f"{prefix}_{next(self.numbers):06}", "object": kind, "created": int(time.time())} | facts
        self.things[thing["id"]] = thing
        return thing

    def get(self, name: str, kind: str) -> Thing:
        """Return an object by its id; raises 404 as Stripe does."""
        thing = self.things.get(name)
        if thing is None or thing["object"] != kind:
            raise Refused(404, "resource_missing")
        return thing

    def of(self, kind: str, **facts: Any) -> list[Thing]:
        """Return the objects of a kind with these facts, the newest first."""
        found = [each for each in self.things.values() if each["object"] == kind]
        return [each for each in reversed(found) if all(each.get(key) == value for key, value in facts.items())]

    def expanded(self, thing: Thing, paths: list[str]) -> Thing:
        """Return a copy with the objects along these paths put in."""
        copy = deepcopy(thing)
        for path in paths:
            self._expand(copy, path.split("."))
        return copy

    def _expand(self, thing: Thing, path: list[str]) -> None:
        if not path or thing is None:
            return
        inner = thing.get(path[0])
        if isinstance(inner, str):
            inner = thing[path[0]] = deepcopy(self.things[inner])
        if isinstance(inner, list):
            for each in inner:
                self._expand(each, path[1:])
        elif inner is not None:
            self._expand(inner, path[1:])

    def moves(self, kind: str, cents: int, source: str, fee: int = 0) -> str:
        """Write a balance transaction and return its id."""
        facts = {"amount": cents, "fee": fee, "net": cents - fee, "currency": "eur", "type": kind, "source": source}
        name: str = self.new("txn", "balance_transaction", **facts)["id"]
        return name

    @property
    def balance(self) -> int:
        """What stands with Stripe."""
        return sum(line["net"] for line in self.of("balance_transaction"))

    # Around it

    def pay(self, session: str) -> None:
        """A payer pays by iDEAL."""
        with self.lock:
            self._start(session)
            self._succeed(session, IDEAL_FEE)
            self._tell("checkout.session.completed", self.things[session])

    def debit(self, session: str, *, fails: bool = False) -> None:
        """A payer agrees to a direct debit."""
        with self.lock:
            intent = self._start(session)
            intent |= {"status": "processing", "fails": fails}
            self.things[intent["latest_charge"]]["status"] = "pending"
            self._tell("checkout.session.completed", self.things[session])

    def end_debit(self, session: str) -> None:
        """The banks are done with a direct debit."""
        with self.lock:
            intent = self.things[self.things[session]["payment_intent"]]
            if intent["fails"]:
                intent["status"] = "requires_payment_method"
                self.things[intent["latest_charge"]]["status"] = "failed"
                self._tell("checkout.session.async_payment_failed", self.things[session])
            else:
                self._succeed(session, DEBIT_FEE)
                self._tell("checkout.session.async_payment_succeeded", self.things[session])

    def refuse(self, session: str) -> None:
        """The page runs out."""
        with self.lock:
            self.things[session] |= {"status": "expired", "url": None}
            self._tell("checkout.session.expired", self.things[session])

    def dispute(self, session: str) -> None:
        """The payer's bank wants the money back."""
        with self.lock:
            charge = self._charge(session)
            cents = charge["amount"] - charge["amount_refunded"]
            facts = {"charge": charge["id"], "payment_intent": charge["payment_intent"], "amount": cents}
            dispute = self.new("dp", "dispute", status="needs_response", metadata={}, balance_transactions=[], **facts)
            line = self.moves("adjustment", -cents, dispute["id"], DISPUTE_FEE)
            dispute["balance_transactions"].append(self.things[line])
            charge["disputed"] = True
            self._tell("charge.dispute.created", dispute)

    def close_dispute(self, session: str, *, won: bool) -> None:
        """A dispute ends."""
        with self.lock:
            dispute = self.of("dispute", charge=self._charge(session)["id"])[0]
            dispute["status"] = "won" if won else "lost"
            if won:
                line = self.moves("adjustment", dispute["amount"], dispute["id"])
                dispute["balance_transactions"].append(self.things[line])
            self._tell("charge.dispute.closed", dispute)

    def fail_afterwards(self, session: str) -> None:
        """A direct debit that had succeeded is taken back."""
        with self.lock:
            charge = self._charge(session)
            left = charge["amount"] - charge["amount_refunded"]
            charge["status"] = "failed"
            charge["failure_balance_transaction"] = self.moves("payment_failure_refund", -left, charge["id"])
            self._tell("charge.failed", charge)

    def make_ready(self, account: str, *, refuses: bool = False) -> None:
        """The owner of an account makes himself known."""
        with self.lock:
            thing = self.things[account]
            thing |= {"payouts_enabled": True, "capabilities": {"transfers": "active"}, "refuses": refuses}
            thing["requirements"] = {"currently_due": []}
            self._tell("account.updated", thing)

    def pay_to_bank(self) -> int:
        """The balance goes to the bank."""
        with self.lock:
            cents = self.balance
            payout = self.new("po", "payout", amount=cents, metadata={})
            self.moves("payout", -cents, payout["id"])
            return cents

    def messages(self) -> Iterator[tuple[bytes, str, Callable[[], None]]]:
        """Yield each event that waits, signed, with what to call when it was answered."""
        for number, (payload, sent) in enumerate(list(self.events)):
            if not sent:
                yield payload, sign_event(payload, int(time.time()), self.secret), partial(self._sent, number)

    def _sent(self, number: int) -> None:
        self.events[number] = (self.events[number][0], True)

    def _start(self, session: str) -> Thing:
        thing = self.things[session]
        if thing["status"] != "open":
            raise Refused(400, "payment_intent_unexpected_state")
        data = thing["payment_intent_data"]
        intent = self.new("pi", "payment_intent", status="processing", amount=thing["amount_total"], **data)
        charge = self.new(
            "py",
            "charge",
            status="pending",
            amount=thing["amount_total"],
            amount_refunded=0,
            balance_transaction=None,
            failure_balance_transaction=None,
            disputed=False,
            payment_intent=intent["id"],
            metadata=data["metadata"],
        )
        intent["latest_charge"] = charge["id"]
        thing |= {"status": "complete", "url": None, "payment_intent": intent["id"]}
        return intent

    def _succeed(self, session: str, fee: int) -> None:
        thing, charge = self.things[session], self._charge(session)
        charge["status"] = "succeeded"
        charge["balance_transaction"] = self.moves("payment", charge["amount"], charge["id"], fee)
        self.things[thing["payment_intent"]]["status"] = "succeeded"
        thing["payment_status"] = "paid"

    def _charge(self, session: str) -> Thing:
        return self.things[self.things[self.things[session]["payment_intent"]]["latest_charge"]]

    def _tell(self, kind: str, thing: Thing) -> None:
        told = {"id": f"evt_{next(self.numbers):06}", "object": "event", "type": kind, "data": {"object": thing}}
        self.events.append((json.dumps(told).encode(), False))
