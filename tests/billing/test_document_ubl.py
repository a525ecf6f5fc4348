"""UBL that the published rules have nothing against, and that says only what a document may say."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from billing.invoicing.document_ubl import UblProfile, write_ubl
from billing.invoicing.documents import CONFIDENTIAL_TEXT, EXEMPTION_TEXT, InvoiceDocument
from tests.billing.document_samples import BUYER, EXEMPTED, MIXED, SAMPLES, SHARED, STANDARD, credit_note, invoice, line
from tests.billing.ubl_rules import NS, dutch_findings, european_findings, schema_findings

Tree = etree._Element


def find(ubl: bytes | Tree, path: str) -> list[Tree]:
    tree = etree.fromstring(ubl) if isinstance(ubl, bytes) else ubl
    found: Any = tree.xpath(path, namespaces=NS)
    return list(found)


def texts(ubl: bytes, path: str) -> list[str]:
    return [str(node.text) for node in find(ubl, path)]


@pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES.keys())
def test_no_published_rule_has_anything_against_a_document(document: InvoiceDocument) -> None:
    """R54."""
    ubl = write_ubl(document)
    assert schema_findings(ubl) == []
    assert european_findings(ubl) == []
    assert dutch_findings(ubl) == []


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 10_000_000), st.sampled_from(["21", "9", "5.5"])), min_size=1, max_size=8),
    st.booleans(),
)
def test_no_mixture_of_amounts_and_rates_breaks_a_rule(amounts: list[tuple[int, str]], back: bool) -> None:
    """R54."""
    document = invoice(*(line(cents, vat_rate=Decimal(rate)) for cents, rate in amounts))
    ubl = write_ubl(credit_note(document) if back else document)
    assert schema_findings(ubl) + european_findings(ubl) + dutch_findings(ubl) == []


def test_the_profile_is_the_only_difference_between_peppol_and_nlcius() -> None:
    peppol, nlcius = write_ubl(STANDARD), write_ubl(STANDARD, UblProfile.NLCIUS)
    assert peppol.replace(UblProfile.PEPPOL.encode(), UblProfile.NLCIUS.encode()) == nlcius
    assert peppol != nlcius
    assert dutch_findings(nlcius) == []


def drop(path: str) -> Callable[[Tree], None]:
    def damage(tree: Tree) -> None:
        for node in find(tree, path):
            parent = node.getparent()
            assert parent is not None
            parent.remove(node)

    return damage


def write(path: str, text: str) -> Callable[[Tree], None]:
    def damage(tree: Tree) -> None:
        for node in find(tree, path):
            node.text = text

    return damage


def mark(path: str, attribute: str, value: str) -> Callable[[Tree], None]:
    def damage(tree: Tree) -> None:
        for node in find(tree, path):
            node.set(attribute, value)

    return damage


SUPPLIER, CUSTOMER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
DAMAGES = [
    ("BR-NL-1", STANDARD, mark(f"{SUPPLIER}/cac:PartyLegalEntity/cbc:CompanyID", "schemeID", "0088")),
    ("BR-NL-2", STANDARD, drop("cbc:BuyerReference")),
    ("BR-NL-3", STANDARD, drop(f"{SUPPLIER}/cac:PostalAddress/cbc:PostalZone")),
    ("BR-NL-4", STANDARD, drop(f"{CUSTOMER}/cac:PostalAddress/cbc:StreetName")),
    ("BR-NL-7", STANDARD, write("cbc:InvoiceTypeCode", "326")),
    ("BR-NL-8", STANDARD, write("cbc:InvoiceTypeCode", "381")),
    ("BR-NL-9", credit_note(STANDARD), drop("cac:BillingReference")),
    ("BR-NL-10", STANDARD, drop(f"{CUSTOMER}/cac:PartyLegalEntity/cbc:CompanyID")),
    ("BR-NL-11", STANDARD, drop("cac:PaymentMeans")),
    ("BR-NL-12", STANDARD, write("cac:PaymentMeans/cbc:PaymentMeansCode", "10")),
    ("BR-NL-29", STANDARD, mark("cac:PaymentMeans/cbc:PaymentMeansCode", "name", "iDEAL")),
    ("SI-UBL-2", STANDARD, write("cbc:BuyerReference", " ")),
]


@pytest.mark.parametrize(("rule", "document", "damage"), DAMAGES, ids=[name for name, _, _ in DAMAGES])
def test_the_dutch_rules_find_what_breaks_them(
    rule: str, document: InvoiceDocument, damage: Callable[[Tree], None]
) -> None:
    """R54."""
    tree = etree.fromstring(write_ubl(document))
    damage(tree)
    assert rule in dutch_findings(etree.tostring(tree))


@pytest.mark.parametrize(
    ("rule", "document", "damage"),
    [
        ("BR-CO-10", STANDARD, write("cac:LegalMonetaryTotal/cbc:LineExtensionAmount", "2275.01")),
        ("BR-CO-14", MIXED, write("cac:TaxTotal/cbc:TaxAmount", "13.01")),
        ("BR-CO-15", STANDARD, write("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", "2752.74")),
        ("BR-CO-16", STANDARD, write("cac:LegalMonetaryTotal/cbc:PayableAmount", "2752.74")),
        ("BR-E-10", EXEMPTED, drop("//cbc:TaxExemptionReason")),
        ("BR-27", SHARED, write("//cac:Price/cbc:PriceAmount", "-1.00")),
        ("NL-R-001", credit_note(STANDARD), drop("cac:BillingReference")),
    ],
)
def test_the_european_rules_find_what_breaks_them(
    rule: str, document: InvoiceDocument, damage: Callable[[Tree], None]
) -> None:
    tree = etree.fromstring(write_ubl(document))
    damage(tree)
    assert rule in european_findings(etree.tostring(tree))


def test_the_schema_finds_an_element_out_of_place() -> None:
    tree = etree.fromstring(write_ubl(STANDARD))
    tree.append(find(tree, "cbc:ID")[0])
    assert schema_findings(etree.tostring(tree)) != []


def test_a_confidential_line_is_once_its_total_under_the_one_text() -> None:
    """R43, R44, leaks L1 to L4: no quantity, no unit price, no date but the month of charging."""
    ubl = write_ubl(invoice(line(463_00), line(8 * 106_00)))
    assert texts(ubl, "//cac:Item/cbc:Name") == [CONFIDENTIAL_TEXT, CONFIDENTIAL_TEXT]
    assert texts(ubl, "//cbc:InvoicedQuantity") == ["1", "1"]
    assert texts(ubl, "//cac:Price/cbc:PriceAmount") == texts(ubl, "//cac:InvoiceLine/cbc:LineExtensionAmount")
    assert texts(ubl, "//cac:InvoicePeriod/*") == ["2026-11-01", "2026-11-30"]
    assert find(ubl, "//cac:InvoiceLine//cbc:StartDate") == []
    assert {etree.QName(node).localname for node in find(ubl, "//cac:InvoiceLine//*")} == {
        "ID",
        "InvoicedQuantity",
        "LineExtensionAmount",
        "Item",
        "Name",
        "ClassifiedTaxCategory",
        "Percent",
        "TaxScheme",
        "Price",
        "PriceAmount",
    }


def test_an_exemption_has_the_neutral_reason_and_no_code() -> None:
    """R48, leak L6."""
    ubl = write_ubl(EXEMPTED)
    assert texts(ubl, "//cbc:TaxExemptionReason") == [EXEMPTION_TEXT]
    assert find(ubl, "//cbc:TaxExemptionReasonCode") == []


def test_a_contribution_is_minus_one_times_a_price_that_is_not_negative() -> None:
    ubl = write_ubl(SHARED)
    assert texts(ubl, "//cac:InvoiceLine[cbc:LineExtensionAmount < 0]/cbc:InvoicedQuantity") == ["-1", "-1"]
    assert all(Decimal(price) > 0 for price in texts(ubl, "//cbc:PriceAmount"))
    assert texts(ubl, "//cac:LegalMonetaryTotal/cbc:PayableAmount") == ["992.22"]


def test_a_credit_note_refers_to_its_invoice_and_counts_upwards() -> None:
    """R50: in a CreditNote an amount above zero is what is given back."""
    ubl = write_ubl(credit_note(STANDARD))
    assert etree.fromstring(ubl).tag == f"{{{NS['cn']}}}CreditNote"
    assert texts(ubl, "//cac:InvoiceDocumentReference/cbc:ID") == [STANDARD.number]
    assert texts(ubl, "//cac:LegalMonetaryTotal/cbc:PayableAmount") == ["2752.75"]


def test_names_cannot_act_as_markup() -> None:
    ubl = write_ubl(STANDARD)
    assert texts(ubl, f"{CUSTOMER}/cac:PartyLegalEntity/cbc:RegistrationName") == [BUYER.name]
    assert find(ubl, "//VOF") == []
