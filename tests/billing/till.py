"""Money in and out of a billing office in one test: a gateway of its own, and everybody around it."""

from functools import cached_property
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from billing.books.ledger import trial_balance
from billing.books.ledger_accounts import Account
from billing.paying.gateway import PaymentGateway
from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_local_acts import Outside
from billing.paying.payment_follow import follow_payment
from billing.paying.payments import OpenedPayment, look_after_payment, open_payment
from billing.paying.webhooks import handle_message, receive_message
from billing.payment_tables import Payment, PaymentState
from core.database import Door
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import Office

PORTAL = "http://127.0.0.1:8000"


class Till:
    """The gateway of one office, and who pays it."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.gateway = LocalGateway(PORTAL, folder / "payments.sqlite", "a-key-for-tests")
        self.outside = Outside(self.gateway)

    @cached_property
    def secretary(self) -> Actor:
        """A second person of the secretariat."""
        return self.office.world.actor(Role.SECRETARY)

    def opened(self, buyer: Actor, invoice_id: UUID, gateway: PaymentGateway | None = None) -> OpenedPayment:
        """Let a buyer open a payment."""
        with self.office.open(buyer) as session:
            return open_payment(session, buyer, invoice_id, gateway or self.gateway, self.office.world.database)

    def reference(self, payment_id: UUID) -> str:
        """Return the name of a payment at the provider."""
        return self.row(payment_id).gateway_reference

    def row(self, payment_id: UUID) -> Payment:
        """Return a payment as it is kept."""
        with Session(self.office.world.database.owner) as session:
            return session.exec(select(Payment).where(Payment.id == payment_id)).one()

    def look(self, buyer: Actor, payment_id: UUID) -> PaymentState:
        """Let a buyer come back from the page of the provider."""
        with self.office.open(buyer) as session:
            return look_after_payment(session, buyer, payment_id, self.gateway, self.office.world.database).state

    def follow(self, payment_id: UUID) -> PaymentState:
        """Let the worker follow a payment."""
        with self.office.open(self.office.system) as session:
            return follow_payment(session, self.office.system, payment_id, self.gateway)

    def paid(self, buyer: Actor, invoice_id: UUID) -> UUID:
        """Let a buyer pay an invoice by iDEAL, and come back."""
        payment = self.opened(buyer, invoice_id)
        self.outside.pay(self.reference(payment.id))
        assert self.look(buyer, payment.id) is PaymentState.PAID
        return payment.id

    def receive(self, payload: bytes, signature: str) -> bool:
        """Let a message come in at the door, signed; nobody is signed in."""
        event = self.gateway.event(payload, signature)
        with self.office.world.database.transaction(Door.SYSTEM_OPEN) as session:
            return receive_message(session, event)

    def stored(self) -> list[UUID]:
        """Return the messages of this office, in the order in which they came."""
        with Session(self.office.world.database.owner) as session:
            found = text("SELECT id FROM billing.gateway_message WHERE tenant_id = :tenant ORDER BY received_at")
            return list(session.execute(found, {"tenant": self.office.world.tenant_id}).scalars())

    def handle(self, message_id: UUID, gateway: PaymentGateway | None = None) -> None:
        """Let the worker handle a message."""
        with self.office.open(self.office.system) as session:
            handle_message(session, self.office.system, message_id, gateway or self.gateway)

    def post(self) -> None:
        """Bring what the provider has to say, and let the worker handle it."""
        for payload, signature, answered in self.outside.messages():
            self.receive(payload, signature)
            answered()
        for message_id in self.stored():
            self.handle(message_id)

    def balances(self) -> dict[Account, int]:
        """Return what stands on the accounts that are not at zero; all of them together are zero."""
        with self.office.care(self.office.secretary) as session:
            found = trial_balance(session, self.office.secretary)
        assert sum(each.cents for each in found) == 0
        return {each.account: each.cents for each in found if each.cents}

    def balance(self, account: Account) -> int:
        """Return what stands on one account."""
        return self.balances().get(account, 0)
