"""Whoever tries the demo out finds something on every list that his role has, whatever other tests did meanwhile."""

import re

import pytest
from httpx2 import Client

from tests.journeys.house import House

pytestmark = pytest.mark.journey
MENU = re.compile(r'<nav class="nav".*?</nav>', re.DOTALL)
PLACE = re.compile(r'<a href="([^"]+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

BESIDE = {
    "ba": ("/arts/zoeken/favorieten", "/arts/zoeken/bewaard", "/arts/plekken", "/arts/noodtoegang"),
    "cmtd": ("/arts/zoeken/favorieten", "/arts/zoeken/bewaard", "/arts/plekken"),
    "secretariaat": (
        "/secretariaat?state=mine",
        "/secretariaat?state=disputed",
        "/secretariaat?state=approved",
        "/secretariaat/specificaties?show=all",
        "/secretariaat/boeken/herinneringen",
        "/secretariaat/boeken/proefbalans",
    ),
    "psycholoog": ("/provider/facturen?state=disputed",),
    "cm": (),
    "netwerk": (),
    "arbeidsdeskundige": (),
    "werkgever": (),
    "werkgever2": (),
    "verzekeraar": ("/verzekeraar/besluiten?outcome=approved", "/verzekeraar/besluiten?outcome=declined"),
    "werknemer": (),
    "fg": (),
}
"""Who tries it out, and lists that no menu leads to."""

NOTHING = {
    ("fg", "/toezicht/keten"),
    ("fg", "/toezicht/verwijderd"),
    ("arbeidsdeskundige", "/provider/specificaties"),
}
"""Where there is nothing: no night has signed the trail, no term is over, and who has no contract specifies nothing."""


@pytest.mark.parametrize("who", BESIDE)
def test_no_list_is_empty(house: House, who: str) -> None:
    with Client(base_url=house.address, follow_redirects=True, timeout=20) as client:
        token = TOKEN.findall(client.get("/account/sign-in").text)[0]
        home = client.post("/account/demo", data={"csrf_token": token, "email": f"{who}@demo.test"}).text
        menu = MENU.search(home)
        assert menu is not None
        places = [*PLACE.findall(menu[0]), *BESIDE[who]]
        assert len(places) > 3
        answers = {place: client.get(place) for place in places}
    assert {place: each.status_code for place, each in answers.items() if each.status_code != 200} == {}
    empty = {(who, place) for place, each in answers.items() if 'class="empty"' in each.text}
    assert empty == {each for each in NOTHING if each[0] == who}
