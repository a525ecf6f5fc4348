"""People who are signed in to the portal of the whole application, each with a browser of his own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from core.clock import now
from identity.actor import Actor
from identity.authentication import hash_of, new_secret
from identity.guard import COOKIE
from identity.tables import WebSession
from tests.world import World

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    """Somebody in the portal. Redirects are not followed: where they lead is for the test to see."""

    client: TestClient

    def get(self, path: str, **query: Any) -> Response:
        """Open a page."""
        return self.client.get(path, params=query or None)

    def send(self, path: str, **fields: Any) -> Response:
        """Send a form, with the token that its page carries."""
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def send_bare(self, path: str, **fields: Any) -> Response:
        """Send a form without a token, as a page of another site would."""
        return self.client.post(path, data={"from": "elsewhere", **fields})

    @cached_property
    def token(self) -> str:
        """The token of his forms: it stands on every page, also on that to sign in."""
        return next(TOKEN.finditer(self.client.get("/account/sign-in").text))[1]


SignIn = Callable[[Actor], Visitor]


def visitors(app: FastAPI, world: World) -> SignIn:
    """Return what signs somebody of `world` in."""

    def visitor(actor: Actor) -> Visitor:
        if actor.membership_id is None:
            raise RuntimeError("a job does not sign in")
        secret, moment = new_secret(), now()
        held = WebSession(
            token_hash=hash_of(secret),
            membership_id=actor.membership_id,
            expires_at=moment + timedelta(hours=1),
            proved_at=moment,
        )
        world.add(held)
        client = TestClient(app, cookies={COOKIE: secret}, raise_server_exceptions=False, follow_redirects=False)
        return Visitor(client)

    return visitor
