"""Messages of a payment provider: who sent them is proved before anything is read of them."""

import hmac
import json
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from billing.paying.gateway import LARGEST_EVENT, LONGEST_REFERENCE, EventRefused, GatewayEvent, with_id

OLDEST_SECONDS = 300
NAMES = ("id", "payment_intent", "charge", "client_reference_id", "destination", "transfer")


def read_event(payload: bytes, signature: str, secret: str) -> GatewayEvent:
    """Return what a message says happened; raises EventRefused when it is forged, old, too large or no message."""
    if len(payload) > LARGEST_EVENT:
        raise EventRefused("large")
    try:
        WebhookSignature.verify_header(payload.decode(), signature, secret, OLDEST_SECONDS)
        told = json.loads(payload)
    except (SignatureVerificationError, ValueError, RecursionError) as fault:
        raise EventRefused("forged") from fault
    try:
        thing = told["data"]["object"]
        names = [*(thing.get(name) for name in NAMES), told.get("account"), *with_id(_words(thing.get("metadata")))]
        event = GatewayEvent(told["id"], told["type"], tuple(dict.fromkeys(name for name in names if _is_name(name))))
    except (TypeError, KeyError, AttributeError) as fault:
        raise EventRefused("malformed") from fault
    if not _is_name(event.reference) or not _is_name(event.kind):
        raise EventRefused("malformed")
    return event


def sign_event(payload: bytes, at: int, secret: str) -> str:
    """Return the signature with which the local provider sends a message, in the form that `read_event` expects."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, "sha256").hexdigest()
    return f"t={at},v1={digest}"


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_REFERENCE and "\x00" not in value


def _words(metadata: Any) -> dict[str, str]:
    return metadata if isinstance(metadata, dict) else {}
