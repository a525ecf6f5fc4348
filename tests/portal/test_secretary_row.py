"""The secretariat works through the row: owner, overdue, credit notes, and the keyboard alone."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.clock import now, standing_at
from medical.invoices.desk import climb_invoices
from medical.invoices.input import ProviderInvoiceInput
from tests.billing.office import PROVIDER_NAME, Office, Referred
from tests.portal.desk import HOME, page_of
from tests.portal.open_pages import tasks_of, words_of
from tests.portal.reading import find
from tests.portal.test_secretary_pages import STAYS, crossings_of
from tests.portal.visitors import SignIn, Visitor


@pytest.fixture
def secretary(office: Office, sign_in: SignIn) -> Visitor:
    return sign_in(office.secretary)


@pytest.fixture
def referred(office: Office) -> Referred:
    return office.referred(office.sick(office.employer()))


def name(invoice: ProviderInvoiceInput) -> str:
    return f"{PROVIDER_NAME}, {invoice.invoice_number}"


def test_an_invoice_is_taken_and_left(office: Office, secretary: Visitor, referred: Referred) -> None:
    invoice = office.invoice(referred)
    path = page_of(office.send(invoice).id)
    assert tasks_of(secretary.get(HOME, state="mine").text) == []
    secretary.send(f"{path}/nemen")
    assert tasks_of(secretary.get(HOME, state="mine").text) == [name(invoice)]
    secretary.send(f"{path}/loslaten")
    assert tasks_of(secretary.get(HOME, state="mine").text) == []


def test_what_is_left_lying_stands_on_the_list_of_all(office: Office, secretary: Visitor, referred: Referred) -> None:
    with standing_at(now() - timedelta(days=20)):
        late_referral = office.referred(office.sick(office.employer("Ander bedrijf")))
        late = office.invoice(late_referral)
        late_id = office.send(late).id
    office.send(office.invoice(referred))
    secretary.send(f"{page_of(late_id)}/nemen")
    with office.care(office.system) as session:
        assert climb_invoices(session, office.system) == 1
    assert tasks_of(secretary.get(HOME, state="late").text) == [name(late)]
    assert tasks_of(secretary.get(HOME, state="mine").text) == []
    assert "Te laat" in words_of(secretary.get(page_of(late_id)).text)


def credit(office: Office, invoice: ProviderInvoiceInput) -> UUID:
    changes = {"kind": "credit_note", "corrects": invoice.invoice_number, "invoice_number": "C-1"}
    return office.send(ProviderInvoiceInput.model_validate(invoice.model_dump() | changes)).id


def test_of_a_credit_note_stands_beside_it_what_leaves(office: Office, secretary: Visitor, referred: Referred) -> None:
    """R43: what was pooled is never given back by itself."""
    invoice = office.invoice(referred, 2)
    office.approve(office.send(invoice).id)
    path = page_of(credit(office, invoice))
    page = secretary.get(path).text
    assert f"Bij factuur {invoice.invoice_number}" in words_of(page)
    fields = crossings_of(page)
    assert fields["Terug, zonder btw"][0] == "€ -200,00"
    assert fields["Terug, zonder btw"][1].startswith("Minder op dezelfde factuur: € -200,00")
    assert fields["Provider"] == (PROVIDER_NAME, STAYS)
    secretary.send(path)
    assert "Vrijgegeven" in words_of(secretary.get(path).text)


def test_a_credit_note_is_asked_for_with_a_code(office: Office, secretary: Visitor, referred: Referred) -> None:
    path = page_of(office.supply(referred))
    assert f"{path}/creditvraag" in secretary.get(path).text
    assert secretary.send(f"{path}/creditvraag", reason="").status_code == 422
    assert secretary.send(f"{path}/creditvraag", reason="not_delivered").status_code == 303
    assert "Creditnota gevraagd: Niet geleverd" in words_of(secretary.get(path).text)


def test_the_row_is_worked_off_without_losing_ones_place(
    office: Office, secretary: Visitor, referred: Referred
) -> None:
    first, second = office.send(office.invoice(referred)).id, office.send(office.invoice(referred)).id
    row = sorted([first, second])
    start = secretary.get(HOME).text
    assert find(start, '//a[contains(@href, "?rij=1")]')[0].get("href") == f"{page_of(row[0])}?rij=1"
    page = secretary.get(page_of(row[0]), rij="1").text
    panel = find(page, "//*[@data-keys]")[0]
    assert panel.get("data-at-once") is not None
    assert [each.get("data-key") for each in find(page, "//*[@data-key]")] == ["g", "t", "v"]
    went = secretary.send(page_of(row[0]), rij="1").headers["location"]
    assert went == f"{page_of(row[1])}?rij=1"
    back = secretary.send(f"{page_of(row[1])}/terugsturen", rij="1", reason="units").headers["location"]
    assert back == HOME
