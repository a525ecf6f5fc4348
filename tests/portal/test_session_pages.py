"""A provider's sessions in the portal: registered, billed with one confirmation, answered, and given back."""

import pytest

from core.clock import today
from identity.actor import Actor
from medical.invoice_tables import ProviderInvoiceState
from medical.invoices.judge import DisputeReason, approve_provider_invoice
from medical.tables import ReferralState
from tests.medical.stage import MEDICAL, Stage
from tests.portal.open_pages import rows_of, typed, words_of
from tests.portal.provider_desk import INVOICES, dispute, invoice_for, invoices_of, path_of, told
from tests.portal.visitors import SignIn, Visitor


@pytest.fixture
def provider(stage: Stage, sign_in: SignIn) -> Visitor:
    return sign_in(stage.provider)


def approve(stage: Stage, invoice_id: object, actor: Actor) -> None:
    with stage.acting(actor) as session:
        approve_provider_invoice(session, actor, invoice_id)  # type: ignore[arg-type]


def test_sessions_are_registered_and_billed_with_one_confirmation(stage: Stage, provider: Visitor) -> None:
    referral_id = stage.in_state(ReferralState.RUNNING, MEDICAL)
    path = path_of(referral_id, "sessies")
    assert path in provider.get(path_of(referral_id)).text
    assert "vastgelegd" in told(provider, provider.send(path, day=today().isoformat(), units="2", outcome="delivered"))
    page = told(provider, provider.send(path, day=today().isoformat(), units="1", outcome="no_show"))
    assert "Uw contract geeft hier geen vergoeding voor" in page
    assert "Factureer 1 sessie: € 210,00 zonder btw" in page
    check = provider.get(f"{path}/factuur").text
    assert "Alle controles kloppen" in words_of(check)
    assert typed(check, "invoice_number") == f"{today().year}-0001"
    assert invoices_of(stage) == []
    sent = provider.send(f"{path}/factuur", invoice_number="2026-77", invoice_date=today().isoformat())
    assert "2026-77" in told(provider, sent)
    (view,) = invoices_of(stage)
    assert (view.header.net_cents, view.header.state) == (210_00, ProviderInvoiceState.RECEIVED)
    assert "Op een factuur" in provider.get(path).text


def test_a_session_that_was_a_mistake_is_taken_away(stage: Stage, provider: Visitor) -> None:
    path = path_of(stage.in_state(ReferralState.RUNNING, MEDICAL), "sessies")
    assert provider.send(path, day="", units="0", outcome="delivered").status_code == 422
    page = provider.get(told_address(provider.send(path, day=today().isoformat(), units="1", outcome="delivered"))).text
    away = page.split(f'action="{path}/')[1].split('"')[0]
    assert "weggehaald" in told(provider, provider.send(f"{path}/{away}"))
    assert rows_of(provider.get(path).text) == []


def told_address(answer: object) -> str:
    return str(answer.headers["location"])  # type: ignore[attr-defined]


def test_a_dispute_is_answered_with_a_code(stage: Stage, provider: Visitor) -> None:
    invoice_id = invoice_for(stage, stage.in_state(ReferralState.RUNNING, MEDICAL))
    dispute(stage, invoice_id, DisputeReason.NOT_DELIVERED)
    page = provider.get(f"{INVOICES}/{invoice_id}").text
    assert "Het is geleverd, en dat kan ik laten zien" in words_of(page)
    assert "?vervangt=F-1" in page
    said = told(provider, provider.send(f"{INVOICES}/{invoice_id}/antwoord", answer="delivered"))
    assert "Wordt opnieuw nagekeken" in said
    assert provider.send(f"{INVOICES}/{invoice_id}/antwoord", answer="gek").status_code == 422


def test_a_corrected_invoice_takes_the_place_of_the_wrong_one(stage: Stage, provider: Visitor) -> None:
    referral_id = stage.in_state(ReferralState.RUNNING, MEDICAL)
    invoice_id = invoice_for(stage, referral_id)
    dispute(stage, invoice_id)
    path = path_of(referral_id, "factuur")
    assert "in de plaats van F-1" in words_of(provider.get(path, vervangt="F-1").text)
    fields = {
        "corrects": "F-1",
        "invoice_number": "F-2",
        "invoice_date": today().isoformat(),
        "price": "100,00",
        "lines.0.date": today().isoformat(),
        "lines.0.quantity": "1",
        "lines.0.description": "Gesprek",
    }
    told(provider, provider.send(path, act="send", **fields))
    assert "Vervangen" in words_of(provider.get(f"{INVOICES}/{invoice_id}").text)


def test_a_credit_note_is_written_from_the_released_invoice(stage: Stage, provider: Visitor) -> None:
    invoice_id = invoice_for(stage, stage.in_state(ReferralState.RUNNING, MEDICAL))
    path = f"{INVOICES}/{invoice_id}/creditnota"
    assert provider.get(path).status_code == 409
    approve(stage, invoice_id, stage.secretary)
    page = provider.get(path).text
    assert (typed(page, "invoice_number"), typed(page, "lines.0.quantity")) == ("C-F-1", "1")
    fields = {"invoice_number": "C-1", "invoice_date": today().isoformat(), "lines.0.position": "0"}
    assert "Creditnota C-1" in told(provider, provider.send(path, **fields, **{"lines.0.quantity": "0,5"}))
    assert provider.send(path, **fields, **{"lines.0.quantity": "0"}).status_code == 422
