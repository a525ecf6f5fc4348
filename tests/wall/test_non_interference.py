"""Two worlds that differ in nothing but health look the same, byte by byte, to whoever pays or manages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from application import build
from core.database import Database
from identity.roles import Role
from medical.invoice_tables import ServiceOutcome
from medical.referrals.reasons import DeclineReason
from network.taxonomy import causes
from tests.conftest import copied
from tests.wall.walk import Call, Visitor, calls
from tests.wall.worlds import CONSENTS, MOMENT, PRICES, BuiltWorld, Health, build_world, seeded

pytestmark = pytest.mark.timeout(900)

SEED = 20_261_122
Fresh = Callable[[], AbstractContextManager[Database]]
WATCHERS = (Role.EMPLOYER, Role.INSURER, Role.CASE_MANAGER, Role.NETWORK_MANAGER)

HEALTH = st.builds(
    Health,
    cause=st.sampled_from(sorted(causes())),
    medical=st.booleans(),
    intervention=st.sampled_from(sorted(PRICES)),
    words=st.text(alphabet=st.characters(categories=("L", "N")), min_size=1, max_size=60),
    declined=st.sampled_from(list(DeclineReason)),
    days=st.integers(1, 90),
    registered=st.lists(st.sampled_from(list(ServiceOutcome)), max_size=3, unique=True).map(tuple),
)
WORLD = st.tuples(*(HEALTH for _each in CONSENTS))
SAME = tuple(Health("M01", True, "PSY", "woord", DeclineReason.OTHER) for _each in CONSENTS)


@pytest.fixture(scope="module")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Make fresh databases, as many as asked for, each dropped after use."""

    def fresh() -> AbstractContextManager[Database]:
        return copied(request.config, uuid4().hex[:8], tmp_path_factory.mktemp("world"))

    # What a process does for the first time may draw lots of its own: a world that nobody looks at goes before.
    with fresh() as first:
        seen(build_world(first, SAME, SEED), Role.INSURER)
    return fresh


def seen(world: BuiltWorld, role: Role) -> dict[Call, tuple[int, str, bytes]]:
    """Return everything that `role` can fetch: status, headers and body of every address that he may ask for."""
    database = world.office.world.database
    app = build(database.settings, database)
    with seeded(SEED + 1 + WATCHERS.index(role)):
        visitor = Visitor(app, world.roles[role])
        with database.owner.begin() as connection:
            # The database has a clock of its own, and pages of the account show when token and session were used.
            later = {"later": MOMENT + timedelta(days=1)}
            connection.execute(text("UPDATE identity.api_token SET last_used_at = :later"), later)
            connection.execute(text("UPDATE identity.web_session SET last_seen_at = :later"), later)
    found = {}
    for number, call in enumerate(calls(app, tuple(world.ids()), role, refused=False)):
        if call.method == "GET":
            with seeded(SEED + number):
                response = visitor.ask(call)
            # A cookie is signed with the moment at which it was; of that its name is compared.
            headers = [(name, value.split("=")[0] if name == "set-cookie" else value) for name, value in told(response)]
            found[call] = (response.status_code, str(headers), response.content)
    return found


def told(response: Response) -> list[tuple[str, str]]:
    """Return the headers of an answer, in one order."""
    return sorted(response.headers.items())


@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(one=WORLD, other=WORLD)
def test_nothing_but_health_makes_no_difference(
    databases: Fresh, one: tuple[Health, ...], other: tuple[Health, ...]
) -> None:
    """R18, R43, R58."""
    with databases() as first, databases() as second:
        left, right = build_world(first, one, SEED), build_world(second, other, SEED)
        for role in WATCHERS:
            mine, theirs = seen(left, role), seen(right, role)
            assert list(mine) == list(theirs)
            assert len(mine) > 5
            assert {call: answer for call, answer in mine.items() if theirs[call] != answer} == {}


def test_the_comparison_would_see_a_difference(databases: Fresh) -> None:
    with databases() as first, databases() as second:
        left, right = build_world(first, SAME, SEED), build_world(second, SAME, SEED + 5)
        assert seen(left, Role.EMPLOYER) != seen(right, Role.EMPLOYER)
