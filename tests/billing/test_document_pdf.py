"""The PDF: what it says, what its metadata say, and that it can be kept and read aloud."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader

from billing.invoicing.document_pdf import write_pdf
from billing.invoicing.document_ubl import write_ubl
from billing.invoicing.documents import InvoiceDocument, LineKind
from tests.billing.document_samples import (
    BUYER,
    MIXED,
    SAMPLES,
    SELLER,
    SHARED,
    STANDARD,
    WHOLLY_PAID_BY_INSURER,
    credit_note,
    invoice,
    line,
)

MINUS = "\N{MINUS SIGN}"


def read(document: InvoiceDocument) -> PdfReader:
    return PdfReader(BytesIO(write_pdf(document)))


def words(document: InvoiceDocument) -> str:
    """Return the text of all pages with single spaces, also where a line or a page ends."""
    text = " ".join(page.extract_text() for page in read(document).pages)
    return " ".join(text.split())


def catalog(document: InvoiceDocument) -> Any:
    return read(document).trailer["/Root"].get_object()


def packet(document: InvoiceDocument) -> bytes:
    """Return the XMP packet: the metadata as archives read them."""
    data = catalog(document)["/Metadata"].get_object().get_data()
    assert isinstance(data, bytes)
    return data


def test_an_invoice_says_what_the_law_asks() -> None:
    """R53: both parties, KvK, btw-id, number, date, period, rates, VAT and total."""
    text = words(STANDARD)
    for part in (
        "Factuurnummer 2026-000123",
        "Factuurdatum 3 december 2026",
        "Periode november 2026",
        "Vervaldatum 2 januari 2027",
        "Uw referentie Kostenplaats 4410",
        "Arbodienst De Singel B.V. Singel 14 3511 AB Utrecht facturen@desingel.example",
        "KvK 30112233 · Btw-id NL801122334B01",
        "Bakkerij Van der Meer & Zn. <VOF> Korenmarkt 3a 8011 CD Zwolle KvK 05443322 Btw-id NL810099887B01",
        "Arbeidsdeskundig onderzoek Medewerker 1042 21% 875,00",
        "Interventie op advies van de bedrijfsarts 21% 1.250,05",
        "Subtotaal zonder btw 2.275,00",
        "21% btw over € 2.275,00 477,75",
        "Totaal te betalen € 2.752,75",
        "Betaal € 2.752,75 uiterlijk 2 januari 2027 op NL91 ABNA 0417 1643 00",
        "Pagina 1 van 1",
    ):
        assert part in text


def test_a_contribution_lowers_the_total() -> None:
    text = words(SHARED)
    assert f"Bijdrage verzekeraar Zaak 7F3K 21% {MINUS}500,03" in text
    assert "Totaal te betalen € 992,22" in text


def test_rates_and_exemption_are_told_without_telling_why() -> None:
    """R48, leak L6."""
    text = words(MIXED)
    assert "21% btw over € 33,33 7,00" in text
    assert "9% btw over € 66,69 6,00" in text
    assert "Vrijgesteld van btw: € 412,50 0,00" in text
    assert "vrijgesteld 412,50" in text


def test_a_credit_note_is_negative_on_paper_and_names_its_invoice() -> None:
    """R50."""
    text = words(credit_note(MIXED))
    assert "Creditnotanummer 2026-000131" in text
    assert "Bij factuur 2026-000123" in text
    assert f"Totaal creditnota € {MINUS}525,52" in text
    assert "Dit bedrag wordt verrekend of terugbetaald." in text
    assert "Vervaldatum" not in text


def test_nothing_is_asked_when_nothing_is_due() -> None:
    text = words(WHOLLY_PAID_BY_INSURER)
    assert "U hoeft niets te betalen." in text
    assert "uiterlijk" not in text


def test_the_metadata_name_the_document_the_arbodienst_and_the_day_of_issue() -> None:
    """R43, leak L10."""
    metadata: dict[str, str] = {key: str(value) for key, value in (read(STANDARD).metadata or {}).items()}
    assert metadata.pop("/Creator").startswith("Typst ")
    assert metadata == {
        "/Title": "Factuur 2026-000123",
        "/Author": "Arbodienst De Singel B.V.",
        "/CreationDate": "D:20261203000000Z",
        "/ModDate": "D:20261203000000Z",
    }
    xmp = packet(STANDARD).decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z?", xmp)) == {"2026-12-03T00:00:00Z"}
    assert not any(word in xmp for word in (BUYER.name, "Interventie", "Medewerker", "2752", ".typ"))


def test_the_same_document_gives_the_same_bytes(tmp_path: Any) -> None:
    later = STANDARD.model_copy(update={"lines": tuple(reversed(STANDARD.lines))})
    assert write_pdf(STANDARD) == write_pdf(STANDARD)
    assert write_pdf(InvoiceDocument(**later.model_dump())) == write_pdf(STANDARD)


@pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_pdf_can_be_kept_and_read_aloud(document: InvoiceDocument) -> None:
    root = catalog(document)
    xmp = etree.fromstring(packet(document))
    claims = [node.text for node in xmp.iter("{*}part", "{*}conformance")]
    assert claims == ["3", "A", "1"], "PDF/A-3a and PDF/UA-1"
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert "/OutputIntents" in root


def test_the_ubl_is_inside_and_nothing_else_is() -> None:
    assert dict(read(SHARED).attachments) == {"factuur-2026-000123.xml": [write_ubl(SHARED)]}
    (attached,) = catalog(SHARED)["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Alternative"


def test_text_cannot_act_as_markup() -> None:
    name = r'#strong[x] #panic() *b* _i_ $x$ \ @ref <label> "q" // z'
    assert name in words(invoice(line(1), buyer=BUYER.model_copy(update={"name": name})))


def test_signs_without_a_letter_in_the_fonts_do_not_stop_an_invoice() -> None:
    text = words(invoice(line(1), buyer=BUYER.model_copy(update={"name": "Café Łódź 漢 😀 Ωμέγα"})))
    assert "Café Łódź ? ? Ωμέγα" in text


def test_sixty_lines_go_over_pages_that_repeat_the_head() -> None:
    document = invoice(*(line(cents, LineKind.OPEN, f"Dienst {cents:03}") for cents in range(1, 61)))
    pages = [page.extract_text() for page in read(document).pages]
    assert len(pages) == 3
    assert all("Bedrag in euro" in page and f"van {len(pages)}" in page for page in pages)
    assert all(f"Dienst {cents:03}" in "".join(pages) for cents in range(1, 61))
    assert "Totaal te betalen" in pages[-1]


def test_long_texts_stay_on_the_paper() -> None:
    document = invoice(
        line(99_999_999_99, LineKind.OPEN, "Onderzoek " * 12, reference="R" * 60),
        line(1, vat_rate=Decimal("5.5")),
        seller=SELLER.model_copy(update={"name": "Arbodiensten " * 9}),
        buyer_reference="X" * 60,
        due_date=date(2027, 1, 31),
    )
    (page,) = read(document).pages
    edges: list[float] = []
    page.extract_text(
        visitor_text=lambda text, _cm, matrix, _font, _size: edges.append(matrix[4]) if text.strip() else None
    )
    assert max(edges) < float(page.mediabox.right) - 50
    assert "".join(page.extract_text().split()).count("X" * 60) == 1


def test_the_day_of_issue_is_not_the_day_of_writing() -> None:
    issued = STANDARD.model_copy(update={"issue_date": date(2020, 2, 29)})
    metadata = read(issued).metadata
    assert metadata is not None
    assert metadata.creation_date == datetime(2020, 2, 29, tzinfo=UTC)
