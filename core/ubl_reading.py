"""Reads a UBL 2.1 invoice or credit note (EN 16931, Peppol BIS 3, NLCIUS) that somebody else has written."""

from core.language import _
from core.ubl_document import (
    UblDocument,
    UblIdentifier,
    UblKind,
    UblParty,
    UblReferences,
    UblTotals,
    UblVatTotal,
)
from core.ubl_elements import CURRENCY, LONG, Element, Elements
from core.ubl_lines import read_allowances, read_lines, read_period, read_vat_rate
from core.ubl_parsing import parse_untrusted, unreadable

MOST_FAULTS = 50

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd"
ROOTS = {f"{{{SCHEMA}:Invoice-2}}Invoice": UblKind.INVOICE, f"{{{SCHEMA}:CreditNote-2}}CreditNote": UblKind.CREDIT_NOTE}
LINES = {UblKind.INVOICE: "InvoiceLine", UblKind.CREDIT_NOTE: "CreditNoteLine"}
CREDIT_TYPES = frozenset({"381", "396", "81", "83", "532"})


def read_ubl(content: bytes) -> UblDocument:
    """Return what the document says, in its own currency and with its own totals, whether or not they add up.

    Raises TooLarge above 10 MB, and Invalid with every fault and its element when it cannot be read.
    """
    root = parse_untrusted(content)
    kind = ROOTS.get(str(root.tag))
    if kind is None:
        raise unreadable(_("Dit is geen UBL-factuur (Invoice) of -creditnota (CreditNote)."))
    elements = Elements()
    document = _document(elements, root, kind)
    if elements.faults:
        raise unreadable(*list(dict.fromkeys(elements.faults))[:MOST_FAULTS])
    return document


