"""People who call, and a case with everybody around it for them to call about."""

import pytest

from core.database import Database
from tests.api.callers import Caller, callers
from tests.medical.stage import Stage, set_stage
from tests.world import World


@pytest.fixture
def call(database: Database, world: World) -> Caller:
    """Return what makes a client of somebody."""
    return callers(database, world)


@pytest.fixture
def stage(world: World) -> Stage:
    """A sick employee with everybody around him; nothing judged, nothing consented."""
    return set_stage(world)
