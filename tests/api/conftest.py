"""People who call, and a case with everybody around it for them to call about."""

import pytest

from core.database import Database
from identity.actor import Actor
from tests.api.callers import Caller, callers
from tests.billing.office import OPEN, Office, Referred
from tests.world import World


@pytest.fixture
def call(database: Database, world: World) -> Caller:
    """Return what makes a client of somebody."""
    return callers(database, world)


@pytest.fixture
def referred(office: Office, employer: Actor) -> Referred:
    """A referral that runs, of which nothing is invoiced yet."""
    return office.referred(office.sick(employer), OPEN)
