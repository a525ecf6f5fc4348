"""People who call the JSON door of the whole application, each with a token of his own."""

from collections.abc import Callable
from datetime import timedelta

from fastapi.testclient import TestClient

from application import build
from core.clock import now
from core.database import Database
from identity.actor import Actor
from identity.authentication import hash_of, new_secret
from identity.tables import ApiToken
from tests.world import World

Caller = Callable[[Actor], TestClient]


def callers(database: Database, world: World) -> Caller:
    """Return what makes a client of somebody; the application behind all of them is one and the same."""
    app = build(database.settings, database)

    def client(actor: Actor) -> TestClient:
        if actor.membership_id is None:
            raise RuntimeError("a job has no token")
        secret = new_secret()
        expires_at = now() + timedelta(hours=1)
        world.add(ApiToken(token_hash=hash_of(secret), membership_id=actor.membership_id, expires_at=expires_at))
        headers = {"Authorization": f"Bearer {secret}"}
        return TestClient(app, base_url="http://testserver/api/v1", headers=headers, raise_server_exceptions=False)

    return client


def faulty_fields(answer: object) -> list[str]:
    """Return the fields that a problem document names."""
    if not isinstance(answer, dict):
        raise TypeError("a problem document is an object")
    return [error["field"] for error in answer["errors"]]
