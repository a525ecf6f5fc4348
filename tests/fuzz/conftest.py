"""The whole house with its demo network, as the journeys have it."""

from tests.journeys.conftest import house

__all__ = ["house"]
