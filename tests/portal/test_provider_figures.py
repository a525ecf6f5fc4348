"""A provider's own figures beside the network's, on page and over JSON; too few is said in words (R32, R34, R75)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core.clock import now
from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from network.tables import MeasuredAnswers, MeasuredIntervention, MeasuredOutcome, MeasuredWait
from tests.api.callers import Caller, callers
from tests.network.offers import add_offering, add_provider
from tests.portal.open_pages import assert_nobody_else, rows_of, words_of
from tests.portal.visitors import SignIn
from tests.world import World

PAGE, API = "/provider/cijfers", "/figures"


@pytest.fixture
def provider(world: World) -> Actor:
    return world.actor(Role.PROVIDER, add_provider(world))


@pytest.fixture
def call(database: Database, world: World) -> Caller:
    return callers(database, world)


def measure(world: World, provider: Actor) -> UUID:
    """Let everything have been measured last night; returns the offering."""
    offering_id = add_offering(world, provider.organisation_id, intervention="PSY", title="Kort traject")
    mine: dict[str, Any] = {"tenant_id": world.tenant_id, "measured_at": now() - timedelta(hours=8)}
    world.add(
        MeasuredWait(offering_id=offering_id, median_days=9, p80_days=20, n=8, **mine),
        MeasuredOutcome(offering_id=offering_id, reached_percent=80, n=10, **mine),
        MeasuredIntervention(
            intervention="PSY", median_days=14, p80_days=33, wait_n=120, reached_percent=61, outcome_n=240, **mine
        ),
        MeasuredAnswers(
            organisation_id=provider.organisation_id, answered_percent=95, declined_percent=5, n=20, **mine
        ),
        MeasuredAnswers(organisation_id=world.tenant_id, answered_percent=88, declined_percent=14, n=400, **mine),
    )
    return offering_id


def test_own_figures_stand_beside_the_networks(world: World, provider: Actor, sign_in: SignIn, call: Caller) -> None:
    """R32, R34, R75."""
    offering_id = measure(world, provider)
    page = sign_in(provider).get(PAGE).text
    (row,) = rows_of(page)
    for told in ("Kort traject", "9 dagen", "14 dagen", "n = 120", "tussen 49% en 95%, n = 10", "n = 240"):
        assert told in row
    assert "95% op tijd beantwoord, 5% afgewezen (n = 20)" in words_of(page)
    told = call(provider).get(API).json()
    assert told["network_answers"] == {"n": 400, "answered_percent": 88, "declined_percent": 14}
    (one,) = told["offerings"]
    assert one["offering_id"] == str(offering_id)
    assert one["wait"] == {"n": 8, "median_days": 9, "p80_days": 20}
    assert one["outcome"] == {"n": 10, "reached_percent": 80, "bounds": {"low": 49, "high": 95}}


def test_too_few_is_said_and_not_left_empty(world: World, provider: Actor, sign_in: SignIn, call: Caller) -> None:
    """R32, R34."""
    assert "U hebt nog geen goedgekeurd aanbod." in words_of(sign_in(provider).get(PAGE).text)
    add_offering(world, provider.organisation_id, title="Kort traject")
    (row,) = rows_of(sign_in(provider).get(PAGE).text)
    assert row.count("te weinig om te zeggen") == 4
    assert call(provider).get(API).json()["offerings"][0]["wait"] is None


def test_nobody_else_comes_in(app: FastAPI, world: World, sign_in: SignIn, provider: Actor) -> None:
    assert_nobody_else(app, PAGE, world, sign_in, {Role.PROVIDER}, {})
