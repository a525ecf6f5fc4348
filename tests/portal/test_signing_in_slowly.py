"""Guessing at the pages of signing in: the answer says how long to wait, and the owner is not kept out."""

import pytest
from fastapi import FastAPI

from tests.identity.accounts import Somebody, Tab, somebody
from tests.world import World


@pytest.fixture
def who(world: World) -> Somebody:
    return somebody(world)


def test_the_page_says_how_long_to_wait_and_the_owner_comes_in_where_he_is_known(app: FastAPI, who: Somebody) -> None:
    home, away = Tab(app), Tab(app)
    home.sign_in(who)
    home.send("/account/beveiliging", "/account/sign-out")
    answers = [away.type_password(who, "een verkeerd wachtwoord") for _nth in range(8)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "Dit ging te vaak mis" in answers[-1].text
    assert away.type_password(who).status_code == 429  # also with the right one: nothing is tried
    assert home.sign_in(who).headers["location"] == "/arts"


def test_codes_are_guessed_slowly_too_and_the_password_does_not_begin_anew(app: FastAPI, who: Somebody) -> None:
    assert who.secret
    tab = Tab(app)
    statuses = []
    for _nth in range(3):
        tab.type_password(who)
        statuses += [tab.type_code("000000").status_code for _nth in range(3)]
    assert statuses[:5] == [401] * 5
    assert 429 in statuses[6:]
