"""The words of the ledger for the secretariat: what was booked, and the document that it comes from."""

from billing.books.ledger import BookingKind
from billing.books.ledger_entries import EntryView
from core.language import _
from portal.care.secretary.navigation import HOME, ISSUED

OF_PROVIDERS = (BookingKind.PROVIDER_INVOICE, BookingKind.PROVIDER_CREDIT_NOTE)


def booking_label(kind: str) -> str:
    """Return on what occasion something was booked."""
    return {
        BookingKind.PROVIDER_INVOICE.value: _("Factuur van provider vrijgegeven"),
        BookingKind.INVOICE.value: _("Factuur verstuurd"),
        BookingKind.CREDIT_NOTE.value: _("Creditnota verstuurd"),
        BookingKind.PROVIDER_CREDIT_NOTE.value: _("Creditnota van provider vrijgegeven"),
        BookingKind.OWN_COST.value: _("Kosten van de arbodienst zelf"),
        BookingKind.PAYMENT.value: _("Betaling ontvangen"),
        BookingKind.PAYMENT_FEE.value: _("Kosten van de betaaldienst"),
        BookingKind.PAYMENT_LOST.value: _("Betaling teruggeboekt"),
        BookingKind.DISPUTE.value: _("Betaling betwist"),
        BookingKind.REFUND.value: _("Terugbetaling"),
        BookingKind.BANK_RECEIPT.value: _("Ontvangen op de bank"),
        BookingKind.PAYOUT.value: _("Uitbetaling aan provider"),
        BookingKind.TO_BANK.value: _("Van de betaaldienst naar de bank"),
    }.get(kind, _("Boeking"))


def document_of(entry: EntryView) -> tuple[str, str]:
    """Return the words for the document of an entry, and where the secretariat can open it; empty where nowhere."""
    if entry.invoice_id is not None:
        return entry.number, f"{ISSUED}/{entry.invoice_id}"
    if entry.kind in OF_PROVIDERS and entry.document_id is not None:
        return _("Bekijk de factuur"), f"{HOME}/facturen/{entry.document_id}"
    return "", ""