def _document(elements: Elements, root: Element, kind: UblKind) -> UblDocument:
    elements.currency = _currency(elements, root)
    start, end = read_period(elements, root)
    return UblDocument(
        kind=kind,
        type_code=_type_code(elements, root, kind),
        number=elements.required(root, "cbc:ID"),
        issue_date=elements.required_day(root, "cbc:IssueDate"),
        due_date=elements.day(root, "cbc:DueDate"),
        currency=elements.currency,
        references=_references(elements, root),
        corrects=elements.texts(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        start=start,
        end=end,
        delivery_date=elements.day(root, "cac:Delivery/cbc:ActualDeliveryDate"),
        supplier=_party(elements, root, "cac:AccountingSupplierParty/cac:Party"),
        customer=_party(elements, root, "cac:AccountingCustomerParty/cac:Party"),
        accounts=elements.texts(root, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"),
        allowances=read_allowances(elements, root),
        vat_totals=_vat_totals(elements, root),
        totals=_totals(elements, root),
        lines=read_lines(elements, root, LINES[kind]),
    )


def _currency(elements: Elements, root: Element) -> str:
    currency = elements.required(root, "cbc:DocumentCurrencyCode")
    if currency and CURRENCY.fullmatch(currency) is None:
        elements.fault(root, "cbc:DocumentCurrencyCode", _("Dit is geen valutacode van drie letters."))
    return currency


def _type_code(elements: Elements, root: Element, kind: UblKind) -> str:
    path = "cbc:InvoiceTypeCode" if kind is UblKind.INVOICE else "cbc:CreditNoteTypeCode"
    code = elements.required(root, path)
    if code and (code in CREDIT_TYPES) != (kind is UblKind.CREDIT_NOTE):
        elements.fault(root, path, _("Deze code past niet bij dit soort document."))
    return code


def _references(elements: Elements, root: Element) -> UblReferences:
    others = ("cac:OriginatorDocumentReference", "cac:AdditionalDocumentReference", "cac:ProjectReference")
    return UblReferences(
        order=elements.text(root, "cac:OrderReference/cbc:ID"),
        buyer=elements.text(root, "cbc:BuyerReference"),
        contract=elements.text(root, "cac:ContractDocumentReference/cbc:ID"),
        others=tuple(text for path in others for text in elements.texts(root, f"{path}/cbc:ID")),
        notes=elements.texts(root, "cbc:Note", LONG),
    )


def _party(elements: Elements, root: Element, path: str) -> UblParty:
    party = elements.one(root, path)
    if party is None:
        elements.fault(root, path, _("Dit onderdeel ontbreekt."))
        return UblParty("", None, (), None)
    trading_name = elements.text(party, "cac:PartyName/cbc:Name")
    registered = elements.text(party, "cac:PartyLegalEntity/cbc:RegistrationName")
    return UblParty(
        name=registered or trading_name or elements.required(party, "cac:PartyLegalEntity/cbc:RegistrationName"),
        trading_name=trading_name,
        identifiers=_identifiers(elements, party),
        vat_id=_vat_id(elements, party),
    )


def _identifiers(elements: Elements, party: Element) -> tuple[UblIdentifier, ...]:
    """Return the numbers of a party, each once, the one of its registration first."""
    paths = ("cac:PartyLegalEntity/cbc:CompanyID", "cac:PartyIdentification/cbc:ID", "cbc:EndpointID")
    found = ((node.get("schemeID"), elements.text_of(node)) for path in paths for node in elements.all(party, path))
    return tuple(dict.fromkeys(UblIdentifier(scheme, text) for scheme, text in found if text is not None))


def _vat_id(elements: Elements, party: Element) -> str | None:
    for scheme in elements.all(party, "cac:PartyTaxScheme"):
        if elements.text(scheme, "cac:TaxScheme/cbc:ID") == "VAT":
            return elements.text(scheme, "cbc:CompanyID")
    return None


def _tax_total(elements: Elements, root: Element) -> Element | None:
    """Return the VAT in the currency of the document; a second one may give it in that of the books."""
    books = elements.text(root, "cbc:TaxCurrencyCode")
    totals = elements.all(root, "cac:TaxTotal")
    if books is not None and books != elements.currency:
        totals = [total for total in totals if _currency_of_vat(elements, total) != books]
    if len(totals) != 1:
        elements.fault(root, "cac:TaxTotal", _("De btw hoort er één keer te staan in de valuta van het document."))
        return None
    return totals[0]


def _currency_of_vat(elements: Elements, total: Element) -> str | None:
    amount = elements.one(total, "cbc:TaxAmount")
    return None if amount is None else amount.get("currencyID")


def _vat_totals(elements: Elements, root: Element) -> tuple[UblVatTotal, ...]:
    total = _tax_total(elements, root)
    return tuple(
        UblVatTotal(
            vat=read_vat_rate(elements, node, "cac:TaxCategory"),
            taxable_cents=elements.required_cents(node, "cbc:TaxableAmount"),
            vat_cents=elements.required_cents(node, "cbc:TaxAmount"),
            exemption_reason=elements.text(node, "cac:TaxCategory/cbc:TaxExemptionReason", LONG)
            or elements.text(node, "cac:TaxCategory/cbc:TaxExemptionReasonCode"),
        )
        for node in ([] if total is None else elements.all(total, "cac:TaxSubtotal"))
    )


def _totals(elements: Elements, root: Element) -> UblTotals:
    vat = _tax_total(elements, root)
    vat_cents = 0 if vat is None else elements.required_cents(vat, "cbc:TaxAmount")
    total = elements.one(root, "cac:LegalMonetaryTotal")
    if total is None:
        elements.fault(root, "cac:LegalMonetaryTotal", _("Dit onderdeel ontbreekt."))
        return UblTotals(0, 0, 0, 0, vat_cents, 0, 0, 0, 0)
    return UblTotals(
        lines_cents=elements.required_cents(total, "cbc:LineExtensionAmount"),
        allowances_cents=elements.cents(total, "cbc:AllowanceTotalAmount") or 0,
        charges_cents=elements.cents(total, "cbc:ChargeTotalAmount") or 0,
        net_cents=elements.required_cents(total, "cbc:TaxExclusiveAmount"),
        vat_cents=vat_cents,
        gross_cents=elements.required_cents(total, "cbc:TaxInclusiveAmount"),
        prepaid_cents=elements.cents(total, "cbc:PrepaidAmount") or 0,
        rounding_cents=elements.cents(total, "cbc:PayableRoundingAmount") or 0,
        payable_cents=elements.required_cents(total, "cbc:PayableAmount"),
    )
