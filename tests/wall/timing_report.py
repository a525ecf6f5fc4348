"""How long an answer takes tells nothing: `make wall-timing` asks 1,000 of each kind, which takes minutes.

Beside each pair of worlds stands a pair that is the same in everything: what that one shows is the machine.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import pytest

from application import build
from identity.roles import Role
from tests.wall.test_messages import ONE, OTHER
from tests.wall.test_non_interference import SEED, Fresh, databases
from tests.wall.timing import compare
from tests.wall.walk import Call, Visitor
from tests.wall.worlds import BuiltWorld, build_world, seeded

__all__ = ["databases"]  # the fixture

pytestmark = pytest.mark.timeout(7200)

ROUNDS = 1_000
ASKED = {
    Role.EMPLOYER: ("/api/v1/invoices", "/api/v1/costs", "/werkgever"),
    Role.INSURER: ("/api/v1/invoices", "/api/v1/cofinancing-requests", "/verzekeraar"),
    Role.CASE_MANAGER: ("/api/v1/cases", "/api/v1/cofinancing-requests", "/regie"),
    Role.NETWORK_MANAGER: ("/api/v1/offerings", "/netwerk"),
}
ONE_BY_ONE = {
    Role.EMPLOYER: ("/api/v1/invoices/{}", "/api/v1/invoices/{}.pdf", "/api/v1/cases/{}"),
    Role.INSURER: ("/api/v1/invoices/{}", "/api/v1/cofinancing-requests/{}"),
}


def asking(world: BuiltWorld, role: Role) -> Callable[[str], None]:
    database = world.office.world.database
    with seeded(SEED + 3):
        visitor = Visitor(build(database.settings, database), world.roles[role])

    def ask(url: str) -> None:
        with seeded(SEED):
            assert visitor.ask(Call("GET", url)).status_code in (200, 303, 404)

    return ask


def test_worlds_take_as_long(databases: Fresh) -> None:
    lines = []
    with databases() as first, databases() as second, databases() as third:
        left, right, twin = (
            build_world(first, ONE, SEED),
            build_world(second, OTHER, SEED),
            build_world(third, ONE, SEED),
        )
        for role, urls in ASKED.items():
            mine, theirs, same = (asking(world, role) for world in (left, right, twin))
            for url in urls:
                both = partial(mine, url), partial(theirs, url)
                lines.append(compare(f"{role} {url}", *both, ROUNDS))
                lines.append(compare("  a world with the same health", both[0], partial(same, url), ROUNDS))
    print("\n".join(map(str, lines)))  # noqa: T201 -- the report itself
    apart = [
        str(pair) for pair, control in zip(lines[::2], lines[1::2], strict=True) if pair.tells and not control.tells
    ]
    assert apart == []


def test_another_s_takes_as_long_as_nobody_s(databases: Fresh) -> None:
    lines = []
    with databases() as database:
        world = build_world(database, ONE, SEED)
        for role, urls in ONE_BY_ONE.items():
            ask = asking(world, role)
            for url in urls:
                hidden = next(each for each in reversed(world.ids()) if _is_hidden(world, role, url, each))
                there, nowhere = partial(ask, url.format(hidden)), partial(ask, url.format(uuid4()))
                lines.append(compare(f"{role} {url}: another's, nobody's", there, nowhere, ROUNDS))
    print("\n".join(map(str, lines)))  # noqa: T201 -- the report itself
    assert [str(each) for each in lines if each.tells] == []


def _is_hidden(world: BuiltWorld, role: Role, url: str, value: UUID) -> bool:
    database = world.office.world.database
    visitor = Visitor(build(database.settings, database), world.roles[role])
    return visitor.ask(Call("GET", url.format(value))).status_code == 404
