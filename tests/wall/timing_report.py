"""How long an answer takes tells nothing: `make wall-timing` asks 1,000 of each kind, in about ten minutes.

Beside each pair of worlds stands a pair that is the same in everything: what that one shows is the machine. What seems
to tell is measured again, on connections of its own: two servers that do the same differ a little as long as they run,
now this way and now that, and a leak always does so the same way.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from identity.roles import Role
from tests.wall.conftest import Fresh
from tests.wall.health import ONE, OTHER
from tests.wall.lives import seeded
from tests.wall.timing import Ask, Compared, take_turns
from tests.wall.walk import Call, Visitor
from tests.wall.worlds import SEED, BuiltWorld, build_world

pytestmark = [pytest.mark.timeout(1800), pytest.mark.usefixtures("quiet_log")]

ROUNDS = 1_000
MOST_MEASURED = 3
SECONDS_TO_REPEAT = 480
"""So long after the beginning nothing is measured again: what told then is taken to tell."""

REFUSAL = "refusal"
PAGES = {
    Role.EMPLOYER: {
        "list": "/api/v1/invoices",
        "sums": "/api/v1/costs",
        "one": "/api/v1/invoices/{invoice}",
        "file": "/api/v1/invoices/{invoice}.xml",
        "page": "/werkgever",
        REFUSAL: "/api/v1/referrals/{referral}",
    },
    Role.INSURER: {
        "list": "/api/v1/invoices",
        "one": "/api/v1/cofinancing-requests/{request}",
        "page": "/verzekeraar",
        REFUSAL: "/api/v1/referrals/{referral}",
    },
    Role.CASE_MANAGER: {
        "list": "/api/v1/cofinancing-requests",
        "one": "/api/v1/cases/{case}",
        "page": "/regie",
        REFUSAL: "/api/v1/referrals/{referral}",
    },
    Role.NETWORK_MANAGER: {"list": "/api/v1/offerings", "page": "/netwerk"},
}
"""For each role the kinds of pages that it has, and one of each."""

INVOICES = ("/api/v1/invoices/{}", "/api/v1/invoices/{}.pdf", "/api/v1/invoices/{}.xml")
ANOTHER_S = text("SELECT id FROM billing.invoice WHERE buyer_id <> :own ORDER BY number LIMIT 1")
THINGS = {
    "{case}": "SELECT id FROM cases.absence_case ORDER BY id LIMIT 1",
    "{invoice}": "SELECT id FROM billing.invoice ORDER BY number LIMIT 1",
    "{request}": "SELECT id FROM billing.cofinancing_request LIMIT 1",
    "{referral}": "SELECT id FROM medical.referral WHERE state <> 'declined' ORDER BY id LIMIT 1",
}
Measure = Callable[[], tuple[Compared, Compared | None]]
"""What compares two kinds of answers, and beside them two that are the same."""


@pytest.fixture(scope="module")
def worlds(databases: Fresh) -> Iterator[tuple[BuiltWorld, BuiltWorld, BuiltWorld]]:
    """A world, one of other health, and one of the same."""
    with ExitStack() as stack:
        built = [build_world(stack.enter_context(databases()), health, SEED) for health in (ONE, OTHER, ONE)]
        for world in built:
            with world.database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM (FREEZE, ANALYZE)"))
        yield built[0], built[1], built[2]


def asking(world: BuiltWorld, role: Role, address: str, *, refused: bool) -> Ask:
    """Return what asks for an address of a world, which is refused or not."""
    with world.database.owner.connect() as connection:
        for name, query in THINGS.items():
            address = address.replace(name, str(connection.execute(text(query)).scalar_one()))
    visitor, call = Visitor(world.app, world.roles[role]), Call("GET", address)
    answers = visitor.ask(call).status_code
    assert (answers >= 400) == refused

    def ask() -> None:
        assert visitor.ask(call).status_code == answers

    return ask


def say(line: str) -> None:
    """Write a line of the report."""
    print(line, flush=True)  # noqa: T201 -- the report itself


def told_apart(name: str, measure: Measure, began: float) -> bool:
    """Measure, and again what seems to tell; says what came of it, and returns whether it told each time the same."""
    signs = set()
    for _nth in range(MOST_MEASURED):
        found, control = measure()
        beside = f"   the same health: t {control.t:>6.2f}" if control else ""
        say(f"{name:<52} {found.count:>5} x {found}{beside}   {'TELLS' if found.tells else 'the same'}")
        signs.add(found.t > 0)
        if not found.tells or len(signs) > 1:
            return False
        if monotonic() - began > SECONDS_TO_REPEAT:
            break
    return True


@pytest.fixture(scope="module")
def began() -> float:
    """When the report was begun."""
    return monotonic()


def test_worlds_take_as_long(began: float, worlds: tuple[BuiltWorld, BuiltWorld, BuiltWorld]) -> None:
    apart = []
    with seeded(SEED):
        for role, kinds in PAGES.items():
            for kind, address in kinds.items():

                def measure(
                    role: Role = role, address: str = address, refused: bool = kind == REFUSAL
                ) -> tuple[Compared, Compared]:
                    for world in worlds:
                        world.database.dispose()
                    asks = [asking(world, role, address, refused=refused) for world in worlds]
                    one, other, same = take_turns(asks, ROUNDS)
                    return Compared.of(one, other), Compared.of(one, same)

                name = f"{role} {kind} {address}"
                apart += [name] if told_apart(name, measure, began) else []
    assert apart == []


def test_another_s_takes_as_long_as_nobody_s(began: float, worlds: tuple[BuiltWorld, BuiltWorld, BuiltWorld]) -> None:
    world, apart = worlds[0], []
    with seeded(SEED + 1):
        for role in (Role.EMPLOYER, Role.INSURER):
            with world.database.owner.connect() as connection:
                own = {"own": world.roles[role].organisation_id}
                hidden = connection.execute(ANOTHER_S, own).scalar_one()
            for address in INVOICES:

                def measure(role: Role = role, address: str = address, hidden: UUID = hidden) -> tuple[Compared, None]:
                    asks = [asking(world, role, address.format(each), refused=True) for each in (hidden, uuid4())]
                    return Compared.of(*take_turns(asks, ROUNDS)), None

                name = f"{role} {address}: another's, nobody's"
                apart += [name] if told_apart(name, measure, began) else []
    assert apart == []
