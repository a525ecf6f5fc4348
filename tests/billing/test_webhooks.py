"""Messages of the payment provider: proved, stored once, answered at once, handled by the worker, in any order."""

import json
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, select

from application import build
from billing.books.ledger_accounts import Account
from billing.paying.gateway import LARGEST_EVENT, GatewayUnavailable, PaymentFacts
from billing.paying.gateway_events import sign_event
from billing.paying.gateway_local import LocalGateway
from billing.paying.gateways import local_gateway_of
from billing.paying.webhooks import list_failed_messages, note_failure, place_messages, retry_message
from billing.payment_tables import EventState, GatewayMessage, PaymentState
from core.database import Database, Door
from core.errors import Conflict, NotFound
from identity.actor import Actor
from tests.billing.office import OPEN, Office
from tests.billing.till import PORTAL, Till

RECEIVE = "app.receive_gateway_message(gen_random_uuid(), :name, 'charge.failed', '{}', true)"
ADDRESS = "/api/v1/webhooks/payments"


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Till:
    return Till(office, tmp_path)


@pytest.fixture
def invoice_id(office: Office, employer: Actor) -> UUID:
    office.supplied(employer, intervention=OPEN)
    return office.run().invoices[0]


class Entrance:
    """The door as the provider finds it, with a secret that the provider knows."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.secret = local_gateway_of(database.settings).secret
        self.client = TestClient(build(database.settings, database), raise_server_exceptions=False)

    def tell(self, payload: bytes, *, at: int | None = None, secret: str | None = None) -> int:
        """Send a message; returns the status of the answer."""
        signature = sign_event(payload, at or int(time.time()), secret or self.secret)
        return self.client.post(ADDRESS, content=payload, headers={"Stripe-Signature": signature}).status_code

    def kept(self, reference: str) -> GatewayMessage | None:
        """Return a message as it is kept."""
        with Session(self.database.owner) as session:
            return session.exec(select(GatewayMessage).where(GatewayMessage.reference == reference)).first()


@pytest.fixture
def door(database: Database) -> Entrance:
    return Entrance(database)


def message(reference: str, kind: str = "checkout.session.completed", **thing: object) -> bytes:
    return json.dumps({"id": reference, "object": "event", "type": kind, "data": {"object": thing}}).encode()


class TestDoor:
    def test_a_signed_message_is_kept_once(self, door: Entrance, till: Till, employer: Actor, invoice_id: UUID) -> None:
        payment = till.opened(employer, invoice_id)
        reference = f"event-{uuid4().hex}"
        payload = message(reference, id=till.reference(payment.id))
        assert [door.tell(payload) for _turn in range(3)] == [204] * 3
        kept = door.kept(reference)
        assert kept is not None
        assert (kept.tenant_id, kept.state) == (till.office.world.tenant_id, EventState.RECEIVED)
        jobs = text("SELECT count(*) FROM jobs.procrastinate_jobs WHERE args->>'message_id' = :id")
        with Session(door.database.owner) as session:
            assert session.execute(jobs, {"id": str(kept.id)}).scalar_one() == 1

    def test_a_forged_or_old_one_is_not(self, door: Entrance) -> None:
        reference = f"event-{uuid4().hex}"
        payload = message(reference, id="x")
        assert door.tell(payload, secret="another") == 400
        assert door.tell(payload, at=int(time.time()) - 400) == 400
        for headers in ({}, {"Stripe-Signature": ""}, {"Stripe-Signature": "t=now,v1=0"}, {"Stripe-Signature": "v1"}):
            assert door.client.post(ADDRESS, content=payload, headers=headers).status_code == 400
        assert door.client.post(ADDRESS, content=payload, headers={"Stripe-Signature": "x" * 3000}).status_code == 422
        assert door.kept(reference) is None

    @pytest.mark.parametrize(
        "payload",
        [
            b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 60_000, b'{"id": 1}', b'{"id": "a", "type": "b"}',
            b'{"id": "a", "type": "b", "data": {"object": []}}', b'{"id": "", "type": "b", "data": {"object": {}}}',
            b'{"id": "a\\u0000", "type": "b", "data": {"object": {}}}',
            b'{"id": "' + b"a" * 200 + b'", "type": "b", "data": {"object": {}}}',
        ],
    )  # fmt: skip
    def test_what_is_no_message_is_refused_also_when_signed(self, door: Entrance, payload: bytes) -> None:
        assert door.tell(payload) == 400

    def test_an_oversized_one_is_not_read(self, door: Entrance) -> None:
        assert door.tell(message("big", id="x" * LARGEST_EVENT)) == 413

    def test_an_unknown_kind_is_kept_and_left(
        self, door: Entrance, till: Till, employer: Actor, invoice_id: UUID
    ) -> None:
        payment = till.opened(employer, invoice_id)
        reference = f"event-{uuid4().hex}"
        assert door.tell(message(reference, "radar.early_warning", id=till.reference(payment.id))) == 204
        kept = door.kept(reference)
        assert kept is not None
        assert (kept.state, kept.tenant_id) == (EventState.IGNORED, None)

    def test_nothing_of_what_it_said_is_kept(self, door: Entrance) -> None:
        reference = f"event-{uuid4().hex}"
        door.tell(message(reference, id="cs_1", customer_details={"name": "kanarie"}, metadata={"note": "kanarie"}))
        kept = door.kept(reference)
        assert kept is not None
        assert "kanarie" not in str(kept.model_dump())


class TestHandling:
    def test_a_message_settles_the_payment(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        payment = till.opened(employer, invoice_id)
        till.outside.pay(till.reference(payment.id))
        assert till.row(payment.id).state is PaymentState.OPEN
        till.post()
        assert till.row(payment.id).state is PaymentState.PAID
        before = till.balances()
        for message_id in till.stored() * 2:
            till.handle(message_id)
        assert till.balances() == before

    def test_late_messages_in_the_wrong_order_tell_how_it_stands_now(
        self, till: Till, employer: Actor, invoice_id: UUID
    ) -> None:
        payment = till.opened(employer, invoice_id)
        reference = till.reference(payment.id)
        till.outside.debit(reference)
        till.outside.end_debit(reference)
        till.outside.dispute(reference)
        till.outside.close_dispute(reference, won=False)
        for payload, signature, _answered in reversed(list(till.outside.messages())):
            till.receive(payload, signature)
        states = []
        for message_id in till.stored():
            till.handle(message_id)
            states.append(till.row(payment.id).state)
        assert states == [PaymentState.REVERSED] * 4
        assert till.balance(Account.RECEIVABLE_EMPLOYER) == 121_00
        assert till.opened(employer, invoice_id).is_new

    def test_one_that_comes_before_what_it_is_about_waits(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        payment = till.opened(employer, invoice_id)
        reference = till.reference(payment.id)
        till.outside.pay(reference)
        early = f"event-{uuid4().hex}"
        payload = message(early, "charge.dispute.created", id="dp_1", payment_intent=f"intent-{reference}")
        till.receive(payload, sign_event(payload, int(time.time()), till.gateway.secret))
        assert till.stored() == []
        till.outside.dispute(reference)
        assert till.look(employer, payment.id) is PaymentState.PAID  # now the second name of the payment is known
        with till.office.world.database.transaction(Door.SYSTEM_OPEN) as session:
            assert place_messages(session) >= 1
        (message_id,) = till.stored()
        till.handle(message_id)
        assert till.balance(Account.DISPUTED) == 121_00

    def test_what_fails_stays_until_it_works(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        payment = till.opened(employer, invoice_id)
        till.outside.pay(till.reference(payment.id))
        ((payload, signature, _answered),) = till.outside.messages()
        till.receive(payload, signature)
        (message_id,) = till.stored()
        with pytest.raises(GatewayUnavailable):
            till.handle(message_id, Away(PORTAL, till.gateway.store.file, "k"))
        with till.office.open(till.office.system) as session:
            note_failure(session, message_id, "GatewayUnavailable")
        secretary = till.office.secretary
        with till.office.care(secretary) as session:
            (failed,) = list_failed_messages(session, secretary).items
            assert (failed.id, failed.attempts, failed.fault) == (message_id, 1, "GatewayUnavailable")
            retry_message(session, secretary, message_id)
        till.handle(message_id)
        assert till.row(payment.id).state is PaymentState.PAID
        with till.office.care(secretary) as session:
            assert list_failed_messages(session, secretary).total == 0
            with pytest.raises(Conflict):
                retry_message(session, secretary, message_id)
            with pytest.raises(NotFound):
                retry_message(session, secretary, uuid4())

    def test_a_worker_that_dies_in_the_middle_leaves_nothing_half(
        self, till: Till, employer: Actor, invoice_id: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Died after the booking and before the mark: the transaction takes both back, and the next try does both."""
        payment = till.opened(employer, invoice_id)
        till.outside.pay(till.reference(payment.id))
        ((payload, signature, _answered),) = till.outside.messages()
        till.receive(payload, signature)
        (message_id,) = till.stored()
        monkeypatch.setattr("billing.paying.webhooks.follow_accounts", died)
        with pytest.raises(KeyboardInterrupt):
            till.handle(message_id)
        assert till.balance(Account.PAYMENTS_IN_TRANSIT) == 0
        monkeypatch.undo()
        till.handle(message_id)
        assert till.balance(Account.RECEIVABLE_EMPLOYER) == 0


