"""Reads the lines of a UBL document, and the parts that a line shares with the whole of it."""

from datetime import date
from decimal import Decimal

from core.language import _
from core.ubl_document import UblAllowance, UblLine, UblPrice, UblVatRate
from core.ubl_elements import LONG, Element, Elements

MOST_LINES = 5_000
VAT_CATEGORIES = frozenset({"S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"})


def read_lines(elements: Elements, root: Element, name: str) -> tuple[UblLine, ...]:
    """Return the lines, which are elements called `name`; there is at least one and there are at most 5,000."""
    lines = elements.all(root, f"cac:{name}")
    if not lines:
        elements.fault(root, f"cac:{name}", _("Dit onderdeel ontbreekt."))
    if len(lines) > MOST_LINES:
        elements.fault(root, f"cac:{name}", _("Er zijn meer dan %(most)s regels.") % {"most": MOST_LINES})
        return ()
    quantity = "cbc:InvoicedQuantity" if name == "InvoiceLine" else "cbc:CreditedQuantity"
    return tuple(_line(elements, line, quantity) for line in lines)


def _line(elements: Elements, node: Element, quantity: str) -> UblLine:
    start, end = read_period(elements, node)
    counted = elements.one(node, quantity)
    return UblLine(
        number=elements.required(node, "cbc:ID"),
        name=elements.required(node, "cac:Item/cbc:Name", LONG),
        description=" ".join(elements.texts(node, "cac:Item/cbc:Description", LONG)) or None,
        note=" ".join(elements.texts(node, "cbc:Note", LONG)) or None,
        seller_item=elements.text(node, "cac:Item/cac:SellersItemIdentification/cbc:ID"),
        references=elements.texts(node, "cac:DocumentReference/cbc:ID"),
        start=start,
        end=end,
        quantity=elements.required_number(node, quantity),
        unit=None if counted is None else counted.get("unitCode"),
        price=_price(elements, node),
        allowances=read_allowances(elements, node),
        vat=read_vat_rate(elements, node, "cac:Item/cac:ClassifiedTaxCategory"),
        net_cents=elements.required_cents(node, "cbc:LineExtensionAmount"),
    )


def _price(elements: Elements, node: Element) -> UblPrice:
    amount = elements.amount(node, "cac:Price/cbc:PriceAmount")
    if amount is None and elements.one(node, "cac:Price/cbc:PriceAmount") is None:
        elements.fault(node, "cac:Price/cbc:PriceAmount", _("Dit onderdeel ontbreekt."))
    base = elements.number(node, "cac:Price/cbc:BaseQuantity")
    if base is not None and base <= 0:
        elements.fault(node, "cac:Price/cbc:BaseQuantity", _("Een basishoeveelheid is groter dan nul."))
    return UblPrice(
        amount=amount or Decimal(0),
        base_quantity=Decimal(1) if base is None else base,
        before_discount=elements.amount(node, "cac:Price/cac:AllowanceCharge/cbc:BaseAmount"),
        discount=elements.amount(node, "cac:Price/cac:AllowanceCharge/cbc:Amount"),
    )


def read_period(elements: Elements, node: Element) -> tuple[date | None, date | None]:
    """Return the first and last day of the period of a document or a line."""
    start = elements.day(node, "cac:InvoicePeriod/cbc:StartDate")
    end = elements.day(node, "cac:InvoicePeriod/cbc:EndDate")
    if start is not None and end is not None and end < start:
        elements.fault(node, "cac:InvoicePeriod/cbc:EndDate", _("De einddatum ligt vóór de begindatum."))
    return start, end


def read_vat_rate(elements: Elements, node: Element, path: str) -> UblVatRate:
    """Return the VAT category at `path`; where it names no rate, as for what is outside VAT, the rate is 0."""
    category = elements.one(node, path)
    if category is None:
        elements.fault(node, path, _("Dit onderdeel ontbreekt."))
        return UblVatRate("", Decimal(0))
    code = elements.required(category, "cbc:ID")
    if code and code not in VAT_CATEGORIES:
        elements.fault(category, "cbc:ID", _("Deze btw-categorie bestaat niet."))
    rate = (
        elements.required_number(category, "cbc:Percent") if code == "S" else elements.number(category, "cbc:Percent")
    )
    if rate is not None and not 0 <= rate <= 100:
        elements.fault(category, "cbc:Percent", _("Een btw-tarief ligt tussen 0 en 100 procent."))
    return UblVatRate(code, Decimal(0) if rate is None else rate)


def read_allowances(elements: Elements, node: Element) -> tuple[UblAllowance, ...]:
    """Return the allowances and charges of a document or a line."""
    return tuple(_allowance(elements, allowance) for allowance in elements.all(node, "cac:AllowanceCharge"))


def _allowance(elements: Elements, node: Element) -> UblAllowance:
    indicator = elements.required(node, "cbc:ChargeIndicator")
    if indicator not in ("", "true", "false"):
        elements.fault(node, "cbc:ChargeIndicator", _("Hier hoort true of false te staan."))
    taxed = elements.one(node, "cac:TaxCategory") is not None
    return UblAllowance(
        is_charge=indicator == "true",
        cents=elements.required_cents(node, "cbc:Amount"),
        vat=read_vat_rate(elements, node, "cac:TaxCategory") if taxed else None,
        reason=elements.text(node, "cbc:AllowanceChargeReason", LONG),
    )
