"""Stripe as the payment provider: Checkout for payers, Connect with separate charges and transfers for providers.

Every write carries an idempotency key made from our own id, every call has a timeout and is tried again a bounded
number of times, and nothing that we send says more than the number of an invoice or an id made at random.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import requests
import stripe

from billing.paying.gateway import (
    AccountFacts,
    BalanceLine,
    GatewayEvent,
    GatewayRefused,
    GatewayUnavailable,
    HostedPayment,
    LineKind,
    PaymentFacts,
    PaymentOrder,
    Progress,
    RefundOrder,
    Takings,
    TransferOrder,
    with_id,
)
from billing.paying.gateway_events import read_event
from core.language import _

CONNECT_SECONDS, ANSWER_SECONDS, RETRIES = 5.0, 15.0, 2
PAGES = ("https://checkout.stripe.com", "https://connect.stripe.com")
CURRENCY = "eur"
METHODS = ["ideal", "sepa_debit"]
OPEN_DISPUTE = ("needs_response", "under_review", "appeal_needs_response", "appeal_under_review")
UNKNOWN_OUTCOME = (stripe.APIConnectionError, stripe.RateLimitError, stripe.AuthenticationError)
FACTS = ["payment_intent.latest_charge.balance_transaction", "payment_intent.latest_charge.failure_balance_transaction"]
KINDS: Mapping[str, LineKind] = {
    **dict.fromkeys(("charge", "payment", "payment_failure_refund", "payment_reversal"), LineKind.PAYMENT),
    **dict.fromkeys(("refund", "payment_refund", "refund_failure"), LineKind.REFUND),
    **dict.fromkeys(("transfer", "transfer_refund", "transfer_cancel", "transfer_failure"), LineKind.TRANSFER),
    **dict.fromkeys(("payout", "payout_cancel", "payout_failure"), LineKind.TO_BANK),
    "adjustment": LineKind.DISPUTE,
}


class StripeGateway:
    """The account of the platform at Stripe; one instance may serve many threads."""

    def __init__(self, key: str, webhook_secret: str, base_url: str, api_url: str | None = None) -> None:
        """Take both secrets, the address of the portal to come back to, and where the API stands if not at Stripe."""
        self.base_url, self._secret = base_url, webhook_secret
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": api_url} if api_url else None,
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS), session=_straight()),
        ).v1

    def create_payment(self, order: PaymentOrder) -> HostedPayment:
        """Open a Checkout session of one line, the number of the invoice, for iDEAL and SEPA direct debit."""
        ours = {"payment": str(order.payment_id)}
        back = f"{self.base_url}/betalen/{order.payment_id}/terug"
        price = {"currency": CURRENCY, "unit_amount": order.cents, "product_data": {"name": order.invoice_number}}
        asked: Any = {
            "mode": "payment",
            "payment_method_types": METHODS,
            "line_items": [{"quantity": 1, "price_data": price}],
            "client_reference_id": str(order.payment_id),
            "metadata": ours,
            "payment_intent_data": {"metadata": ours, "description": order.invoice_number},
            "success_url": back,
            "cancel_url": back,
            "locale": "nl",
        }
        with told():
            made = self._api.checkout.sessions.create(asked, once("payment", order.payment_id))
        return HostedPayment(made.id, made.url or back)

    def payment(self, reference: str) -> PaymentFacts:
        """Return how a Checkout session, its charge and the disputes of it stand now."""
        with told():
            session = self._api.checkout.sessions.retrieve(reference, {"expand": FACTS})
            intent = cast("stripe.PaymentIntent | None", session.payment_intent)
            charge = cast("stripe.Charge | None", intent.latest_charge) if intent else None
            disputes = self._disputes(charge) if charge is not None and charge.disputed else []
        name = intent.id if intent else None
        return PaymentFacts(reference, _progress(session, intent), _takings(charge, disputes), name, session.url)

    def close_payment(self, reference: str) -> None:
        """Let a Checkout session expire; one that is complete or expired already stays as it is."""
        with told():
            try:
                self._api.checkout.sessions.expire(reference, None, once("close", reference))
            except stripe.InvalidRequestError as fault:
                if fault.code == "resource_missing":
                    raise

    def refund(self, order: RefundOrder) -> str:
        """Refund a part of the payment; one made before, however long ago, is found again by our id."""
        with told():
            intent = self._api.checkout.sessions.retrieve(order.payment_reference).payment_intent
            name = intent if isinstance(intent, str) else getattr(intent, "id", "")
            for made in self._api.refunds.list({"payment_intent": name, "limit": 100}).auto_paging_iter():
                if _plain(made.metadata).get("refund") == str(order.refund_id):
                    return made.id
            asked: Any = {"payment_intent": name, "amount": order.cents, "metadata": {"refund": str(order.refund_id)}}
            return self._api.refunds.create(asked, once("refund", order.refund_id)).id

    def create_account(self, organisation_id: UUID) -> str:
        """Make a connected account that can receive transfers; who owns it, its owner tells Stripe himself."""
        asked: Any = {
            "type": "express",
            "country": "NL",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"account": str(organisation_id)},
        }
        with told():
            return self._api.accounts.create(asked, once("account", organisation_id)).id

    def onboarding_url(self, account: str, back_to: str) -> str:
        """Return an account link; it is good once and for some minutes, so it is made anew each time."""
        asked: Any = {"account": account, "type": "account_onboarding", "return_url": back_to, "refresh_url": back_to}
        with told():
            return self._api.account_links.create(asked).url

    def account(self, reference: str) -> AccountFacts:
        """Return whether transfers to the account are active, and what Stripe still asks of its owner."""
        with told():
            found = self._api.accounts.retrieve(reference)
        able = found.capabilities is not None and getattr(found.capabilities, "transfers", None) == "active"
        needs = (found.requirements.currently_due or []) if found.requirements else []
        return AccountFacts(found.id, able and bool(found.payouts_enabled), tuple(needs))

    def transfer(self, order: TransferOrder) -> str:
        """Transfer to a connected account; one made before, however long ago, is found again by its group."""
        group = f"{order.payout_id}-{order.attempt}"
        asked: Any = {
            "amount": order.cents,
            "currency": CURRENCY,
            "destination": order.account,
            "transfer_group": group,
            "metadata": {"payout": str(order.payout_id)},
        }
        with told():
            for made in self._api.transfers.list({"transfer_group": group, "limit": 1}).data:
                return made.id
            return self._api.transfers.create(asked, once("transfer", group)).id

    def reverse_transfer(self, reference: str, payout_id: UUID) -> None:
        """Take a transfer back as a whole."""
        asked: Any = {"metadata": {"payout": str(payout_id)}}
        with told():
            if not self._api.transfers.retrieve(reference).reversed:
                self._api.transfers.reversals.create(reference, asked, once("reversal", payout_id))

    def balance_lines(self, since: datetime) -> Iterator[BalanceLine]:
        """Yield the balance transactions since a moment, with the names of what each belongs to."""
        asked: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100, "expand": ["data.source"]}
        with told():
            for found in self._api.balance_transactions.list(asked).auto_paging_iter():
                yield BalanceLine(
                    found.id,
                    KINDS.get(str(found.type), LineKind.OTHER),
                    found.amount,
                    found.fee,
                    datetime.fromtimestamp(found.created, UTC),
                    _names(found.source),
                )

    def event(self, payload: bytes, signature: str) -> GatewayEvent:
        """Return the message that Stripe signed."""
        return read_event(payload, signature, self._secret)

    def _disputes(self, charge: stripe.Charge) -> list[stripe.Dispute]:
        return list(self._api.disputes.list({"charge": charge.id, "limit": 100}).auto_paging_iter())


@contextmanager
def told() -> Iterator[None]:
    """Say in the words of the house what went wrong; what the provider wrote about it stays out of logs and pages."""
    try:
        yield
    except stripe.StripeError as fault:
        if isinstance(fault, UNKNOWN_OUTCOME) or fault.http_status is None or fault.http_status >= 500:
            raise GatewayUnavailable(_("De betaaldienst antwoordt niet. Probeer het later opnieuw.")) from fault
        raise GatewayRefused(fault.code or type(fault).__name__) from fault


def _straight() -> requests.Session:
    """Return a session that goes where it was sent: an answer that points elsewhere is a fault (ASVS 15.3.2)."""
    session = requests.Session()
    session.max_redirects = 0
    return session


def once(what: str, name: UUID | str) -> Any:
    """Return the options of a write: the same name again is the same act at the provider."""
    return {"idempotency_key": f"{what}-{name}"}


def _progress(session: stripe.checkout.Session, intent: stripe.PaymentIntent | None) -> Progress:
    state = intent.status if intent else ""
    if session.payment_status == "paid" or state == "succeeded":
        return Progress.PAID
    if session.status == "complete" and state == "processing":
        return Progress.PROCESSING
    return Progress.OPEN if session.status == "open" else Progress.FAILED


def _takings(charge: stripe.Charge | None, disputes: list[stripe.Dispute]) -> Takings:
    """Add up what moved the balance: the charge, its failure afterwards, refunds, and what disputes withdrew."""
    moved = cast("stripe.BalanceTransaction | None", charge.balance_transaction) if charge else None
    if charge is None or moved is None or charge.status == "pending":
        return Takings()
    failed = cast("stripe.BalanceTransaction | None", charge.failure_balance_transaction)
    if charge.status == "failed" and failed is None:
        return Takings()
    withdrawn = {dispute.id: -sum(line.amount for line in dispute.balance_transactions) for dispute in disputes}
    fees = sum(line.fee for dispute in disputes for line in dispute.balance_transactions)
    return Takings(
        received=moved.amount,
        fees=moved.fee + fees + (failed.fee if failed else 0),
        refunded=charge.amount_refunded,
        held=sum(withdrawn[dispute.id] for dispute in disputes if dispute.status in OPEN_DISPUTE),
        lost=sum(withdrawn[dispute.id] for dispute in disputes if dispute.status not in OPEN_DISPUTE)
        + (-failed.amount if failed else 0),
    )


def _names(source: Any) -> tuple[str, ...]:
    """Return the ids, ours and theirs, by which a change of the balance is known again."""
    if source is None or isinstance(source, str):
        return (source,) if source else ()
    known = _plain(source)
    names = [known.get(key) for key in ("id", "payment_intent", "charge", "transfer")]
    return tuple(name for name in (*names, *with_id(known.get("metadata"))) if isinstance(name, str))


def _plain(found: Any) -> dict[str, Any]:
    plain: dict[str, Any] = found.to_dict() if isinstance(found, stripe.StripeObject) else {}
    return plain
