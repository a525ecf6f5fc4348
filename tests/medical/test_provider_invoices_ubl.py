"""A provider's invoice as UBL: read, matched and kept as it came; what cannot be charged on is an exception."""

import os
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from core.clock import today
from core.errors import Invalid
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceState, ServiceOutcome
from medical.invoices.checks import CheckCode
from medical.invoices.read import get_provider_invoice
from medical.invoices.submit import Submission, own_numbers, submit_provider_invoice
from medical.invoices.ubl import read_provider_invoice
from tests.billing.office import Office, Referred

DATA = Path(__file__).resolve().parent.parent / "data" / "ubl"
KVK, VAT_ID = "12345678", "NL123456782B12"
UBL = "urn:oasis:names:specification:ubl:schema:xsd"


def party(kvk: str, vat_id: str | None) -> str:
    scheme = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{vat_id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:PartyTaxScheme>"
        if vat_id
        else ""
    )
    return (
        f"<cac:Party>{scheme}<cac:PartyLegalEntity><cbc:RegistrationName>Praktijk</cbc:RegistrationName>"
        f'<cbc:CompanyID schemeID="0106">{kvk}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>'
    )


def ubl(**changes: Any) -> bytes:
    """Return an invoice of three units of 100 euros with 21% VAT, and whatever a test changes."""
    facts: dict[str, Any] = {
        "number": "U-1",
        "day": today(),
        "reference": "",
        "note": "",
        "kvk": KVK,
        "vat_id": VAT_ID,
        "quantity": "3",
        "price": "100.00",
        "net": "300.00",
        "vat": "63.00",
        "gross": "363.00",
        "currency": "EUR",
        "period": "",
        "buyer": KVK,
    }
    f = facts | changes
    eur = f'currencyID="{f["currency"]}"'
    rate = "<cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{UBL}:Invoice-2" xmlns:cac="{UBL}:CommonAggregateComponents-2"
