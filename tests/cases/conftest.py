"""People for the tests of the cases room."""

import pytest

from tests.cases.staff import Staff, staff_of
from tests.world import World


@pytest.fixture
def staff(world: World) -> Staff:
    """An arbodienst of this test's own, with its people."""
    return staff_of(world)
