"""The pages on which the secretariat pays and receives, and on which a provider sees what he was paid."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from billing.invoicing.invoices_read import get_invoice
from billing.payment_tables import Payment
from core.clock import now, standing_at
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import OPEN, Office
from tests.portal.open_pages import words_of
from tests.portal.visitors import SignIn, Visitor

PAYING, RECEIVING, OWN = "/secretariaat/betalen", "/secretariaat/ontvangen", "/provider/uitbetalingen"
RECEIPT = f"{RECEIVING}/bank"


@pytest.fixture
def desk(office: Office, sign_in: SignIn) -> Visitor:
    return sign_in(office.secretary)


def invoiced(office: Office, employer: Actor) -> UUID:
    office.supplied(employer, intervention=OPEN, units=10)
    return office.run().invoices[0]


def number_of(office: Office, buyer: Actor, invoice_id: UUID) -> str:
    with office.open(buyer) as session:
        return get_invoice(session, buyer, invoice_id).summary.number


def test_a_second_person_agrees_and_the_provider_sees_when(
    office: Office, employer: Actor, desk: Visitor, sign_in: SignIn
) -> None:
    """R42."""
    invoiced(office, employer)
    assert "Door u goedgekeurd" in desk.get(PAYING, show="agree").text
    second = sign_in(office.world.actor(Role.SECRETARY))
    page = second.get(PAYING, show="agree").text
    place = page.split('action="/secretariaat/betalen/akkoord/')[1].split('"')[0]
    assert desk.send(f"{PAYING}/akkoord/{place}").status_code == 403
    assert second.send(f"{PAYING}/akkoord/{place}").status_code == 303
    provider = sign_in(office.provider)
    assert "Wij kunnen u nog niet uitbetalen" in provider.get(OWN).text
    onboarding = provider.send(f"{OWN}/aanmelden").headers["location"]
    assert onboarding.endswith(f"{OWN}/aanmelden")
    assert provider.get(f"{OWN}/aanmelden").status_code == 303
    assert "Uitbetalingen gaan naar de rekening" in provider.get(OWN).text
    with standing_at(now() + timedelta(days=20)):
        again = sign_in(office.secretary)
        assert "€ 1.210,00" in words_of(again.get(PAYING).text)
        assert again.send(f"{PAYING}/uitbetalen").status_code == 303
        assert "Onderweg" in again.get(PAYING, show="payouts").text


def test_a_bank_receipt_is_booked_and_faults_are_told(office: Office, employer: Actor, desk: Visitor) -> None:
    number = number_of(office, employer, invoiced(office, employer))
    wrong = desk.send(RECEIPT, invoice_number="2020-1", amount="1.210,00", statement="A-1")
    assert wrong.status_code == 422
    assert "Er is geen factuur met dit nummer." in wrong.text
    assert desk.send(RECEIPT, invoice_number=number, amount="1.300,00", statement="A-1").status_code == 303
    page = words_of(desk.get(RECEIVING).text)
    assert "€ 90,00" in page
    with Session(office.world.database.owner) as session:
        invoice_id = session.exec(select(Payment.invoice_id).where(Payment.tenant_id == office.world.tenant_id)).one()
    assert desk.send(f"{RECEIVING}/terugbetalen/{invoice_id}").status_code == 303
    assert desk.send(f"{RECEIVING}/verschillen/{invoice_id}", reason="timing").status_code == 404
    assert desk.send(f"{RECEIVING}/verschillen/{invoice_id}", reason="because").status_code == 422
    assert desk.send(f"{RECEIVING}/berichten/{invoice_id}").status_code == 404


def test_nobody_else_gets_there(office: Office, employer: Actor, sign_in: SignIn) -> None:
    for visitor in (sign_in(employer), sign_in(office.physician), sign_in(office.provider)):
        for page in (PAYING, RECEIVING):
            assert visitor.get(page).status_code in (403, 404)
    assert sign_in(office.secretary).get(OWN).status_code == 403
