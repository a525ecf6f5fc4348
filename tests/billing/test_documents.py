"""The values behind every document: sums to the cent, nothing that is not on the list, no order that tells a tale."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.invoicing.document_parties import Month, Party
from billing.invoicing.documents import (
    CONFIDENTIAL_TEXT,
    DocumentKind,
    DocumentLine,
    InvoiceDocument,
    LineKind,
    vat_totals,
)
from tests.billing.document_samples import (
    BUYER,
    EXEMPT,
    EXEMPTED,
    MIXED,
    SELLER,
    SHARED,
    STANDARD,
    contribution,
    credit_note,
    invoice,
    line,
)

RATES = st.sampled_from([Decimal(21), Decimal(9), Decimal(0)])
LINES = st.lists(
    st.builds(
        lambda cents, rate, reference: line(cents, vat_rate=rate, reference=reference),
        st.integers(1, 5_000_000),
        RATES,
        st.none() | st.sampled_from(["Zaak 1", "Zaak 2"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize(
    ("document", "net", "vat", "gross"),
    [
        (STANDARD, 2_275_00, 477_75, 2_752_75),
        (EXEMPTED, 1_180_40, 0, 1_180_40),
        (MIXED, 512_52, 13_00, 525_52),
        (SHARED, 820_02, 172_20, 992_22),
        (credit_note(SHARED), 820_02, 172_20, 992_22),
    ],
)
def test_totals_are_right_to_the_cent(document: InvoiceDocument, net: int, vat: int, gross: int) -> None:
    """R51, reckoned by hand."""
    assert (document.net_cents, document.vat_cents, document.gross_cents) == (net, vat, gross)


def test_vat_is_rounded_once_per_rate_and_half_a_cent_goes_up() -> None:
    """R51."""
    assert [total.vat_cents for total in vat_totals([line(2), line(2), line(2)])] == [1]
    assert [total.vat_cents for total in vat_totals([line(50)])] == [11]
    assert [total.vat_cents for total in vat_totals([line(7), line(7, vat_rate=Decimal("21.00"))])] == [3]


def test_rates_stand_from_high_to_low_with_exempt_last() -> None:
    assert [f"{total.category} {total.rate}" for total in MIXED.vat_totals] == ["S 21", "S 9", "E 0"]
    assert [total.taxable_cents for total in MIXED.vat_totals] == [33_33, 66_69, 412_50]


@given(LINES)
def test_a_document_is_the_sum_of_its_lines(lines: list[DocumentLine]) -> None:
    """R51."""
    document = invoice(*lines)
    assert sum(total.taxable_cents for total in document.vat_totals) == document.net_cents
    assert document.gross_cents - document.net_cents == sum(total.vat_cents for total in document.vat_totals)
    for total in document.vat_totals:
        assert abs(total.vat_cents - total.taxable_cents * total.rate / 100) <= Decimal("0.5")


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_in_which_lines_came_about_does_not_show(lines: list[DocumentLine], random: Any) -> None:
    """Leak L11."""
    shuffled = random.sample(lines, len(lines))
    assert invoice(*shuffled) == invoice(*lines)


@given(LINES)
def test_a_full_credit_note_gives_back_exactly_what_was_asked(lines: list[DocumentLine]) -> None:
    asked = invoice(*lines)
    assert credit_note(asked).vat_totals == asked.vat_totals


@given(LINES)
def test_a_document_survives_being_stored(lines: list[DocumentLine]) -> None:
    document = invoice(*lines)
    assert InvoiceDocument.model_validate_json(document.model_dump_json()) == document


def test_a_document_holds_the_allowed_fields_and_no_others() -> None:
    """R43: a new field is a decision, so it must be made here too."""
    assert set(InvoiceDocument.model_fields) == {
        "kind",
        "number",
        "issue_date",
        "due_date",
        "period",
        "seller",
        "buyer",
        "buyer_reference",
        "lines",
        "corrects",
        "earlier",
        "exemption_text",
    }
    assert set(DocumentLine.model_fields) == {
        "kind",
        "description",
        "reference",
        "net_cents",
        "vat_rate",
    }
    assert set(Party.model_fields) == {"name", "street", "postcode", "city", "kvk", "vat_id", "email"}


@pytest.mark.parametrize(
    "field", [{"quantity": 8}, {"unit_price_cents": 10_600}, {"provider": "Praktijk"}, {"note": "x"}, {"date": "x"}]
)
def test_a_line_refuses_what_is_not_on_its_list(field: dict[str, Any]) -> None:
    """R43."""
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        line(100, **field)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": LineKind.CONFIDENTIAL, "description": "Psycholoog", "net_cents": 1},
        {"kind": LineKind.CONTRIBUTION, "description": "Bijdrage zorgverzekeraar", "net_cents": -1},
        {"kind": LineKind.CONFIDENTIAL, "description": CONFIDENTIAL_TEXT, "net_cents": 0},
        {"kind": LineKind.OPEN, "description": "Mediation", "net_cents": -1},
        {"kind": LineKind.OPEN, "description": "Mediation", "net_cents": 1, "vat_rate": Decimal(-1)},
        {"kind": LineKind.OPEN, "description": "Mediation", "net_cents": 1, "vat_rate": Decimal("21.005")},
        {"kind": LineKind.OPEN, "description": " \u200b ", "net_cents": 1},
        {"kind": LineKind.OPEN, "description": "x" * 121, "net_cents": 1},
        {"kind": LineKind.OPEN, "description": "Mediation", "net_cents": Decimal("0.5")},
    ],
)
def test_impossible_lines_are_refused(fields: dict[str, Any]) -> None:
    """R44."""
    with pytest.raises(ValidationError):
        DocumentLine(**({"vat_rate": Decimal(21)} | fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"lines": ()},
        {"due_date": None},
        {"due_date": date(2026, 12, 2)},
        {"corrects": "2026-000001"},
        {"exemption_text": "Zorgvrijstelling"},
        {"buyer_reference": ""},
        {"number": "2026 000123"},
        {"number": "../../etc/passwd"},
        {"seller": BUYER.model_dump()},
        {"seller": SELLER.model_dump() | {"iban": "geen"}},
        {"buyer": BUYER.model_dump() | {"kvk": "1234567"}},
        {"buyer": BUYER.model_dump() | {"postcode": "0123 AB"}},
        {"buyer": BUYER.model_dump() | {"vat_id": "BE0123456789"}},
        {"lines": (contribution(100),)},
        {"lines": (line(100), contribution(-101))},
        {"lines": (line(100, **EXEMPT), line(100), contribution(-150))},
        {"lines": (line(100, **EXEMPT), contribution(-50))},
    ],
)
def test_incomplete_or_impossible_invoices_are_refused(fields: dict[str, Any]) -> None:
    """R53."""
    with pytest.raises(ValidationError):
        invoice(**({"lines": (line(100),)} | fields))


def test_a_credit_note_refers_and_does_not_fall_due() -> None:
    """R50."""
    note = credit_note(STANDARD)
    assert (note.kind, note.corrects, note.due_date) == (DocumentKind.CREDIT_NOTE, STANDARD.number, None)
    for wrong in ({"corrects": None}, {"corrects": note.number}, {"due_date": date(2027, 1, 1)}):
        with pytest.raises(ValidationError):
            InvoiceDocument(**(note.model_dump() | wrong))


def test_part_of_an_invoice_can_be_given_back_but_never_more_than_it_asked() -> None:
    """R50."""
    assert credit_note(STANDARD, lines=[line(100_00)]).gross_cents == 121_00
    with pytest.raises(ValueError, match="at most what was asked"):
        credit_note(STANDARD, lines=[line(2_275_01)])
    with pytest.raises(ValueError, match="at most what was asked"):
        credit_note(STANDARD, lines=[line(100_00, **EXEMPT)])
    with pytest.raises(ValueError, match="corrects an invoice"):
        credit_note(credit_note(STANDARD))


def test_a_contribution_decided_later_is_given_back() -> None:
    assert credit_note(STANDARD, lines=[contribution(1_137_50)]).gross_cents == 1_376_38


def test_values_cannot_be_changed() -> None:
    """R50: what was issued stays as it was."""
    with pytest.raises(ValidationError, match="frozen"):
        STANDARD.number = "2026-000999"  # type: ignore[misc]


def test_numbers_of_people_are_written_in_one_way() -> None:
    party = Party(
        name="  De\tZorg \u202eB.V.\x00 ",
        street="Weg 1",
        postcode="1234ab",
        city="Ede",
        kvk="1234.5678",
        vat_id="nl 0012 34567 b01",
    )
    assert (party.name, party.postcode, party.kvk, party.vat_id) == (
        "De Zorg B.V.",
        "1234 AB",
        "12345678",
        "NL001234567B01",
    )


def test_a_month_knows_its_days_and_a_file_only_its_number() -> None:
    month = Month(year=2028, month=2)
    assert (month.first_day, month.last_day, str(month)) == (date(2028, 2, 1), date(2028, 2, 29), "2028-02")
    assert STANDARD.file_name("pdf") == "factuur-2026-000123.pdf"
    assert credit_note(STANDARD).file_name("xml") == "creditnota-2026-000131.xml"
