"""Checks whether a UBL document adds up: lines, allowances, VAT and totals, as EN 16931 reckons them (R51).

An amount that is rounded may lie half a cent from what it should be, either way of rounding; a sum must be exact.
"""

from collections.abc import Iterator
from decimal import Decimal

from core.errors import FieldError
from core.language import _
from core.ubl_document import UblDocument, UblKind, UblLine, UblVatRate

HALF_A_CENT = Decimal("0.5")


def sum_faults(document: UblDocument) -> tuple[FieldError, ...]:
    """Return every amount that is not what it should be, with its element; none when all sums are right."""
    return (
        *_line_faults(document),
        *_vat_faults(document),
        *_total_faults(document),
    )


def _line_faults(document: UblDocument) -> Iterator[FieldError]:
    name = "InvoiceLine" if document.kind is UblKind.INVOICE else "CreditNoteLine"
    for position, line in enumerate(document.lines, start=1):
        if abs(_exact_cents(line) - line.net_cents) > HALF_A_CENT:
            yield FieldError(f"{name}[{position}]/LineExtensionAmount", _("Aantal maal prijs is een ander bedrag."))
        before = line.price.before_discount
        if before is not None and before - (line.price.discount or 0) != line.price.amount:
            yield FieldError(f"{name}[{position}]/Price/PriceAmount", _("Prijs min korting is een ander bedrag."))


def _exact_cents(line: UblLine) -> Decimal:
    """What a line should come to, before rounding to whole cents."""
    priced = line.quantity * line.price.amount * 100 / line.price.base_quantity
    return priced + sum(allowance.signed_cents for allowance in line.allowances)


def _vat_faults(document: UblDocument) -> Iterator[FieldError]:
    taxable = _taxable(document)
    stated = [total.vat for total in document.vat_totals]
    if len(set(stated)) != len(stated) or set(stated) != set(taxable):
        yield FieldError("TaxTotal/TaxSubtotal", _("Elk btw-tarief hoort hier precies één keer te staan."))
    for position, total in enumerate(document.vat_totals, start=1):
        place = f"TaxTotal/TaxSubtotal[{position}]"
        if total.taxable_cents != taxable.get(total.vat, 0):
            yield FieldError(f"{place}/TaxableAmount", _("De regels met dit btw-tarief zijn samen een ander bedrag."))
        if abs(total.taxable_cents * total.vat.rate / 100 - total.vat_cents) > HALF_A_CENT:
            yield FieldError(f"{place}/TaxAmount", _("De btw over dit bedrag is een ander bedrag."))


def _taxable(document: UblDocument) -> dict[UblVatRate, int]:
    """What is taxed at each rate: the lines, and the allowances and charges of the whole document."""
    sums: dict[UblVatRate, int] = {}
    for line in document.lines:
        sums[line.vat] = sums.get(line.vat, 0) + line.net_cents
    for allowance in document.allowances:
        if allowance.vat is not None:
            sums[allowance.vat] = sums.get(allowance.vat, 0) + allowance.signed_cents
    return sums


def _total_faults(document: UblDocument) -> Iterator[FieldError]:
    totals = document.totals
    allowances = sum(allowance.cents for allowance in document.allowances if not allowance.is_charge)
    charges = sum(allowance.cents for allowance in document.allowances if allowance.is_charge)
    net = totals.lines_cents - totals.allowances_cents + totals.charges_cents
    checks = (
        ("LineExtensionAmount", totals.lines_cents, sum(line.net_cents for line in document.lines)),
        ("AllowanceTotalAmount", totals.allowances_cents, allowances),
        ("ChargeTotalAmount", totals.charges_cents, charges),
        ("TaxExclusiveAmount", totals.net_cents, net),
        ("TaxInclusiveAmount", totals.gross_cents, totals.net_cents + totals.vat_cents),
        ("PayableAmount", totals.payable_cents, totals.gross_cents - totals.prepaid_cents + totals.rounding_cents),
    )
    if totals.vat_cents != sum(total.vat_cents for total in document.vat_totals):
        yield FieldError("TaxTotal/TaxAmount", _("De btw per tarief is samen een ander bedrag."))
    for name, stated, right in checks:
        if stated != right:
            yield FieldError(f"LegalMonetaryTotal/{name}", _("Dit totaal klopt niet met de bedragen erboven."))
