"""Writes a document as UBL 2.1 under EN 16931, Peppol BIS Billing 3 and the Dutch rules BR-NL-1 to 12 (R54)."""

from decimal import Decimal
from enum import StrEnum

from lxml import etree

from billing.invoicing.document_parties import Party
from billing.invoicing.documents import (
    SETTLEMENT_TEXT,
    DocumentKind,
    DocumentLine,
    InvoiceDocument,
    VatCategory,
    VatTotal,
    vat_category,
)
from core.money import euros

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd"
PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
KVK = "0106"  # the scheme of the Dutch trade register in ISO 6523
SEPA_TRANSFER, STANDING_AGREEMENT = "58", "57"
ONE = "C62"  # the unit "one" of UN/ECE recommendation 20
INVOICED_OBJECT = "130"  # a reference that the seller gives to what a line is about (BT-128)

BASIC = f"{SCHEMA}:CommonBasicComponents-2"
AGGREGATE = f"{SCHEMA}:CommonAggregateComponents-2"


class UblProfile(StrEnum):
    """Which specification a document says that it follows; the rest of it fulfils both."""

    PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    NLCIUS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"


def write_ubl(document: InvoiceDocument, profile: UblProfile = UblProfile.PEPPOL) -> bytes:
    """Return the document as UBL in UTF-8: an Invoice or, for a credit note, a CreditNote (BR-NL-8).

    The same document always gives the same bytes.
    """
    root = "Invoice" if document.kind is DocumentKind.INVOICE else "CreditNote"
    namespace = f"{SCHEMA}:{root}-2"
    tree = etree.fromstring(f'<{root} xmlns="{namespace}" xmlns:cac="{AGGREGATE}" xmlns:cbc="{BASIC}"/>')
    tree.extend(_header(document, profile))
    tree.append(_cac("AccountingSupplierParty", _party(document.seller)))
    tree.append(_cac("AccountingCustomerParty", _party(document.buyer)))
    tree.extend([*_payment(document), _vat(document), _totals(document)])
    tree.extend(_line(document, position, line) for position, line in enumerate(document.lines, start=1))
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _header(document: InvoiceDocument, profile: UblProfile) -> list[etree._Element]:
    invoice = document.kind is DocumentKind.INVOICE
    header = [
        _cbc("CustomizationID", profile),
        _cbc("ProfileID", PEPPOL_PROCESS),
        _cbc("ID", document.number),
        _cbc("IssueDate", document.issue_date.isoformat()),
    ]
    if document.due_date is not None:
        header.append(_cbc("DueDate", document.due_date.isoformat()))
    header += [
        _cbc("InvoiceTypeCode", "380") if invoice else _cbc("CreditNoteTypeCode", "381"),
        _cbc("DocumentCurrencyCode", "EUR"),
        _cbc("BuyerReference", document.buyer_reference),
        _cac(
            "InvoicePeriod",
            _cbc("StartDate", document.period.first_day.isoformat()),
            _cbc("EndDate", document.period.last_day.isoformat()),
        ),
    ]
    if document.corrects is not None:
        header.append(_cac("BillingReference", _cac("InvoiceDocumentReference", _cbc("ID", document.corrects))))
    return header


def _party(party: Party) -> etree._Element:
    element = _cac(
        "Party",
        _cbc("EndpointID", party.kvk, schemeID=KVK),
        _cac(
            "PostalAddress",
            _cbc("StreetName", party.street),
            _cbc("CityName", party.city),
            _cbc("PostalZone", party.postcode),
            _cac("Country", _cbc("IdentificationCode", "NL")),
        ),
    )
    if party.vat_id is not None:
        element.append(_cac("PartyTaxScheme", _cbc("CompanyID", party.vat_id), _cac("TaxScheme", _cbc("ID", "VAT"))))
    element.append(
        _cac("PartyLegalEntity", _cbc("RegistrationName", party.name), _cbc("CompanyID", party.kvk, schemeID=KVK))
    )
    if party.email is not None:
        element.append(_cac("Contact", _cbc("ElectronicMail", party.email)))
    return element


