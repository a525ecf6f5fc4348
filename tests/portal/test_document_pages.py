"""Documents in the portal: the letter for each who may have it."""

import pytest

from tests.medical.stage import MEDICAL, Stage
from tests.portal.reading import main_of
from tests.portal.visitors import SignIn

PLACES = {
    "physician": "/arts/verwijzingen",
    "delegate": "/arts/verwijzingen",
    "provider": "/provider/verwijzingen",
    "employee": "/werknemer/interventies",
}


@pytest.mark.parametrize("reader", sorted(PLACES))
def test_the_letter_is_one_click_from_the_referral(stage: Stage, sign_in: SignIn, reader: str) -> None:
    done = stage.issued(MEDICAL, expected_result="Vier uur per dag", abilities="Geen nachtdienst")
    visitor = sign_in(getattr(stage, reader))
    page = f"{PLACES[reader]}/{done.id}"
    shown = main_of(visitor.get(page).text)
    assert "Vier uur per dag" in shown
    assert "Geen nachtdienst" in shown
    linked = visitor.get(page).text + visitor.get(f"{page}/brief").text
    assert f"{page}/brief.pdf" in linked
    answer = visitor.get(f"{page}/brief.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_secretariat_has_no_way_to_it(stage: Stage, sign_in: SignIn) -> None:
    """R21."""
    done = stage.issued(MEDICAL)
    secretary = sign_in(stage.secretary)
    assert {secretary.get(f"{place}/{done.id}/brief.pdf").status_code for place in PLACES.values()} == {403}
