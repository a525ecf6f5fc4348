"""People who sign in: each with a password, and with an app that shows codes."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from ipaddress import IPv6Address
from secrets import randbits

import pyotp
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import update
from sqlmodel import Session, col

from core.clock import now
from identity.actor import Actor
from identity.passwords import hash_password
from identity.roles import Role
from identity.tables import Account
from identity.totp import random_secret, sealed_app
from tests.world import World

PASSWORD = "zeven groene fietsen in de gracht"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@cache
def hashed() -> str:
    """Return the hash of the one password of all these people."""
    return hash_password(PASSWORD)


@dataclass(frozen=True)
class Somebody:
    """Somebody with an account."""

    world: World
    actor: Actor

    @cached_property
    def secret(self) -> str:
        """The secret of his app, which counts from the first time that this is asked."""
        return self.another_secret()

    def another_secret(self) -> str:
        """Return the secret of one app more."""
        secret = random_secret()
        factor = sealed_app(self.actor.account, secret, self.world.database.settings.factor_vault)
        factor.confirmed_at = now()
        self.world.add(factor)
        return secret

    def code(self, later: int = 0) -> str:
        """What his app shows now, or `later` half minutes on."""
        return pyotp.TOTP(self.secret).at(now() + later * timedelta(seconds=30))


def somebody(world: World, role: Role = Role.PHYSICIAN) -> Somebody:
    """Return somebody who can sign in with the password; his app is made when it is first asked for."""
    actor = world.actor(role)
    with Session(world.database.owner) as session:
        session.execute(update(Account).where(col(Account.id) == actor.account).values(password_hash=hashed()))
        session.commit()
    return Somebody(world, actor)


class Tab:
    """A browser in which nobody is signed in yet; redirects are not followed."""

    def __init__(self, app: FastAPI, browser: str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0") -> None:
        headers = {"user-agent": browser}
        # Each at an address of its own: what others guess must not make this one wait.
        self.client = TestClient(
            app,
            headers=headers,
            raise_server_exceptions=False,
            follow_redirects=False,
            client=(str(IPv6Address(randbits(128))), 50_000),
        )

    def get(self, path: str) -> Response:
        """Open a page."""
        return self.client.get(path)

    def send(self, page: str, path: str | None = None, **fields: str) -> Response:
        """Send the form of a page, with its token."""
        token = CSRF.search(self.client.get(page).text)
        assert token is not None, page
        return self.client.post(path or page, data={"csrf_token": token[1], **fields})

    def type_password(self, who: Somebody, password: str = PASSWORD, **fields: str) -> Response:
        """Fill in the first page."""
        return self.send("/account/sign-in", email=who.actor.email, password=password, **fields)

    def type_code(self, code: str, **fields: str) -> Response:
        """Fill in the second page."""
        return self.send("/account/tweede-stap", code=code, **fields)

    def sign_in(self, who: Somebody) -> Response:
        """Do both, with an app that was not used before: a code counts once."""
        self.type_password(who)
        return self.type_code(pyotp.TOTP(who.another_secret()).at(now()))
