"""In the portal: a draft that goes back, what changed in it, a question and its answer, and an interruption."""

from datetime import timedelta

import pytest

from core.clock import today
from medical.tables import ReferralState
from tests.medical.stage import MEDICAL, OPEN, Stage
from tests.portal.reading import field, find, main_of, words
from tests.portal.visitors import SignIn, Visitor


@pytest.fixture
def provider(stage: Stage, sign_in: SignIn) -> Visitor:
    return sign_in(stage.provider)


def test_a_draft_goes_back_and_the_physician_sees_what_changed(
    stage: Stage, physician: Visitor, delegate: Visitor
) -> None:
    """R6."""
    path = f"/arts/verwijzingen/{stage.draft(MEDICAL).id}"
    assert "Veranderd sinds u dit zag" not in physician.get(path).text
    asked = physician.get(f"{path}/terugsturen").text
    version = field(asked, "version")
    empty = physician.send(f"{path}/terugsturen", version=version, words="Maak het doel meetbaar.")
    assert empty.status_code == 422
    assert field(empty.text, "words") == "Maak het doel meetbaar."
    sent = physician.send(f"{path}/terugsturen", version=version, reason="unclear", words="Maak het doel meetbaar.")
    assert sent.status_code == 303
    assert "teruggestuurd concept wijzigen" in words(find(delegate.get("/arts").text, "//main")[0])
    page = main_of(delegate.get(path).text)
    assert "Doel of vraag is niet duidelijk" in page
    assert "Maak het doel meetbaar." in page
    revision = {"goal": "Zes uur per dag", "question": "Hoe?", "units": "8", "expected_days_saved": "30"}
    now = field(delegate.get(f"{path}/wijzigen").text, "version")
    assert delegate.send(f"{path}/wijzigen", version=now, **revision).status_code == 303
    (changed,) = find(physician.get(path).text, '//section[@id="veranderd"]')
    said = words(changed)
    assert "Weer acht uur per dag kunnen werken" in said
    assert "Zes uur per dag" in said
    assert "Verwachte winst" not in said
    assert "Versie 3 van Test delegate" in words(find(physician.get(path).text, '//section[@id="versies"]')[0])


def test_only_the_physician_is_offered_to_send_it_back(stage: Stage, physician: Visitor, delegate: Visitor) -> None:
    path = f"/arts/verwijzingen/{stage.draft(OPEN).id}"
    assert f"{path}/terugsturen" in physician.get(path).text
    assert f"{path}/terugsturen" not in delegate.get(path).text


def test_a_question_is_asked_and_answered(stage: Stage, physician: Visitor, provider: Visitor) -> None:
    referral_id = stage.issued(OPEN).id
    here, there = f"/provider/verwijzingen/{referral_id}", f"/arts/verwijzingen/{referral_id}"
    version = field(provider.get(f"{here}/vraag").text, "version")
    assert provider.send(f"{here}/vraag", version=version, words="").status_code == 422
    assert provider.send(f"{here}/vraag", version=version, words="Mag hij tillen?").status_code == 303
    assert "zo lang staat uw termijn stil" in main_of(provider.get(here).text)
    assert "De provider wacht op u" in physician.get("/arts").text
    asked = physician.get(f"{there}/beantwoorden").text
    assert "Mag hij tillen?" in asked
    answer = {"version": field(asked, "version"), "words": "Tot tien kilo."}
    assert physician.send(f"{there}/beantwoorden", **answer).status_code == 303
    assert physician.send(f"{there}/beantwoorden", **answer).status_code == 409
    for visitor, path in ((provider, here), (physician, there)):
        (talk,) = find(visitor.get(path).text, '//section[@id="vragen"]')
        assert "Mag hij tillen?" in words(talk)
        assert "Tot tien kilo." in words(talk)


@pytest.mark.parametrize("who", ["provider", "physician"])
def test_an_interruption(stage: Stage, physician: Visitor, provider: Visitor, who: str) -> None:
    referral_id = stage.in_state(ReferralState.RUNNING)
    roads = {
        "provider": (provider, f"/provider/verwijzingen/{referral_id}"),
        "physician": (physician, f"/arts/verwijzingen/{referral_id}"),
    }
    visitor, path = roads[who]
    version = field(visitor.get(f"{path}/onderbreken").text, "version")
    past = {"version": version, "reason": "employee_away", "until": str(today())}
    assert visitor.send(f"{path}/onderbreken", **past).status_code == 422
    later = past | {"until": str(today() + timedelta(days=14))}
    assert visitor.send(f"{path}/onderbreken", **later).status_code == 303
    assert "Onderbroken" in main_of(visitor.get(path).text)
    assert "Werknemer is weg" in main_of(physician.get(roads["physician"][1]).text)
    assert "Werknemer is weg" in main_of(provider.get(roads["provider"][1]).text)
    now = str(stage.row(referral_id).version)
    assert visitor.send(f"{path}/hervatten", version=now).status_code == 303
    assert stage.row(referral_id).state is ReferralState.RUNNING
    assert visitor.send(f"{path}/hervatten", version=now).status_code == 409


def test_the_employee_reads_what_was_said_and_what_came_of_it(stage: Stage, sign_in: SignIn) -> None:
    """R27."""
    referral_id = stage.in_state(ReferralState.COMPLETED)
    page = main_of(sign_in(stage.employee).get(f"/werknemer/interventies/{referral_id}").text)
    assert "Wat het opleverde" in page
    assert "20 uur per week" in page
