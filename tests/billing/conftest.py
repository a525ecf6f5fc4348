"""The billing office for tests of money."""

import pytest

from tests.billing.office import Office
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    """An arbodienst that charges onward with 21% VAT; nothing supplied yet."""
    return Office(world)
