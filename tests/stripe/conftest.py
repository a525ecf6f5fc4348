"""The gateways that keep one contract: the local one, and Stripe's client against the stand-in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from billing.paying.gateway import PaymentGateway
from billing.paying.gateway_local import LocalGateway
from billing.paying.gateway_local_acts import Outside
from billing.paying.gateway_stripe import StripeGateway
from tests.stripe.objects import Objects
from tests.stripe.stand_in import KEY, WEBHOOK_SECRET, StandIn, served

PORTAL = "https://portal.example"


@dataclass
class Place:
    """A gateway, and everybody around it."""

    gateway: PaymentGateway
    outside: Outside | Objects


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    """The server of this worker."""
    with served(StandIn()) as server:
        yield server


@pytest.fixture
def server(stand_in: StandIn) -> StandIn:
    """The server with nothing in it."""
    stand_in.objects, stand_in.page = Objects(WEBHOOK_SECRET), 100
    for kept in (stand_in.calls, stand_in.trouble, stand_in.answered):
        kept.clear()
    return stand_in


@pytest.fixture
def stripe_gateway(server: StandIn) -> StripeGateway:
    """Stripe's client, with the stand-in as Stripe."""
    return StripeGateway(KEY, WEBHOOK_SECRET, PORTAL, server.url)


@pytest.fixture(params=["local", "stripe"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Each gateway in turn."""
    if request.param == "local":
        gateway = LocalGateway(PORTAL, tmp_path / "payments.sqlite", "key")
        return Place(gateway, Outside(gateway))
    server: StandIn = request.getfixturevalue("server")
    return Place(request.getfixturevalue("stripe_gateway"), server.objects)
