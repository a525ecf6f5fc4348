"""Giving an invoice back in the portal: asked, looked at, sent, and seen by the buyer beside the invoice."""

from uuid import uuid4

import pytest

from identity.actor import Actor
from tests.billing.office import OPEN, Office
from tests.portal.desk import HOME, issued
from tests.portal.open_pages import faults_of, words_of
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

WANTED = {"reason": "wrong_amount", "anew": "no"}


def path(invoice_id: object) -> str:
    return f"{HOME}/verstuurd/{invoice_id}/crediteren"


def test_it_is_looked_at_before_it_goes(office: Office, employer: Actor, secretary: Visitor, world: World) -> None:
    """R50: the page shows the very credit note and leaves no trace."""
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    assert f'href="{path(invoice_id)}"' in secretary.get(f"{HOME}/verstuurd/{invoice_id}").text
    looked_at = words_of(secretary.send(path(invoice_id), **WANTED).text)
    assert "€ 121,00" in looked_at
    assert "Een verstuurde creditnota verandert niet meer." in looked_at
    assert len(issued(world)) == 1
    answer = secretary.send(path(invoice_id), **WANTED, sure="yes")
    assert answer.status_code == 303
    note = max(issued(world), key=lambda each: each.number)
    assert answer.headers["location"] == f"{HOME}/verstuurd/{note.id}"
    assert note.corrects_id == invoice_id
    assert note.number in looked_at


def test_the_buyer_sees_it_beside_its_invoice(
    office: Office, employer: Actor, secretary: Visitor, sign_in: SignIn, world: World
) -> None:
    """R50."""
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    secretary.send(path(invoice_id), **WANTED, sure="yes")
    note = max(issued(world), key=lambda each: each.number)
    buyer = sign_in(employer)
    listed = words_of(buyer.get("/werkgever/facturen").text)
    assert "€ -121,00" in listed.replace("\N{MINUS SIGN}", "-")
    assert "Gecrediteerd" in listed
    page = buyer.get(f"/werkgever/facturen/{invoice_id}").text
    assert f'href="/werkgever/facturen/{note.id}"' in page
    assert "Betaal" not in [word for word in words_of(page).split() if word == "Betaal"]
    assert "crediteren" not in page
    assert "Terug te krijgen" in words_of(buyer.get(f"/werkgever/facturen/{note.id}").text)
    assert buyer.get("/werkgever/facturen", show="open").text.count(note.number) == 0


def test_what_is_wrong_is_said_and_nothing_is_lost(office: Office, employer: Actor, secretary: Visitor) -> None:
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    answer = secretary.send(path(invoice_id), reason="goodwill")
    assert answer.status_code == 422
    assert faults_of(answer.text)
    assert secretary.send(path(invoice_id), reason="provider_credit", anew="no", sure="yes").status_code == 422
    secretary.send(path(invoice_id), **WANTED, sure="yes")
    again = secretary.send(path(invoice_id), **WANTED)
    assert again.status_code == 409
    assert "al helemaal gecrediteerd" in again.text
    assert f'href="{path(invoice_id)}"' not in secretary.get(f"{HOME}/verstuurd/{invoice_id}").text


@pytest.mark.parametrize("who", ["provider", "physician"])
def test_nobody_else_comes_here(office: Office, employer: Actor, sign_in: SignIn, who: str) -> None:
    office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    visitor = sign_in(getattr(office, who))
    assert visitor.send(path(invoice_id), **WANTED, sure="yes").status_code == 403
    assert visitor.send(path(uuid4()), **WANTED, sure="yes").status_code == 403