def _payment(document: InvoiceDocument) -> list[etree._Element]:
    """An invoice is paid by transfer to the seller; a credit note is settled as agreed, with no account to name."""
    if document.kind is DocumentKind.CREDIT_NOTE:
        terms = _cac("PaymentTerms", _cbc("Note", SETTLEMENT_TEXT))
        return [_cac("PaymentMeans", _cbc("PaymentMeansCode", STANDING_AGREEMENT)), terms]
    return [
        _cac(
            "PaymentMeans",
            _cbc("PaymentMeansCode", SEPA_TRANSFER),
            _cbc("PaymentID", document.number),
            _cac("PayeeFinancialAccount", _cbc("ID", document.seller.iban)),
        )
    ]


def _vat(document: InvoiceDocument) -> etree._Element:
    subtotals = (_vat_subtotal(document, total) for total in document.vat_totals)
    return _cac("TaxTotal", _amount("TaxAmount", document.vat_cents), *subtotals)


def _vat_subtotal(document: InvoiceDocument, total: VatTotal) -> etree._Element:
    """One rate; an exemption is given the neutral reason as text and no code (BR-E-10, R48)."""
    category = [_cbc("ID", total.category), _cbc("Percent", _plain(total.rate))]
    if total.category is VatCategory.EXEMPT:
        category.append(_cbc("TaxExemptionReason", document.exemption_text))
    return _cac(
        "TaxSubtotal",
        _amount("TaxableAmount", total.taxable_cents),
        _amount("TaxAmount", total.vat_cents),
        _cac("TaxCategory", *category, _cac("TaxScheme", _cbc("ID", "VAT"))),
    )


def _totals(document: InvoiceDocument) -> etree._Element:
    return _cac(
        "LegalMonetaryTotal",
        _amount("LineExtensionAmount", document.net_cents),
        _amount("TaxExclusiveAmount", document.net_cents),
        _amount("TaxInclusiveAmount", document.gross_cents),
        _amount("PayableAmount", document.gross_cents),
    )


def _line(document: InvoiceDocument, position: int, line: DocumentLine) -> etree._Element:
    """One line: once its total; below zero it is the quantity that is negative, since a price may not be (BR-27)."""
    invoice = document.kind is DocumentKind.INVOICE
    element = _cac("InvoiceLine" if invoice else "CreditNoteLine", _cbc("ID", str(position)))
    quantity = _cbc("InvoicedQuantity" if invoice else "CreditedQuantity", "1" if line.net_cents > 0 else "-1")
    quantity.set("unitCode", ONE)
    element.extend([quantity, _amount("LineExtensionAmount", line.net_cents)])
    if line.reference is not None:
        element.append(_cac("DocumentReference", _cbc("ID", line.reference), _cbc("DocumentTypeCode", INVOICED_OBJECT)))
    vat = _cac(
        "ClassifiedTaxCategory",
        _cbc("ID", vat_category(line.vat_rate)),
        _cbc("Percent", _plain(line.vat_rate)),
        _cac("TaxScheme", _cbc("ID", "VAT")),
    )
    element.append(_cac("Item", _cbc("Name", line.description), vat))
    element.append(_cac("Price", _amount("PriceAmount", abs(line.net_cents))))
    return element


def _amount(name: str, cents: int) -> etree._Element:
    return _cbc(name, f"{euros(cents):f}", currencyID="EUR")


def _plain(rate: Decimal) -> str:
    """Write a rate without needless zeros and without an exponent: 21, 9 or 5.5."""
    return f"{rate.normalize():f}"


def _cbc(name: str, text: str, **attributes: str) -> etree._Element:
    """A basic component: an element with text."""
    element = etree.Element(f"{{{BASIC}}}{name}", attributes)
    element.text = text
    return element


def _cac(name: str, *parts: etree._Element) -> etree._Element:
    """An aggregate component: an element of elements."""
    element = etree.Element(f"{{{AGGREGATE}}}{name}")
    element.extend(parts)
    return element
