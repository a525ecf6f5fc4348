"""An identity provider for the tests: a process of its own on loopback, and people who sign in there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx2
from fastapi import FastAPI
from pydantic import SecretStr

from application import build
from core.database import Database
from core.identity_providers import IdentityProvider
from core.outward import Outward
from core.settings import ROOT
from identity.actor import Actor
from identity.provider_directory import Directory
from tests.identity.accounts import Tab

PROGRAM = ROOT / "tests" / "identity" / "provider_process.py"
CONFIRM = "/account/beveiliging/aanbieder"


@dataclass(frozen=True)
class Elsewhere:
    """A provider that runs."""

    issuer: str

    def knows(self, subject: str, **claims: object) -> None:
        """Let it say more of somebody."""
        httpx2.put(f"{self.issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def sign_in(self, address: str, subject: str) -> str:
        """Sign somebody in at the address to which he was sent; return where he is sent back to, without the host."""
        answer = httpx2.post(address, data={"sub": subject}, timeout=10)
        back = urlsplit(answer.headers["location"])
        return f"{back.path}?{back.query}"


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """A provider, ended with the block."""
    command = [sys.executable, "-W", "ignore", str(PROGRAM)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield Elsewhere(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.kill()


def application(database: Database, issuer: str) -> FastAPI:
    """Return an application that may send people to `issuer`; of whom that is says a `House`."""
    values = {"oidc": (_provider(uuid4(), issuer),), "oidc_loopback": True}
    return build(database.settings.model_copy(update=values), database)


def _provider(tenant: UUID, issuer: str, trusted: bool = False) -> IdentityProvider:
    return IdentityProvider(
        tenant=tenant,
        issuer=issuer,
        client_id="providerboog",
        client_secret=SecretStr("a secret & more"),
        label="Arbo Voorbeeld",
        trusts_second_factor=trusted,
    )


@dataclass
class House:
    """The arbodienst of somebody, which has a provider; there is one at a time."""

    app: FastAPI
    actor: Actor
    issuer: str
    trusted: bool = False

    def __post_init__(self) -> None:
        """Set the provider, as the operator would."""
        self.provider = _provider(self.actor.tenant_id, self.issuer, self.trusted)
        state = self.app.state
        state.settings = state.settings.model_copy(update={"oidc": (self.provider,)})
        state.directory = Directory(state.settings.oidc, Outward(loopback=True, seconds=1))

    @property
    def way(self) -> str:
        """Where one leaves for the provider."""
        return f"/account/aanbieder/{self.provider.id}"

    def leave(self, tab: Tab, query: str = "") -> str:
        """Leave for the provider, and return the address to which it leads."""
        answer = tab.get(self.way + query)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


def link(tab: Tab, house: House, there: Elsewhere, subject: str) -> httpx2.Response:
    """Link who is signed in in `tab` to somebody at the provider."""
    assert tab.get(there.sign_in(house.leave(tab, "?koppel=1"), subject)).headers["location"] == CONFIRM
    return tab.send(CONFIRM)


def asked(address: str) -> dict[str, str]:
    """Return what an address asks."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
