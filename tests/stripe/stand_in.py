"""The stand-in for Stripe as a server on this machine: keys, form-encoded nested fields, idempotency, errors, pages."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from fastapi import FastAPI, Request, Response

from tests.stripe.objects import Objects, Refused, Thing

KEY, WEBHOOK_SECRET = "sk_test_stand_in", "whsec_stand_in"
PART = re.compile(r"[^\[\]]+")
Act = Callable[["StandIn", Thing, str], Thing]


class StandIn:
    """One server with one account; `calls` is what it was asked, and `trouble` what it does instead of answering."""

    def __init__(self) -> None:
        self.objects = Objects(WEBHOOK_SECRET)
        self.calls: list[tuple[str, str, Thing, Mapping[str, str]]] = []
        self.trouble: list[Callable[[], Response | None]] = []
        self.answered: dict[str, tuple[str, Thing, Thing]] = {}
        self.url = ""
        self.page = 100  # how many a list holds at most

    def answer(self, method: str, path: str, fields: Thing, headers: Mapping[str, str]) -> Response:
        """Answer as Stripe does: who asks, whether it was asked before, and then the act itself."""
        self.calls.append((method, path, fields, headers))
        if headers.get("authorization") != f"Bearer {KEY}":
            return problem(Refused(401, "invalid_api_key"))
        with self.objects.lock:
            try:
                found = self._once(method, path, fields, headers.get("idempotency-key"))
            except Refused as refused:
                return problem(refused)
        while self.trouble:  # it was done, and the answer gets lost
            instead = self.trouble.pop(0)()
            if instead is not None:
                return instead
        return Response(json.dumps(found), media_type="application/json")

    def _once(self, method: str, path: str, fields: Thing, key: str | None) -> Thing:
        if method == "GET" or key is None:
            return self._act(method, path, fields)
        if key in self.answered:
            asked, with_fields, found = self.answered[key]
            if (asked, with_fields) != (path, fields):
                raise Refused(400, "idempotency_error", "idempotency_error")
            return found
        found = self._act(method, path, fields)
        self.answered[key] = (path, fields, found)
        return found

    def _act(self, method: str, path: str, fields: Thing) -> Thing:
        for asked, pattern, act in ROUTES:
            matched = re.fullmatch(pattern, path)
            if asked == method and matched:
                thing = act(self, fields, matched[1] if matched.groups() else "")
                return self.objects.expanded(thing, fields.get("expand", []))
        raise Refused(404, "url_invalid")


def create_session(server: StandIn, fields: Thing, _name: str) -> Thing:
    (line,) = fields["line_items"]
    price = line["price_data"]
    if fields["mode"] != "payment" or price["currency"] != "eur" or int(price["unit_amount"]) <= 0:
        raise Refused(400, "parameter_invalid_integer")
    session = server.objects.new(
        "cs",
        "checkout.session",
        status="open",
        payment_status="unpaid",
        payment_intent=None,
        amount_total=int(price["unit_amount"]) * int(line["quantity"]),
        payment_intent_data=fields["payment_intent_data"],
        metadata=fields["metadata"],
        client_reference_id=fields["client_reference_id"],
    )
    session["url"] = f"{server.url}/pay/{session['id']}"
    return session


def expire_session(server: StandIn, _fields: Thing, name: str) -> Thing:
    session = server.objects.get(name, "checkout.session")
    if session["status"] != "open":
        raise Refused(400, "checkout_session_not_open")
    session |= {"status": "expired", "url": None}
    return session


def create_refund(server: StandIn, fields: Thing, _name: str) -> Thing:
    objects, cents = server.objects, int(fields["amount"])
    intent = objects.get(fields["payment_intent"], "payment_intent")
    charge = objects.things[intent["latest_charge"]]
    withdrawn = charge["disputed"] and objects.of("dispute", charge=charge["id"])[0]["status"] != "won"
    if withdrawn or charge["status"] != "succeeded" or cents > charge["amount"] - charge["amount_refunded"]:
        raise Refused(400, "charge_already_refunded")
    facts = {"payment_intent": intent["id"], "charge": charge["id"], "metadata": fields["metadata"]}
    refund = objects.new("re", "refund", amount=cents, status="succeeded", **facts)
    refund["balance_transaction"] = objects.moves("payment_refund", -cents, refund["id"])
    charge["amount_refunded"] += cents
    return refund


def create_account(server: StandIn, fields: Thing, _name: str) -> Thing:
    if fields["capabilities"]["transfers"]["requested"] != "true":
        raise Refused(400, "parameter_missing")
    return server.objects.new(
        "acct",
        "account",
        type=fields["type"],
        metadata=fields["metadata"],
        payouts_enabled=False,
        capabilities={"transfers": "inactive"},
        requirements={"currently_due": ["external_account"]},
        refuses=False,
    )


def create_link(server: StandIn, fields: Thing, _name: str) -> Thing:
    server.objects.get(fields["account"], "account")
    return {"object": "account_link", "url": f"{server.url}/onboard/{fields['account']}?back={fields['return_url']}"}


def create_transfer(server: StandIn, fields: Thing, _name: str) -> Thing:
    objects, cents = server.objects, int(fields["amount"])
    account = objects.get(fields["destination"], "account")
    if account["capabilities"]["transfers"] != "active" or account["refuses"]:
        raise Refused(400, "insufficient_capabilities_for_transfer")
    if cents > objects.balance:
        raise Refused(400, "balance_insufficient")
    facts = {key: fields[key] for key in ("destination", "transfer_group", "metadata")}
    transfer = objects.new("tr", "transfer", amount=cents, reversed=False, **facts)
    transfer["balance_transaction"] = objects.moves("transfer", -cents, transfer["id"])
    return transfer


def reverse(server: StandIn, fields: Thing, name: str) -> Thing:
    objects = server.objects
    transfer = objects.get(name, "transfer")
    if transfer["reversed"]:
        raise Refused(400, "transfer_already_reversed")
    transfer["reversed"] = True
    facts = {"amount": transfer["amount"], "metadata": fields["metadata"]}
    reversal = objects.new("trr", "transfer_reversal", transfer=name, **facts)
    reversal["balance_transaction"] = objects.moves("transfer_refund", transfer["amount"], reversal["id"])
    return reversal


def getting(kind: str) -> Act:
    return lambda server, _fields, name: server.objects.get(name, kind)


def listing(kind: str, url: str, *filters: str) -> Act:
    def found(server: StandIn, fields: Thing, _name: str) -> Thing:
        things = server.objects.of(kind, **{key: fields[key] for key in filters if key in fields})
        since = int(fields.get("created", {}).get("gte", 0))
        things = [each for each in things if each["created"] >= since]
        if "starting_after" in fields:
            names = [each["id"] for each in things]
            things = things[names.index(fields["starting_after"]) + 1 :]
        limit = min(int(fields.get("limit", 10)), 100, server.page)
        return {"object": "list", "data": things[:limit], "has_more": len(things) > limit, "url": url}

    return found


ROUTES: list[tuple[str, str, Act]] = [
    ("POST", "checkout/sessions", create_session),
    ("GET", "checkout/sessions/([^/]+)", getting("checkout.session")),
    ("POST", "checkout/sessions/([^/]+)/expire", expire_session),
    ("POST", "refunds", create_refund),
    ("GET", "refunds", listing("refund", "/v1/refunds", "payment_intent")),
    ("GET", "disputes", listing("dispute", "/v1/disputes", "charge")),
    ("POST", "accounts", create_account),
    ("GET", "accounts/([^/]+)", getting("account")),
    ("POST", "account_links", create_link),
    ("POST", "transfers", create_transfer),
    ("GET", "transfers", listing("transfer", "/v1/transfers", "transfer_group")),
    ("GET", "transfers/([^/]+)", getting("transfer")),
    ("POST", "transfers/([^/]+)/reversals", reverse),
    ("GET", "balance_transactions", listing("balance_transaction", "/v1/balance_transactions")),
]


def problem(refused: Refused) -> Response:
    """Return an error as Stripe words it."""
    told = {"error": {"type": refused.kind, "code": refused.code, "message": "No."}}
    return Response(json.dumps(told), refused.status, media_type="application/json")


def nested(pairs: list[tuple[str, str]]) -> Thing:
    """Return fields like `a[b][0][c]=1` as dictionaries and lists."""
    found: Thing = {}
    for name, value in pairs:
        parts = PART.findall(name)
        place: Any = found
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1]] = value
    made = listed(found)
    return made if isinstance(made, dict) else {}


def listed(found: Any) -> Any:
    """Turn dictionaries whose keys count from zero into lists."""
    if not isinstance(found, dict):
        return found
    inner = {key: listed(value) for key, value in found.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


@contextmanager
def served(server: StandIn) -> Iterator[StandIn]:
    """Serve on a free port of this machine until the block ends."""
    app = FastAPI()

    @app.api_route("/v1/{path:path}", methods=["GET", "POST"])
    async def answer(request: Request, path: str) -> Response:
        pairs = parse_qsl((await request.body()).decode() or request.url.query, keep_blank_values=True)
        return server.answer(request.method, path, nested(pairs), request.headers)

    listener = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = Thread(target=running.run, args=([listener],), daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield server
    finally:
        running.should_exit = True
        thread.join(timeout=10)
        listener.close()
