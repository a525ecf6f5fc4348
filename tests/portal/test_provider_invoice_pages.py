"""A provider's invoices in the portal: written, held against the agreement, sent once, and sent back."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from httpx2 import Response
from sqlmodel import Session, select

from core.clock import today
from identity.tables import AuditEvent
from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.judge import DisputeReason
from medical.tables import ReferralState
from tests.medical.stage import MEDICAL, Stage
from tests.medical.test_provider_invoices_ubl import ubl
from tests.portal.open_pages import faults_of, rows_of, typed, words_of
from tests.portal.provider_desk import (
    INVOICES,
    PRICE,
    dispute,
    invoice_for,
    invoices_of,
    on,
    path_of,
    told,
    typed_invoice,
)
from tests.portal.reading import find
from tests.portal.visitors import SignIn, Visitor


@pytest.fixture
def provider(stage: Stage, sign_in: SignIn) -> Visitor:
    return sign_in(stage.provider)


def test_an_invoice_begins_with_the_agreed_price(stage: Stage, provider: Visitor) -> None:
    page = provider.get(path_of(stage.in_state(ReferralState.RUNNING, MEDICAL), "factuur")).text
    assert (typed(page, "price"), typed(page, "invoice_date")) == ("105,00", today().isoformat())
    assert "8 sessies, samen hooguit € 840,00" in words_of(page)
    assert find(page, '//input[@name="lines.2.date"]')


def test_a_row_more_keeps_what_was_typed(stage: Stage, provider: Visitor) -> None:
    path = path_of(stage.in_state(ReferralState.RUNNING, MEDICAL), "factuur")
    page = provider.send(path, **typed_invoice(act="more"))
    assert page.status_code == 200
    assert typed(page.text, "lines.0.description") == "Twee gesprekken"
    assert len(find(page.text, '//input[contains(@name, ".quantity")]')) == 4


def test_an_invoice_with_faults_keeps_everything(stage: Stage, provider: Visitor) -> None:
    path = path_of(stage.in_state(ReferralState.RUNNING, MEDICAL), "factuur")
    wrong = {"invoice_number": "", "price": "veel", "lines.2.date": "31-31-2026", "lines.2.quantity": "-1"}
    page = provider.send(path, **typed_invoice(**wrong))
    assert page.status_code == 422
    assert [fault.split(":")[0] for fault in faults_of(page.text)] == [
        "Uw factuurnummer",
        "Prijs per sessie, zonder btw",
        "Datum, regel 3",
        "Aantal, regel 3",
        "Omschrijving, regel 3",
    ]
    assert typed(page.text, "price") == "veel"
    assert typed(page.text, "lines.0.quantity") == "2"
    assert typed(page.text, "lines.2.date") == "31-31-2026"
    none = provider.send(path, invoice_number="1", invoice_date=today().isoformat(), price="105")
    assert faults_of(none.text) == ["Wat u leverde: Vul dit in."]
    assert invoices_of(stage) == []


def test_looking_at_an_invoice_runs_every_check_and_leaves_nothing(stage: Stage, provider: Visitor) -> None:
    path = path_of(stage.in_state(ReferralState.RUNNING, MEDICAL), "factuur")
    look = provider.send(path, **typed_invoice())
    assert "Alle controles kloppen" in words_of(look.text)
    assert "€ 210,00" in words_of(look.text)
    assert "De hele factuur" in words_of(look.text, "(//article)[1]")
    assert "Data, aantallen en omschrijvingen" in words_of(look.text, "(//article)[2]")
    assert invoices_of(stage) == []
    with Session(stage.world.database.owner) as session:
        received = select(AuditEvent).where(
            AuditEvent.tenant_id == stage.world.tenant_id, AuditEvent.tag == "medical:provider_invoice:received"
        )
        assert session.exec(received).all() == []
    assert typed(on(provider, path, look, "edit").text, "lines.0.description") == "Twee gesprekken"


def test_an_invoice_is_sent_once(stage: Stage, provider: Visitor) -> None:
    """R40."""
    path = path_of(stage.in_state(ReferralState.RUNNING, MEDICAL), "factuur")
    look = provider.send(path, **typed_invoice())
    first = on(provider, path, look, "send")
    page = told(provider, first)
    assert "De factuur is verstuurd" in page
    assert "Wordt nagekeken" in page
    second = on(provider, path, look, "send")
    assert second.headers["location"] == first.headers["location"]
    assert "Hij is niet nog een keer verstuurd" in told(provider, second)
    (kept,) = invoices_of(stage)
    assert (kept.header.state, kept.header.gross_cents) == (ProviderInvoiceState.RECEIVED, 210_00)
    assert [(line.quantity, line.unit_price_cents, line.vat_rate) for line in kept.lines] == [(Decimal(2), PRICE, 0)]
    known = provider.send(path, **typed_invoice())
    assert "Deze factuur hebt u al gestuurd" in words_of(known.text)
    assert find(known.text, '//button[@value="send"]') == []
    other = provider.send(path, **typed_invoice(price="104"))
    assert other.status_code == 409
    assert "al een andere factuur gestuurd met nummer 2026-7" in faults_of(other.text)[0]
    assert typed(other.text, "price") == "104"


def test_a_check_that_fails_is_said_before_and_after(stage: Stage, provider: Visitor) -> None:
    path = path_of(stage.in_state(ReferralState.RUNNING, MEDICAL), "factuur")
    look = provider.send(path, **typed_invoice(price="110", **{"lines.0.quantity": "9"}))
    assert "2 controles kloppen niet" in words_of(look.text)
    assert "Er zijn er nog 8 over." in words_of(look.text)
    assert "niet elke controle klopt" in told(provider, on(provider, path, look, "send"))
    (kept,) = invoices_of(stage)
    assert kept.header.state is ProviderInvoiceState.EXCEPTION
    page = provider.get(f"{INVOICES}/{kept.header.id}").text
    failed = [" ".join(each.text_content().split()) for each in find(page, '//li[@class="fault"]')]
    assert [words.startswith("Klopt niet: Gevraagd: 9") for words in failed] == [True, False]
    assert "Afgesproken is € 105,00 per eenheid" in failed[1].replace("\xa0", " ")


def test_an_invoice_that_was_sent_back_says_why_and_what_to_do(stage: Stage, provider: Visitor) -> None:
    running = stage.in_state(ReferralState.RUNNING)
    invoice = invoice_for(stage, running)
    dispute(stage, invoice, DisputeReason.NOT_DELIVERED)
    page = provider.get(f"{INVOICES}/{invoice}").text
    assert "Volgens de arts of de werknemer is dit niet geleverd." in words_of(page)
    assert f"{path_of(running, 'factuur')}?vervangt=F-1" in find(page, "//main//a/@href")
    listed = rows_of(provider.get(INVOICES, state="disputed").text)
    assert ["Teruggestuurd Volgens de arts" in row for row in listed] == [True]
    assert rows_of(provider.get(INVOICES).text) == listed


@pytest.fixture
def upload(provider: Visitor) -> Callable[[bytes], Response]:
    def send(content: bytes) -> Response:
        fields = {"csrf_token": provider.token}
        return provider.client.post(
            f"{INVOICES}/ubl", data=fields, files={"file": ("factuur.xml", content, "text/xml")}
        )

    return send


def test_a_ubl_file_is_read_and_sent_once(stage: Stage, provider: Visitor, upload: Callable[[bytes], Response]) -> None:
    number = stage.row(stage.in_state(ReferralState.RUNNING)).number
    content = ubl(reference=number, number="UBL-1", price="100.00")
    first = upload(content)
    assert "gelezen en verstuurd" in told(provider, first)
    second = upload(content)
    assert "had u al gestuurd" in told(provider, second)
    assert second.headers["location"] == first.headers["location"]
    assert [view.header.invoice_number for view in invoices_of(stage)] == ["UBL-1"]


def test_what_is_no_ubl_file_is_refused(stage: Stage, provider: Visitor, upload: Callable[[bytes], Response]) -> None:
    nothing = provider.send(f"{INVOICES}/ubl")
    assert (nothing.status_code, faults_of(nothing.text)) == (422, ["UBL-factuur: Vul dit in."])
    for content in (b"geen xml", b"<a/>", b""):
        page = upload(content)
        assert page.status_code == 422, content
        assert faults_of(page.text)
    assert invoices_of(stage) == []


def test_a_new_invoice_takes_the_old_one_off_the_worklist(stage: Stage, provider: Visitor) -> None:
    running = stage.in_state(ReferralState.RUNNING)
    dispute(stage, invoice_for(stage, running, "F-1", cents=200_00))
    assert "F-1" in words_of(provider.get("/provider").text)
    invoice_for(stage, running, "F-2")
    assert "F-1" not in words_of(provider.get("/provider").text)
