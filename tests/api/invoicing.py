"""What a provider sends over JSON, and what becomes of it."""

from typing import Any

from fastapi.testclient import TestClient

from core.clock import today
from tests.billing.office import DESCRIPTION, PRICE, Referred

XML = {"Content-Type": "application/xml"}


def body(referred: Referred, **changes: Any) -> dict[str, Any]:
    line = {
        "description": DESCRIPTION,
        "date": today().isoformat(),
        "quantity": 2,
        "unit_price_cents": PRICE,
        "vat_rate": 21,
    }
    facts = {
        "referral_number": referred.number,
        "invoice_number": "F-1",
        "invoice_date": today().isoformat(),
        "lines": [line | changes.pop("line", {})],
    }
    return facts | changes


def approved(caller: TestClient, invoice_id: str) -> None:
    assert caller.post(f"/provider-invoices/{invoice_id}/approve").status_code == 200
