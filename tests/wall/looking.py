"""Everything that somebody of the open side can fetch of a world, byte by byte."""

from datetime import timedelta

from httpx2 import Response
from sqlalchemy import text

from identity.roles import Role
from tests.wall.lives import MOMENT, seeded
from tests.wall.walk import DESCRIPTION, Call, Visitor, calls
from tests.wall.worlds import SEED, BuiltWorld

Answer = tuple[int, str, bytes]
"""Status, headers and body."""


def seen(world: BuiltWorld, role: Role) -> dict[Call, Answer]:
    """Return what `role` gets from every address that he may ask for."""
    with seeded(SEED + 101 + [*Role].index(role)):
        visitor = Visitor(world.app, world.roles[role])
        with world.database.owner.begin() as connection:
            # The database has a clock of its own, and pages of the account show when token and session were used.
            later = {"later": MOMENT + timedelta(days=1)}
            connection.execute(text("UPDATE identity.api_token SET last_used_at = :later"), later)
            connection.execute(text("UPDATE identity.web_session SET last_seen_at = :later"), later)
    found = {}
    for number, call in enumerate(calls(world.app, tuple(world.ids()), role, refused=False)):
        if call.method == "GET" and call.url != DESCRIPTION:
            with seeded(SEED + 200 + number):
                response = visitor.ask(call)
            # A cookie is signed with the moment at which it was; of that its name is compared.
            headers = [(name, value.split("=")[0] if name == "set-cookie" else value) for name, value in told(response)]
            found[call] = (response.status_code, str(headers), response.content)
    return found


def told(response: Response) -> list[tuple[str, str]]:
    """Return the headers of an answer, in one order."""
    return sorted(response.headers.items())