class TestWall:
    def test_nobody_else_sees_or_writes_messages(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        payment = till.opened(employer, invoice_id)
        till.outside.pay(till.reference(payment.id))
        ((payload, signature, _answered),) = till.outside.messages()
        till.receive(payload, signature)
        other = till.office.employer("Andere firma")
        for buyer in (employer, other):
            with till.office.open(buyer) as session:
                assert session.execute(text("SELECT count(*) FROM billing.gateway_message")).scalar_one() == 0
        for who in (employer, till.office.system):
            with pytest.raises(ProgrammingError, match="permission denied"), till.office.open(who) as session:
                session.execute(text(f"SELECT tenant FROM {RECEIVE}"), {"name": "a"})

    def test_the_function_looks_at_names_only(self, till: Till, employer: Actor, invoice_id: UUID) -> None:
        till.opened(employer, invoice_id)
        with till.office.world.database.transaction(Door.SYSTEM_OPEN) as session:
            found = text(f"SELECT tenant FROM {RECEIVE}")
            assert session.execute(found, {"name": uuid4().hex}).scalar_one() is None
        for door, asked in ((Door.SYSTEM_OPEN, "SELECT * FROM billing.payment"), (Door.OPEN, str(found))):
            refused = pytest.raises(ProgrammingError, match="permission denied")
            with refused, till.office.world.database.transaction(door) as session:
                session.execute(text(asked), {"name": "a"})


class Away(LocalGateway):
    """A provider that does not answer."""

    def payment(self, reference: str) -> PaymentFacts:
        raise GatewayUnavailable(reference)


def died(*_given: object) -> None:
    raise KeyboardInterrupt
