"""What tests of a provider's pages do again and again: press buttons, follow redirects, send invoices."""

from decimal import Decimal
from uuid import UUID

from httpx2 import Response

from core.clock import today
from medical.invoices.input import LineInput, ProviderInvoiceInput
from medical.invoices.judge import DisputeReason, dispute_provider_invoice
from medical.invoices.read import InvoiceView, get_provider_invoice, list_provider_invoices
from medical.invoices.submit import submit_provider_invoice
from tests.medical.stage import Stage
from tests.portal.open_pages import words_of
from tests.portal.reading import find
from tests.portal.visitors import Visitor

REFERRALS, INVOICES, OFFERINGS = "/provider/verwijzingen", "/provider/facturen", "/provider/aanbod"
PRICE = 105_00


def path_of(referral_id: UUID, act: str = "") -> str:
    """Return the address of a referral, or of an act on it."""
    return f"{REFERRALS}/{referral_id}{f'/{act}' if act else ''}"


def hidden(page: str) -> dict[str, str]:
    """Return what the form on a check page carries along."""
    return {str(each.get("name")): str(each.get("value")) for each in find(page, '//main//input[@type="hidden"]')}


def on(visitor: Visitor, path: str, page: Response, button: str) -> Response:
    """Press a button on a check page."""
    return visitor.send(path, **(hidden(page.text) | {"act": button}))


def told(visitor: Visitor, answer: Response) -> str:
    """Follow a redirect and return the page, with the sentence that the act left behind."""
    assert answer.status_code == 303, words_of(answer.text)
    page = visitor.get(answer.headers["location"])
    assert page.status_code == 200
    return words_of(page.text)


def invoice_for(stage: Stage, referral_id: UUID, number: str = "F-1", cents: int = PRICE) -> UUID:
    """Send an invoice of one unit for a referral and return its id."""
    line = LineInput(description="Gesprek", date=today(), quantity=Decimal(1), unit_price_cents=cents, vat_rate=0)
    invoice = ProviderInvoiceInput(
        referral_number=stage.row(referral_id).number, invoice_number=number, invoice_date=today(), lines=(line,)
    )
    with stage.acting(stage.provider) as session:
        return submit_provider_invoice(session, stage.provider, invoice.submitted()).id


def dispute(stage: Stage, invoice_id: UUID, reason: DisputeReason = DisputeReason.PRICE) -> None:
    """Let the secretariat send an invoice back."""
    with stage.acting(stage.secretary) as session:
        dispute_provider_invoice(session, stage.secretary, invoice_id, reason)


def invoices_of(stage: Stage) -> list[InvoiceView]:
    """Return every invoice of the provider."""
    with stage.acting(stage.provider) as session:
        headers = list_provider_invoices(session, stage.provider).items
        return [get_provider_invoice(session, stage.provider, header.id) for header in headers]


def typed_invoice(**changes: object) -> dict[str, object]:
    """Return the fields of an invoice of one line, with whatever a test changes."""
    facts: dict[str, object] = {
        "invoice_number": "2026-7",
        "invoice_date": today().isoformat(),
        "price": "105,00",
        "lines.0.date": today().isoformat(),
        "lines.0.quantity": "2",
        "lines.0.description": "Twee gesprekken",
    }
    return facts | changes
