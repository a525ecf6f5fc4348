"""Providers of an employer's own in the portal: registered, connected, specified, asked about and judged (R55)."""

from fastapi import FastAPI

from billing.direct_tables import DirectOutcome
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import Office
from tests.medical.direct import ANSWER, KVK, NAME, NUMBER, QUESTION, SECRET, connected
from tests.portal.open_pages import assert_all_render, assert_nobody_else, words_of
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

OWN, DESK, SENT = "/werkgever/eigen-providers", "/secretariaat/specificaties", "/provider/specificaties"


def test_the_whole_road(office: Office, employer: Actor, secretary: Visitor, sign_in: SignIn) -> None:
    """R55."""
    buyer, provider = sign_in(employer), sign_in(office.provider)
    typed = {"provider_name": NAME, "kvk": KVK, "email": "praktijk@example.test"}
    assert buyer.send(f"{OWN}/nieuw", **(typed | {"kvk": "1"})).status_code == 422
    assert "medisch secretariaat" in buyer.send(f"{OWN}/nieuw", **typed).text
    assert buyer.send(f"{OWN}/nieuw", **typed, act="send").status_code == 303
    assert buyer.send(f"{OWN}/nieuw", **typed, act="send").status_code == 409
    connecting = secretary.get(DESK).text.split(f'action="{DESK}/koppelen/')[1].split('"')[0]
    secretary.send(f"{DESK}/koppelen/{connecting}", provider_id=str(office.provider_id))
    assert "Kan specificaties sturen" in buyer.get(OWN).text
    new = {"contract_id": connecting, "invoice_reference": NUMBER, "total_cents": "726,00", "specification": SECRET}
    assert provider.send(f"{SENT}/nieuw", **(new | {"invoice_reference": "PSY-1"})).status_code == 422
    looked_at = words_of(provider.send(f"{SENT}/nieuw", **new).text)
    assert "Akkoord, niet akkoord of vraag" in looked_at
    place = provider.send(f"{SENT}/nieuw", **new, act="send").headers["location"]
    one = f"{DESK}/{place.rsplit('/', 1)[1]}"
    assert SECRET in secretary.get(one).text
    assert secretary.send(one, outcome="question").status_code == 422
    assert secretary.send(one, outcome="question", question=QUESTION).status_code == 303
    assert QUESTION in provider.get(place).text
    assert provider.send(place, words=ANSWER).status_code == 303
    assert ANSWER in secretary.get(one).text
    assert secretary.send(one, outcome="not_agreed", reason="price").status_code == 303
    assert "De prijs klopt niet" in provider.get(place).text
    page = buyer.get(OWN).text
    assert f"{NUMBER} {NAME} € 726,00 Niet akkoord" in words_of(page).replace("\xa0", " ")
    for secret in (SECRET, QUESTION, ANSWER, "prijs", place.rsplit("/", 1)[1]):
        assert secret not in page


def test_a_contract_is_ended_after_a_look(office: Office, employer: Actor, sign_in: SignIn) -> None:
    direct, buyer = connected(office, employer), sign_in(employer)
    place = f"{OWN}/{direct.contract_id}/beeindigen"
    assert "Beëindig" in buyer.get(place).text
    assert buyer.send(place).status_code == 303
    assert buyer.get(place).status_code == 404
    assert buyer.send(place).status_code == 404


def test_every_page_renders(app: FastAPI, office: Office, employer: Actor, secretary: Visitor, sign_in: SignIn) -> None:
    direct = connected(office, employer)
    known = {"specification_id": direct.send(), "contract_id": direct.contract_id}
    assert_all_render(app, OWN, sign_in(employer), known, {})
    assert_all_render(app, DESK, secretary, known, {})
    assert_all_render(app, SENT, sign_in(office.provider), known, {})


def test_nobody_else_comes_in(app: FastAPI, office: Office, employer: Actor, world: World, sign_in: SignIn) -> None:
    direct = connected(office, employer)
    known = {"specification_id": direct.send(), "contract_id": direct.contract_id}
    assert_nobody_else(app, OWN, world, sign_in, (Role.EMPLOYER,), known)
    assert_nobody_else(app, DESK, world, sign_in, (Role.SECRETARY,), known)
    assert_nobody_else(app, SENT, world, sign_in, (Role.PROVIDER,), known)


def test_an_employee_finds_who_named_him(office: Office, employer: Actor, sign_in: SignIn) -> None:
    """R27, R55."""
    direct, sick = connected(office, employer), office.sick(employer)
    shared = "/werknemer/gedeeld"
    visitor = sign_in(sick.actor)
    assert "Genoemd door providers van uw werkgever" not in visitor.get(shared).text
    direct.send(employee_reference=sick.reference)
    assert NAME in visitor.get(shared).text


def test_an_answer_is_seen(office: Office, employer: Actor, sign_in: SignIn) -> None:
    direct = connected(office, employer)
    direct.judge(direct.send(), DirectOutcome.AGREED)
    assert "Akkoord" in sign_in(employer).get(OWN).text
