"""Turns a UBL document of a provider into a submitted invoice; what cannot be charged becomes a failed check."""

from decimal import ROUND_CEILING, Decimal

from core.errors import FieldError, Invalid
from core.language import _
from core.ubl_document import UblDocument, UblKind, UblLine, UblParty
from core.ubl_reading import read_ubl
from core.ubl_sums import sum_faults
from medical.invoice_tables import ProviderDocument, ServiceOutcome
from medical.invoices.input import (
    MOST_CENTS,
    MOST_LINES,
    PartyNumbers,
    SubmittedInvoice,
    SubmittedLine,
    refuse_unlikely,
    registered,
)

LONGEST_NUMBER = 60
MOST_UNITS = 10_000
KINDS = {UblKind.INVOICE: ProviderDocument.INVOICE, UblKind.CREDIT_NOTE: ProviderDocument.CREDIT_NOTE}
MISSED = {"NO-SHOW": ServiceOutcome.NO_SHOW, "CANCELLED-LATE": ServiceOutcome.CANCELLED_LATE}
"""What a line bills when it has one of these as the seller's own number of the item; else it was delivered."""


def read_provider_invoice(content: bytes) -> SubmittedInvoice:
    """Return the invoice in a UBL file; raises Invalid with every fault when it cannot be read or kept."""
    document = read_ubl(content)
    faults = tuple(_unkeepable(document))
    if faults:
        raise Invalid(_("Deze UBL-factuur is niet te lezen."), faults)
    totals = document.totals
    refuse_unlikely(max(map(abs, (totals.net_cents, totals.vat_cents, totals.gross_cents))), "LegalMonetaryTotal")
    return SubmittedInvoice(
        references=document.references.candidates,
        invoice_number=document.number,
        invoice_date=document.issue_date,
        lines=tuple(_line(document, line) for line in document.lines),
        net_cents=totals.net_cents,
        vat_cents=totals.vat_cents,
        gross_cents=totals.gross_cents,
        kind=KINDS[document.kind],
        follows=document.corrects,
        is_in_euros=document.currency == "EUR",
        faults=sum_faults(document),
        seller=_numbers(document.supplier),
        buyer=_numbers(document.customer),
        source=content,
    )


def _numbers(party: UblParty) -> PartyNumbers:
    return PartyNumbers(registered(party.kvk), registered(party.vat_id), party.name)


def _unkeepable(document: UblDocument) -> list[FieldError]:
    """What no table has room for: refused rather than cut off, since an invoice is kept as it came."""
    faults = []
    if len(document.number) > LONGEST_NUMBER:
        faults.append(FieldError("ID", _("Een factuurnummer heeft hooguit 60 tekens.")))
    if len(document.lines) > MOST_LINES:
        faults.append(FieldError("InvoiceLine", _("Er zijn meer dan %(most)s regels.") % {"most": MOST_LINES}))
    for position, line in enumerate(document.lines, start=1):
        place = f"InvoiceLine[{position}]"
        if abs(line.quantity) > MOST_UNITS or line.quantity != round(line.quantity, 4):
            faults.append(FieldError(place, _("Dit aantal is te groot of heeft te veel cijfers achter de komma.")))
        if line.vat.rate != int(line.vat.rate):
            faults.append(FieldError(place, _("Een btw-tarief is een heel percentage.")))
        if max(abs(_unit_price_cents(line)), abs(line.net_cents)) > MOST_CENTS:
            faults.append(FieldError(place, _("Dit bedrag is te groot.")))
    return faults


def _unit_price_cents(line: UblLine) -> int:
    """A part of a cent is rounded up, so that it can never hide that a price is above the agreed one."""
    exact = line.price.amount * 100 / line.price.base_quantity
    return int(exact.quantize(Decimal(1), rounding=ROUND_CEILING))


def _line(document: UblDocument, line: UblLine) -> SubmittedLine:
    last_day = line.end or line.start or document.delivery_date or document.end or document.issue_date
    return SubmittedLine(
        description=" ".join(filter(None, (line.name, line.description)))[:500],
        service_date=last_day,
        quantity=line.quantity,
        unit_price_cents=_unit_price_cents(line),
        vat_rate=int(line.vat.rate),
        net_cents=line.net_cents,
        started_on=line.start or document.start,
        outcome=MISSED.get((line.seller_item or "").upper(), ServiceOutcome.DELIVERED),
        vat_category=line.vat.category,
    )
