"""The stage for tests of the medical room."""

import pytest

from tests.medical.stage import Stage, set_stage
from tests.world import World


@pytest.fixture
def stage(world: World) -> Stage:
    """An employer with a sick employee, a physician, a delegate and a provider; nothing judged, nothing consented."""
    return set_stage(world)