xmlns:cbc="{UBL}:CommonBasicComponents-2">
<cbc:ID>{f["number"]}</cbc:ID><cbc:IssueDate>{f["day"]}</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
{f["note"]}<cbc:DocumentCurrencyCode>{f["currency"]}</cbc:DocumentCurrencyCode>
<cbc:BuyerReference>{f["reference"]}</cbc:BuyerReference>
<cac:AccountingSupplierParty>{party(f["kvk"], f["vat_id"])}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>{party(f["buyer"], None)}</cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount {eur}>{f["vat"]}</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount {eur}>{f["net"]}</cbc:TaxableAmount><cbc:TaxAmount {eur}>{f["vat"]}</cbc:TaxAmount>
<cac:TaxCategory>{rate}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount {eur}>{f["net"]}</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount {eur}>{f["net"]}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount {eur}>{f["gross"]}</cbc:TaxInclusiveAmount>
<cbc:PayableAmount {eur}>{f["gross"]}</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">{f["quantity"]}</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount {eur}>{f["net"]}</cbc:LineExtensionAmount>{f["period"]}
<cac:Item><cbc:Name>Zitting</cbc:Name><cac:ClassifiedTaxCategory>{rate}</cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount {eur}>{f["price"]}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>""".encode()


@pytest.fixture
def referred(office: Office) -> Referred:
    return office.referred(office.sick(office.employer()))


def send(office: Office, content: bytes) -> Submission:
    invoice = read_provider_invoice(content)
    with office.care(office.provider) as session:
        return submit_provider_invoice(session, office.provider, invoice)


def failed(office: Office, invoice_id: UUID) -> set[CheckCode]:
    with office.care(office.secretary) as session:
        view = get_provider_invoice(session, office.secretary, invoice_id)
    return {check.code for check in view.checks if not check.passed}


def test_it_is_matched_and_kept_as_it_came(office: Office, referred: Referred) -> None:
    """R38."""
    content = ubl(reference=referred.number)
    sent = send(office, content)
    assert sent.state is ProviderInvoiceState.RECEIVED
    with office.care(office.secretary) as session:
        row = session.exec(select(ProviderInvoice)).one()
    assert (row.net_cents, row.vat_cents, row.gross_cents, row.source) == (300_00, 63_00, 363_00, content)
    assert (row.referral_id, row.referral_number) == (referred.id, referred.number)
    again = send(office, content)
    assert (again.id, again.is_new) == (sent.id, False)


def test_the_number_may_stand_in_running_text(office: Office, referred: Referred) -> None:
    note = f"<cbc:Note>Betreft verwijzing {referred.number.lower()}, met dank.</cbc:Note>"
    assert send(office, ubl(reference="uw opdracht", note=note)).state is ProviderInvoiceState.RECEIVED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kvk": "87654321"}, CheckCode.SAME_PROVIDER),
        ({"vat_id": "NL810099887B01"}, CheckCode.SAME_PROVIDER),
        ({"kvk": "", "vat_id": None}, CheckCode.SAME_PROVIDER),
        ({"vat": "63.02", "gross": "363.02"}, CheckCode.SUMS_RIGHT),
        ({"gross": "363.01"}, CheckCode.SUMS_RIGHT),
        ({"currency": "USD"}, CheckCode.IN_EUROS),
        ({"price": "100.001", "net": "300.00"}, CheckCode.AGREED_PRICE),
        ({"quantity": "-3", "price": "100.00", "net": "-300.00", "vat": "-63.00", "gross": "-363.00"}, None),
        (
            {
                "period": "<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate>"
                f"<cbc:EndDate>{today()}</cbc:EndDate></cac:InvoicePeriod>"
            },
            CheckCode.NOT_BEFORE_ISSUE,
        ),
    ],
)
def test_what_does_not_fit_is_an_exception(
    office: Office, referred: Referred, changes: dict[str, Any], code: CheckCode | None
) -> None:
    """R39."""
    sent = send(office, ubl(reference=referred.number, **changes))
    assert sent.state is ProviderInvoiceState.EXCEPTION
    found = failed(office, sent.id)
    assert found == ({code} if code else {CheckCode.UNITS_LEFT, CheckCode.AGREED_PRICE})


def test_a_seller_is_known_by_one_number_too(office: Office, referred: Referred) -> None:
    assert send(office, ubl(reference=referred.number, vat_id=None)).state is ProviderInvoiceState.RECEIVED


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.xml")))
def test_documents_of_others_are_read_to_the_cent_and_match_nothing(office: Office, name: str) -> None:
    content = (DATA / name).read_bytes()
    sent = send(office, content)
    invoice = read_provider_invoice(content)
    assert failed(office, sent.id) & {CheckCode.KNOWN_REFERRAL, CheckCode.KNOWN_INVOICE}
    assert CheckCode.SUMS_RIGHT not in failed(office, sent.id)
    with office.care(office.secretary) as session:
        row = session.exec(select(ProviderInvoice)).one()
    assert (row.net_cents, row.gross_cents) == (invoice.net_cents, invoice.gross_cents)


OFFICIAL = {
    "base-example.xml": (1_325_00, 331_25, 1_656_25, 2),
    "base-creditnote-correction.xml": (1_325_00, 331_25, 1_656_25, 2),
    "vat-category-E.xml": (1_200_00, 0, 1_200_00, 1),
}
"""What the examples of Peppol BIS Billing 3 come to, in cents, and their number of lines, as they are published."""


def test_the_official_examples_are_read_to_the_cent_and_become_exceptions(office: Office) -> None:
    """The files are not ours to spread; whoever has them says where."""
    if "UBL_EXAMPLES" not in os.environ:
        pytest.skip("UBL_EXAMPLES names the folder with the example files of Peppol BIS Billing 3")
    for name, totals in OFFICIAL.items():
        content = (Path(os.environ["UBL_EXAMPLES"]) / name).read_bytes()
        invoice = read_provider_invoice(content)
        assert (invoice.net_cents, invoice.vat_cents, invoice.gross_cents, len(invoice.lines)) == totals
        assert invoice.faults == ()
        sent = send(office, content)
        assert sent.is_new
        assert sent.state is ProviderInvoiceState.EXCEPTION
        with office.care(office.secretary) as session:
            view = get_provider_invoice(session, office.secretary, sent.id)
        assert view.header.gross_cents == totals[2]
        assert all(check.detail for check in view.checks if not check.passed)


@pytest.mark.parametrize("buyer", ["87654321", ""])
def test_an_invoice_to_somebody_else_is_not_ours(office: Office, referred: Referred, buyer: str) -> None:
    """R38: what names the employer, or nobody, as its buyer is never charged on."""
    sent = send(office, ubl(reference=referred.number, buyer=buyer))
    assert failed(office, sent.id) == {CheckCode.ADDRESSED_TO_US}


def test_without_a_number_the_name_of_the_arbodienst_will_do(office: Office, referred: Referred) -> None:
    """R38."""
    with office.care(office.provider) as session:
        name = own_numbers(session, office.world.tenant_id).name
    content = ubl(reference=referred.number, buyer="").decode()
    seller, _customer, rest = content.partition("<cac:AccountingCustomerParty>")
    to_us = rest.replace("RegistrationName>Praktijk<", f"RegistrationName>{name.upper()}.<", 1)
    assert failed(office, send(office, f"{seller}<cac:AccountingCustomerParty>{to_us}".encode()).id) == set()


def test_a_line_says_by_its_item_that_nobody_came(office: Office, referred: Referred) -> None:
    """A missed appointment in UBL is told by the seller's number of the item."""
    item = "<cac:SellersItemIdentification><cbc:ID>no-show</cbc:ID></cac:SellersItemIdentification>"
    content = ubl(reference=referred.number).replace(b"Zitting</cbc:Name>", b"Zitting</cbc:Name>" + item.encode())
    assert read_provider_invoice(content).lines[0].outcome is ServiceOutcome.NO_SHOW
    assert failed(office, send(office, content).id) == {CheckCode.MISSED_AS_AGREED, CheckCode.AGREED_PRICE}


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "9" * 61},
        {"quantity": "10001", "net": "1000100.00"},
        {"quantity": "0.00001"},
        {"net": "1000000.01"},
        {"price": "1000000.01"},
        {"gross": "99999999.00"},
        {"vat": "99999999.00"},
        {"day": date(1989, 12, 31)},
    ],
)
def test_what_no_table_can_hold_is_refused_with_its_place(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        read_provider_invoice(ubl(reference="X", **changes))
    assert refusal.value.errors
