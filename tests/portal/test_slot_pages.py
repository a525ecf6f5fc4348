"""Asking for the first free slot in the portal and over JSON, from the results to the referral, on both sides."""

import re

import pytest

from core.clock import today
from identity.roles import Role
from tests.api.callers import Caller, callers
from tests.medical.stage import OPEN, Stage
from tests.medical.test_slots import Market
from tests.portal.open_pages import faults_of, rows_of, tasks_of, words_of
from tests.portal.visitors import SignIn, Visitor

NEW, ASKED, ANSWER = "/arts/plekken/nieuw", "/arts/plekken", "/provider/plekken"


@pytest.fixture
def market(stage: Stage) -> Market:
    made = Market(stage)
    for _each in range(2):
        made.join()
    return made


@pytest.fixture
def call(stage: Stage) -> Caller:
    return callers(stage.world.database, stage.world)


def send(market: Market, physician: Visitor, **changes: object) -> None:
    typed = {"case_id": market.stage.case_id, "offering_ids": market.offerings, "urgency": "urgent"} | changes
    assert physician.send(NEW, **typed).status_code == 303


def test_what_leaves_is_shown_first_and_nothing_tells_for_whom(
    market: Market, physician: Visitor, sign_in: SignIn
) -> None:
    """R18, R20."""
    shown = words_of(physician.get(NEW, dossier=market.stage.case_id, offering=market.offerings).text)
    for told in ("Praktijk 1", "Praktijk 2", "Utrecht", "voor wie het is"):
        assert told in shown
    faulty = physician.send(NEW, case_id=market.stage.case_id, offering_ids=market.offerings)
    assert faulty.status_code == 422
    assert faults_of(faulty.text)
    send(market, physician)
    visitor = sign_in(market.providers[0])
    assert tasks_of(visitor.get("/provider").text) == ["Arbeidsdeskundig onderzoek: hebt u een plek?"]
    (row,) = rows_of(visitor.get(ANSWER).text)
    assert "Utrecht binnen enkele dagen" in row
    page = visitor.get(f"{ANSWER}/{market.asked(0)}").text
    for hidden in ("J. de Wit", "Bouwbedrijf Van Dam", str(market.stage.case_id), "Test physician", "Praktijk 2"):
        assert hidden not in page


def test_from_the_first_answer_to_the_referral(market: Market, physician: Visitor, sign_in: SignIn) -> None:
    send(market, physician)
    first, second = (sign_in(provider) for provider in market.providers)
    address = [f"{ANSWER}/{market.asked(nth)}" for nth in (0, 1)]
    assert second.send(address[1], day="").status_code == 422
    assert second.send(address[1], day=today()).status_code == 303
    assert "Houd deze plek vrij" in words_of(second.get(address[1]).text)
    late = first.send(address[0], day=today())
    assert late.status_code == 409
    assert "niet meer nodig" in words_of(late.text).lower()
    assert tasks_of(first.get("/provider").text) == []
    assert tasks_of(second.get("/provider").text) == ["Arbeidsdeskundig onderzoek: houd een plek vrij"]
    assert "Plek voor Arbeidsdeskundig onderzoek" in tasks_of(physician.get("/arts").text)
    (refer,) = re.findall(r'href="(/arts/verwijzingen/nieuw\?[^"]+)"', physician.get(ASKED).text)
    assert str(market.offerings[1]) in refer
    assert physician.get(refer.replace("&amp;", "&")).status_code == 200
    market.stage.issued(OPEN, offering_id=market.offerings[1])
    assert "Verwezen" in words_of(physician.get(ASKED).text)
    assert "Plek voor Arbeidsdeskundig onderzoek" not in tasks_of(physician.get("/arts").text)


def test_declining_and_closing(market: Market, physician: Visitor, sign_in: SignIn) -> None:
    send(market, physician)
    first = sign_in(market.providers[0])
    assert first.send(f"{ANSWER}/{market.asked(0)}/geen-plek").status_code == 303
    assert "Geen plek" in rows_of(first.get(ANSWER).text)[0]
    (close,) = re.findall(r'action="(/arts/plekken/[^"]+/sluiten)"', physician.get(ASKED).text)
    assert physician.send(close).status_code == 303
    assert physician.send(close).status_code == 409
    assert "Niet meer nodig" in rows_of(sign_in(market.providers[1]).get(ANSWER).text)[0]


def test_too_many_or_of_two_types_is_said_before_anything_is_sent(market: Market, physician: Visitor) -> None:
    stage = market.stage
    mixed = [market.offerings[0], stage.offering("BMW")]
    assert "één soort" in words_of(physician.get(NEW, dossier=stage.case_id, offering=mixed).text)
    assert "Vink eerst aan" in words_of(physician.get(NEW, dossier=stage.case_id).text)
    for _each in range(4):
        market.join()
    assert "hooguit vijf" in words_of(physician.get(NEW, dossier=stage.case_id, offering=market.offerings).text)
    assert physician.get(NEW).status_code == 404


def test_a_stranger_sees_nothing(market: Market, physician: Visitor, sign_in: SignIn) -> None:
    """R20."""
    send(market, physician)
    ask_id = market.asked(0)
    assert sign_in(market.providers[1]).get(f"{ANSWER}/{ask_id}").status_code == 404
    for role in (Role.SECRETARY, Role.NETWORK_MANAGER, Role.CASE_MANAGER):
        visitor = sign_in(market.stage.world.actor(role))
        assert {visitor.get(path).status_code for path in (NEW, ASKED, ANSWER)} == {403}


def test_the_same_over_json(market: Market, call: Caller) -> None:
    """R18, R20."""
    physician, first, second = (call(actor) for actor in (market.stage.physician, *market.providers))
    body = {"case_id": str(market.stage.case_id), "offering_ids": [str(each) for each in market.offerings]}
    assert physician.post("/slot-questions", json=body | {"urgency": "now"}).status_code == 422
    made = physician.post("/slot-questions", json=body | {"urgency": "urgent"})
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["region"]) == ("open", "Utrecht")
    asked = [caller.get("/slot-asks").json()["results"][0] for caller in (first, second)]
    assert set(asked[0]) & {"case_id", "employee_reference", "question_id", "asked_by"} == set()
    day = {"day": today().isoformat()}
    assert second.post(f"/slot-asks/{asked[0]['id']}/offer", json=day).status_code == 404
    assert first.post(f"/slot-asks/{asked[0]['id']}/offer", json=day).json()["standing"] == "first"
    late = second.post(f"/slot-asks/{asked[1]['id']}/offer", json=day)
    assert (late.status_code, late.json()["code"]) == (409, "slot_over")
    assert second.post(f"/slot-asks/{asked[1]['id']}/decline").status_code == 409
    found = physician.get(f"/slot-questions/{made.json()['id']}").json()
    assert (found["state"], found["asked"][0]["standing"]) == ("held", "first")
    assert physician.get("/slot-questions").json()["total"] == 1
    assert physician.post(f"/slot-questions/{made.json()['id']}/close").json()["state"] == "closed"
    assert first.get("/slot-questions").status_code == call(market.stage.secretary).get("/slot-asks").status_code == 403
