"""Reading UBL that others wrote: right to the cent, and unharmed by what should never have been sent."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid, Refusal, TooLarge
from core.ubl_document import UblDocument, UblIdentifier, UblKind, UblVatRate
from core.ubl_parsing import MOST_BYTES, MOST_TAGS
from core.ubl_reading import read_ubl
from core.ubl_sums import sum_faults
from tests.billing.ubl_rules import dutch_findings, european_findings, schema_findings

SAMPLES = Path(__file__).parent.parent / "data" / "ubl"
PROGRAMME = (SAMPLES / "programme.xml").read_text("utf-8")


@pytest.fixture(autouse=True)
def _in_november_2026() -> Iterator[None]:
    """What is too far in the future depends on today."""
    with time_machine.travel(date(2026, 11, 22), tick=True):
        yield


def changed(old: str, new: str, count: int = 1) -> bytes:
    """Return the programme sample with `old` replaced the first `count` times."""
    assert old in PROGRAMME
    return PROGRAMME.replace(old, new, count).encode()


def faults(content: bytes) -> dict[str, str]:
    """Return the places and messages with which reading is refused."""
    with pytest.raises(Invalid) as refusal:
        read_ubl(content)
    assert refusal.value.status == 422
    return {error.field: error.message for error in refusal.value.errors}


def wrong_sums(content: bytes) -> list[str]:
    return [fault.field for fault in sum_faults(read_ubl(content))]


@pytest.mark.parametrize("name", ["programme", "sessions_exempt", "credit"])
def test_the_samples_are_good_documents_that_add_up(name: str) -> None:
    content = (SAMPLES / f"{name}.xml").read_bytes()
    assert schema_findings(content) + european_findings(content) + dutch_findings(content) == []
    assert sum_faults(read_ubl(content)) == ()


def test_an_invoice_is_read_whole() -> None:
    document = read_ubl(PROGRAMME.encode())
    assert (document.kind, document.type_code, document.currency) == (UblKind.INVOICE, "380", "EUR")
    assert document.number == "F26/0817", "a comment does not cut a number in two"
    assert (document.issue_date, document.due_date) == (date(2026, 11, 2), date(2026, 12, 2))
    assert (document.start, document.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert document.supplier.name == "Weer Aan De Slag Re-integratie B.V."
    assert document.supplier.trading_name == "Weer Aan De Slag"
    assert (document.supplier.kvk, document.supplier.vat_id) == ("51223344", "NL820011223B01")
    assert (document.customer.name, document.customer.kvk) == ("Arbodienst De Singel B.V.", "30112233")
    assert document.accounts == ("NL20INGB0001234567",)
    assert document.references.candidates == (
        "VW-2026-000042",
        "Medisch secretariaat",
        "Raamcontract 9",
        "Urenstaat",
        "Afgerond volgens afspraak, verwijzing VW-2026-000042",
    )


def test_amounts_are_right_to_the_cent() -> None:
    document = read_ubl(PROGRAMME.encode())
    totals = document.totals
    assert (totals.lines_cents, totals.allowances_cents, totals.charges_cents) == (951_01, 13_51, 10_00)
    assert (totals.net_cents, totals.vat_cents, totals.gross_cents) == (947_50, 194_54, 1_142_04)
    assert (totals.prepaid_cents, totals.rounding_cents, totals.payable_cents) == (100_00, -4, 1_042_00)
    assert [allowance.signed_cents for allowance in document.allowances] == [-13_51, 10_00]
    assert [(total.vat, total.taxable_cents, total.vat_cents) for total in document.vat_totals] == [
        (UblVatRate("S", Decimal(21)), 910_50, 191_21),
        (UblVatRate("S", Decimal(9)), 37_00, 3_33),
    ]


def test_lines_keep_prices_exactly_as_written() -> None:
    first, travel, report, book = read_ubl(PROGRAMME.encode()).lines
    assert (first.name, first.description, first.note) == (
        "Tweede spoor",
        "Begeleiding naar ander werk",
        "Acht gesprekken",
    )
    assert (first.start, first.end, first.references) == (date(2026, 10, 5), date(2026, 10, 26), ("VW-2026-000042",))
    assert (first.quantity, first.unit, first.seller_item) == (Decimal(8), "HUR", "SP2")
    assert (first.price.amount, first.price.before_discount, first.price.discount) == (
        Decimal("93.1250"),
        Decimal("98.1250"),
        Decimal("5.0000"),
    )
    assert (travel.quantity, travel.price.base_quantity, travel.net_cents) == (Decimal(137), Decimal(100), 31_51)
    assert [allowance.signed_cents for allowance in report.allowances] == [-15_00, 2_50]
    assert (book.price.amount, book.vat.rate, book.net_cents) == (Decimal("12.3333"), Decimal(9), 37_00)


def test_an_exempt_invoice_with_other_prefixes_and_a_byte_order_mark() -> None:
    document = read_ubl((SAMPLES / "sessions_exempt.xml").read_bytes())
    assert document.totals.payable_cents == 492_50
    assert document.vat_totals[0].vat == UblVatRate("E", Decimal(0))
    assert document.vat_totals[0].exemption_reason == "Vrijgesteld van btw"
    assert UblIdentifier(None, "94061234") in document.supplier.identifiers
    assert [line.start for line in document.lines] == [date(2026, 10, 7), date(2026, 10, 28)]


def test_a_credit_note_refers_and_may_hold_lines_below_zero() -> None:
    document = read_ubl((SAMPLES / "credit.xml").read_bytes())
    assert (document.kind, document.corrects) == (UblKind.CREDIT_NOTE, ("2026-311",))
    assert [(line.quantity, line.net_cents) for line in document.lines] == [(Decimal(2), 212_00), (Decimal(-1), -26_75)]
    assert document.totals.payable_cents == 185_25


def test_another_currency_is_read_as_such() -> None:
    assert read_ubl(changed("EUR", "GBP", -1)).currency == "GBP"


def test_vat_in_the_currency_of_the_books_stands_beside_that_of_the_document() -> None:
    books = (
        "<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>",
        '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">2150.00</cbc:TaxAmount></cac:TaxTotal>',
    )
    content = PROGRAMME.replace("<cbc:BuyerReference>", books[0] + "<cbc:BuyerReference>")
    document = read_ubl(content.replace("<cac:TaxTotal>", books[1] + "<cac:TaxTotal>").encode())
    assert document.totals.vat_cents == 194_54


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("<cbc:IssueDate>2026-11-02</cbc:IssueDate>", "", "IssueDate"),
        ("<cbc:IssueDate>2026-11-02", "<cbc:IssueDate>02-11-2026", "IssueDate"),
        ("<cbc:IssueDate>2026-11-02", "<cbc:IssueDate>2026-02-30", "IssueDate"),
        ("<cbc:IssueDate>2026-11-02", "<cbc:IssueDate>1989-12-31", "IssueDate"),
        ("<cbc:IssueDate>2026-11-02", "<cbc:IssueDate>2028-11-24", "IssueDate"),
        ("<cbc:IssueDate>2026-11-02", "<cbc:IssueDate>20261102", "IssueDate"),
        ("<cbc:EndDate>2026-10-31", "<cbc:EndDate>2026-09-30", "InvoicePeriod/EndDate"),
        ("<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode>381", "InvoiceTypeCode"),
        ("<cbc:DocumentCurrencyCode>EUR", "<cbc:DocumentCurrencyCode>euro", "DocumentCurrencyCode"),
        ('currencyID="EUR">745.00', 'currencyID="USD">745.00', "InvoiceLine[1]/LineExtensionAmount"),
        ('currencyID="EUR">745.00', ">745.00", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", ">745.001<", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", ">7,45<", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", ">1e3<", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", ">NaN<", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", ">٧٤٥<", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", ">9999999999.00<", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", "><", "InvoiceLine[1]/LineExtensionAmount"),
        (">745.00<", "><b>745.00</b><", "InvoiceLine[1]/LineExtensionAmount"),
        (">8</cbc:InvoicedQuantity>", ">acht</cbc:InvoicedQuantity>", "InvoiceLine[1]/InvoicedQuantity"),
        (">100</cbc:BaseQuantity>", ">0</cbc:BaseQuantity>", "InvoiceLine[2]/Price/BaseQuantity"),
        ("<cbc:Name>Reiskosten</cbc:Name>", "", "InvoiceLine[2]/Item/Name"),
        (
            "<cbc:Percent>9</cbc:Percent>",
            "<cbc:Percent>900</cbc:Percent>",
            "TaxTotal/TaxSubtotal[2]/TaxCategory/Percent",
        ),
        ("<cbc:Percent>9</cbc:Percent>", "", "TaxTotal/TaxSubtotal[2]/TaxCategory/Percent"),
        ("<cbc:ChargeIndicator>false", "<cbc:ChargeIndicator>nee", "AllowanceCharge[1]/ChargeIndicator"),
        ("<cac:TaxTotal>", "<cac:TaxTotal/><cac:TaxTotal>", "TaxTotal"),
        (
            '<cbc:PayableAmount currencyID="EUR">1042.00</cbc:PayableAmount>',
            '<cbc:PayableAmount currencyID="EUR">1.00</cbc:PayableAmount>'
            '<cbc:PayableAmount currencyID="EUR">1042.00</cbc:PayableAmount>',
            "LegalMonetaryTotal/PayableAmount",
        ),
        ("Medisch secretariaat", "x" * 201, "BuyerReference"),
        ("Afgerond volgens", "x " * 1_001, "Note"),
        ("Tweede spoor", "x" * 2_000_000, "InvoiceLine[1]/Item/Name"),
    ],
)
def test_what_cannot_be_read_is_named(old: str, new: str, place: str) -> None:
    assert place in faults(changed(old, new))


@pytest.mark.parametrize("element", ["AccountingSupplierParty", "LegalMonetaryTotal", "TaxTotal", "InvoiceLine"])
def test_a_document_without_one_of_its_parts_is_refused(element: str) -> None:
    content = PROGRAMME.replace(f"<cac:{element}>", f"<cac:Not{element}>").replace(
        f"</cac:{element}>", f"</cac:Not{element}>"
    )
    assert any(place.startswith(element) for place in faults(content.encode()))


def test_every_fault_is_told_at_once_and_once() -> None:
    content = changed("<cbc:IssueDate>2026-11-02", "<cbc:IssueDate>gisteren").replace(b">31.51<", b">veel<")
    assert faults(content) == {
        "IssueDate": "Dit is geen datum in de vorm JJJJ-MM-DD.",
        "InvoiceLine[2]/LineExtensionAmount": "Dit is geen getal.",
    }


def test_a_flood_of_faults_is_cut_short() -> None:
    (line,) = PROGRAMME.split("<cac:InvoiceLine>")[1:2]
    bad = "<cac:InvoiceLine>" + line.replace("745.00", "x")
    assert len(faults(changed("<cac:InvoiceLine>", bad * 200 + "<cac:InvoiceLine>"))) == 50


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
    "external entity": '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
    "external entity over http": '<!DOCTYPE x [<!ENTITY file SYSTEM "http://127.0.0.1:9/x">]>',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    "plain DTD": '<!DOCTYPE Invoice SYSTEM "invoice.dtd">',
}


@pytest.mark.parametrize("prologue", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.parametrize("entity", ["&l9;", "&file;", "plain"])
def test_documents_with_a_dtd_are_refused_before_they_are_parsed(prologue: str, entity: str) -> None:
    content = changed("<Invoice ", f"{prologue}<Invoice ").replace(b"Tweede spoor", entity.encode())
    started = time.monotonic()
    assert faults(content) == {"xml": "Een DTD of eigen entiteiten zijn niet toegestaan."}
    assert time.monotonic() - started < 1


def test_a_reference_to_an_unknown_entity_is_not_xml() -> None:
    assert faults(changed("Tweede spoor", "&file;"))["xml"].startswith("Dit is geen geldige XML")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7"])
def test_another_encoding_cannot_carry_a_dtd_past_the_gate(encoding: str) -> None:
    attack = changed("<Invoice ", f"{ATTACKS['external entity']}<Invoice ").decode()
    assert "xml" in faults(attack.replace("UTF-8", encoding.upper()).encode(encoding))


def test_a_declared_encoding_other_than_utf_8_is_refused() -> None:
    message = {"xml": "Het bestand is niet in UTF-8 geschreven."}
    assert faults(changed('encoding="UTF-8"', 'encoding="ISO-8859-1"')) == message
    assert faults(changed("Tweede spoor", "Traject é").decode().encode("latin-1")) == message
    assert faults(b"\xff\xfe\x00\x00") == message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"\x00" * 100,
        b"{}",
        b"<Invoice>",
        b"<Invoice/>",
        b"%PDF-1.7",
        b"<html></html>",
        b'<?xml version="1.0"?>',
    ],
)
def test_what_is_no_invoice_is_refused(content: bytes) -> None:
    assert list(faults(content)) == ["xml"]


def test_an_invoice_of_another_namespace_is_refused() -> None:
    assert "xml" in faults(changed("xsd:Invoice-2", "xsd:Order-2"))


def test_more_than_ten_megabytes_is_too_large() -> None:
    with pytest.raises(TooLarge):
        read_ubl(b" " * (MOST_BYTES + 1))


@pytest.mark.parametrize("depth", [40, 300, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    nested = "<cbc:X>" * depth + "</cbc:X>" * depth
    assert "xml" in faults(changed("<cac:OrderReference>", f"{nested}<cac:OrderReference>"))


def with_lines(count: int) -> bytes:
    first, second, rest = PROGRAMME.partition("<cac:InvoiceLine>")
    line, end, _ = rest.partition("</cac:InvoiceLine>")
    return (first + (second + line + end) * count + "</Invoice>").encode()


def test_five_thousand_lines_are_read_in_reasonable_time() -> None:
    started = time.monotonic()
    assert len(read_ubl(with_lines(5_000)).lines) == 5_000
    assert time.monotonic() - started < 20


def test_more_lines_are_refused() -> None:
    assert faults(with_lines(5_001)) == {"InvoiceLine": "Er zijn meer dan 5000 regels."}
    started = time.monotonic()
    assert faults(with_lines(5_500)) == {"InvoiceLine": "Er zijn meer dan 5000 regels."}
    assert time.monotonic() - started < 5


def test_ten_thousand_small_lines_are_refused() -> None:
    line = "<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine>"
    assert "InvoiceLine" in faults(changed("<cac:InvoiceLine>", line * 10_000 + "<cac:InvoiceLine>"))


def test_a_flood_of_elements_is_refused_unparsed() -> None:
    flood = "<a/>" * MOST_TAGS
    assert faults(changed("<cac:OrderReference>", f"{flood}<cac:OrderReference>")) == {
        "xml": "Het bestand heeft te veel elementen."
    }


def test_lines_of_nothing_and_below_nothing_are_read_as_they_stand() -> None:
    """Whether they may be is for the room that knows the referral."""
    content = changed(">8</cbc:InvoicedQuantity>", ">-8</cbc:InvoicedQuantity>").replace(b">745.00<", b">-745.00<")
    document = read_ubl(content.replace(b">3</cbc:Inv", b">0</cbc:Inv").replace(b">37.00</cbc:Line", b">0</cbc:Line"))
    assert [line.net_cents for line in document.lines] == [-745_00, 31_51, 137_50, 0]


def test_signs_that_cannot_be_seen_are_taken_out() -> None:
    document = read_ubl(changed("Tweede spoor", "Tweede\u200b\u202e &#9;&#10; spoor"))
    assert document.lines[0].name == "Tweede spoor"


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (">745.00<", ">745.01<", ["InvoiceLine[1]/LineExtensionAmount", "TaxTotal/TaxSubtotal[1]/TaxableAmount"]),
        (">98.1250<", ">98.1251<", ["InvoiceLine[1]/Price/PriceAmount"]),
        (">191.21<", ">191.22<", ["TaxTotal/TaxSubtotal[1]/TaxAmount", "TaxTotal/TaxAmount"]),
        (">194.54<", ">194.55<", ["TaxTotal/TaxAmount", "LegalMonetaryTotal/TaxInclusiveAmount"]),
        (">951.01<", ">951.02<", ["LegalMonetaryTotal/LineExtensionAmount", "LegalMonetaryTotal/TaxExclusiveAmount"]),
        (
            ">13.51</cbc:AllowanceTotalAmount",
            ">13.52</cbc:AllowanceTotalAmount",
            ["LegalMonetaryTotal/AllowanceTotalAmount"],
        ),
        (">10.00</cbc:ChargeTotalAmount", ">9.99</cbc:ChargeTotalAmount", ["LegalMonetaryTotal/ChargeTotalAmount"]),
        (">947.50<", ">947.49<", ["LegalMonetaryTotal/TaxExclusiveAmount", "LegalMonetaryTotal/TaxInclusiveAmount"]),
        (">1142.04<", ">1142.05<", ["LegalMonetaryTotal/TaxInclusiveAmount", "LegalMonetaryTotal/PayableAmount"]),
        (">1042.00<", ">1042.04<", ["LegalMonetaryTotal/PayableAmount"]),
        ("<cbc:Percent>9</cbc:Percent>", "<cbc:Percent>6</cbc:Percent>", ["TaxTotal/TaxSubtotal"]),
    ],
)
def test_every_sum_that_is_wrong_is_named(old: str, new: str, places: list[str]) -> None:
    """R51."""
    assert set(places) <= set(wrong_sums(changed(old, new)))


def test_half_a_cent_may_go_either_way_but_many_halves_do_not_hide() -> None:
    """A rounding trap: lines of half a cent each, rounded up, must still be what the lines add up to."""
    assert wrong_sums(changed(">191.21<", ">191.20<").replace(b">194.54<", b">194.53<")) == [
        "LegalMonetaryTotal/TaxInclusiveAmount"
    ], "191.205 may be either; the total that was not lowered is what is wrong"
    trap = PROGRAMME.replace(">12.3333<", ">0.005<").replace(">3</cbc:Inv", ">1</cbc:Inv")
    assert "InvoiceLine[4]/LineExtensionAmount" not in wrong_sums(
        trap.replace(">37.00</cbc:Line", ">0.01</cbc:Line").encode()
    )
    assert "InvoiceLine[4]/LineExtensionAmount" in wrong_sums(
        trap.replace(">37.00</cbc:Line", ">0.02</cbc:Line").encode()
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_makes_reading_fail_other_than_by_refusing(data: st.DataObject) -> None:
    content = bytearray(PROGRAMME.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        content[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=6))
    with suppress(Refusal):
        assert isinstance(read_ubl(bytes(content)), UblDocument)
