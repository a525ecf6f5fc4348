"""What was shared and what was consented to, on the pages of the employee and of his physician."""

from cases.consents import withdraw_consent
from cases.tables import ConsentScope
from medical.tables import ReferralState
from tests.medical.stage import MEDICAL, Stage
from tests.portal.open_pages import words_of
from tests.portal.reading import main_of
from tests.portal.visitors import SignIn


def test_the_employee_and_the_physician_read_what_was_shared_under_which_consent(stage: Stage, sign_in: SignIn) -> None:
    """R27."""
    done = stage.issued(MEDICAL)
    for visitor, path in (
        (sign_in(stage.employee), "/werknemer/gedeeld"),
        (sign_in(stage.physician), f"/arts/dossiers/{stage.case_id}/gedeeld"),
    ):
        shown = words_of(visitor.get(path).text)
        for part in ("Provider: Praktijk De Brug", "doel, vraag en functionele informatie", done.number):
            assert part in shown
        assert "Gegevens naar de provider, schriftelijk, tekst 2026-1" in shown


def test_the_physician_can_print_it(stage: Stage, sign_in: SignIn) -> None:
    """R27."""
    stage.issued(MEDICAL)
    page = sign_in(stage.physician).get(f"/arts/dossiers/{stage.case_id}/gedeeld").text
    assert "data-print" in page
    assert "no-print" in page


def test_a_case_in_which_nothing_was_shared_says_so(stage: Stage, sign_in: SignIn) -> None:
    page = sign_in(stage.physician).get(f"/arts/dossiers/{stage.case_id}/gedeeld").text
    assert "Er is nog niets gedeeld." in main_of(page)


def test_a_consent_is_read_with_its_words_form_date_and_recorder(stage: Stage, sign_in: SignIn) -> None:
    """R23, R24."""
    consent_id = stage.consent(ConsentScope.REPORT_BACK)
    with stage.acting(stage.employee) as session:
        withdraw_consent(session, stage.employee, consent_id)
    for visitor, path in (
        (sign_in(stage.employee), f"/werknemer/toestemming/{stage.case_id}/geschiedenis"),
        (sign_in(stage.delegate), f"/arts/dossiers/{stage.case_id}/toestemming/geschiedenis"),
    ):
        shown = words_of(visitor.get(path).text)
        for part in (
            "schriftelijk",
            "Test physician, bedrijfsarts",
            "Ingetrokken door",
            "werknemer",
            "Tekst, versie 2026-1",
            "wat hij inhoudelijk zag",
        ):
            assert part in shown, (path, part)


def test_a_withdrawal_stands_on_the_worklist_until_the_physician_has_seen_it(stage: Stage, sign_in: SignIn) -> None:
    """R24."""
    stage.withdraw(stage.consent())
    physician, delegate = sign_in(stage.physician), sign_in(stage.delegate)
    for visitor in (physician, delegate):
        shown = main_of(visitor.get("/arts").text)
        assert "Toestemming ingetrokken" in shown
        assert "J. de Wit: gegevens naar de provider" in shown
    seen = physician.get("/arts").text.split('action="/arts/toestemming/')[1].split('"')[0]
    assert "/gezien" not in delegate.get("/arts").text
    assert delegate.send(f"/arts/toestemming/{seen}").status_code == 403
    assert physician.send(f"/arts/toestemming/{seen}").status_code == 303
    for visitor in (physician, delegate):
        assert "Toestemming ingetrokken" not in main_of(visitor.get("/arts").text)


def test_the_name_of_the_employee_goes_with_his_consent_also_after_the_start(stage: Stage, sign_in: SignIn) -> None:
    """R24."""
    consent_id = stage.consent()
    running = stage.in_state(ReferralState.RUNNING, MEDICAL)
    provider = sign_in(stage.provider)
    assert "J. de Wit" in provider.get(f"/provider/verwijzingen/{running}").text
    stage.withdraw(consent_id)
    page = provider.get(f"/provider/verwijzingen/{running}")
    assert page.status_code == 200
    assert "J. de Wit" not in page.text
