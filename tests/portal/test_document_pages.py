"""Documents in the portal: the letter for each who may have it, and the files that go with it."""

import re

import pytest
from httpx2 import Response

from core.received_files import receive
from tests.core.files import pdf, png, script
from tests.medical.stage import MEDICAL, Stage
from tests.portal.reading import main_of
from tests.portal.visitors import SignIn, Visitor

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


def choose(visitor: Visitor, path: str, name: str, content: bytes, declared: str) -> Response:
    return visitor.client.post(path, data={"csrf_token": visitor.token}, files={"file": (name, content, declared)})


def test_a_file_goes_along_and_only_the_provider_opens_it(stage: Stage, sign_in: SignIn) -> None:
    done = stage.issued(MEDICAL)
    physician, provider, employee = (sign_in(who) for who in (stage.physician, stage.provider, stage.employee))
    place = f"{PLACES['physician']}/{done.id}"
    page = main_of(physician.get(f"{place}/bijlagen").text)
    assert "opent alleen de provider hem" in page
    answer = choose(physician, f"{place}/bijlagen", "Rapport.pdf", pdf(), "application/pdf")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}#bijlagen")
    shown = physician.get(place).text
    assert "Rapport.pdf" in main_of(shown)
    assert "/bestand" not in shown
    links = re.findall(r'href="([^"]+/bestand)"', provider.get(f"{PLACES['provider']}/{done.id}").text)
    assert len(links) == 1
    file = provider.get(links[0])
    assert (file.status_code, file.content) == (200, pdf())
    assert file.headers["content-disposition"] == 'attachment; filename="Rapport.pdf"'
    assert physician.get(links[0].replace(PLACES["provider"], PLACES["physician"])).status_code == 403
    own = main_of(employee.get(f"{PLACES['employee']}/{done.id}").text)
    assert "Rapport.pdf" in own
    assert "Alleen wie u helpt, kan dit openen" in own
    remove = re.findall(rf'action="({place}/bijlagen/[^"]+/weghalen)"', shown)
    assert physician.send(remove[0]).status_code == 303
    assert "Rapport.pdf" not in main_of(provider.get(f"{PLACES['provider']}/{done.id}").text)
    assert provider.get(links[0]).status_code == 404


def test_what_goes_with_a_draft_is_opened_by_who_signs_it(stage: Stage, sign_in: SignIn) -> None:
    draft = stage.draft(MEDICAL)
    delegate, physician = sign_in(stage.delegate), sign_in(stage.physician)
    place = f"{PLACES['delegate']}/{draft.id}"
    assert choose(delegate, f"{place}/bijlagen", "Foto.png", png(), "image/png").status_code == 303
    links = re.findall(r'href="([^"]+/bestand)"', physician.get(place).text)
    assert physician.get(links[0]).content == receive("Foto.png", "image/png", png()).content
    assert "Foto.png" in main_of(physician.get(f"{place}/versturen").text)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("x.pdf", png(), "zegt iets anders te zijn"), ("x.pdf", pdf(script), "script"), ("x.pdf", b"", "leeg")],
)
def test_a_bad_file_comes_back_with_the_reason(
    stage: Stage, sign_in: SignIn, name: str, content: bytes, says: str
) -> None:
    done = stage.issued(MEDICAL)
    answer = choose(sign_in(stage.physician), f"{PLACES['physician']}/{done.id}/bijlagen", name, content, "")
    assert answer.status_code == 422
    assert says in main_of(answer.text)


def test_without_a_file_the_page_asks_for_one(stage: Stage, sign_in: SignIn) -> None:
    done = stage.issued(MEDICAL)
    answer = sign_in(stage.physician).send(f"{PLACES['physician']}/{done.id}/bijlagen")
    assert answer.status_code == 422
    assert "Vul dit in" in main_of(answer.text)
