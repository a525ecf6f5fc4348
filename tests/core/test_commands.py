"""Every command of the command line is there, and a token waits for a database that is being set up."""

from importlib import import_module
from inspect import signature

import pytest

import commands.token
from commands import COMMANDS
from commands.token import is_set_up, wait_until_set_up
from core.database import Database
from core.errors import Unavailable
from identity.roles import Role
from tests.world import World


@pytest.mark.parametrize("name", COMMANDS)
def test_each_can_be_run(name: str) -> None:
    assert len(signature(import_module(f"commands.{name.replace('-', '_')}").run).parameters) == 3


def test_a_database_with_accounts_is_set_up(world: World) -> None:
    world.actor(Role.PHYSICIAN)
    assert is_set_up(world.database)
    wait_until_set_up(world.database)


def test_without_a_schema_it_says_what_to_do(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands.token, "is_current", lambda _connection: False)
    with pytest.raises(Unavailable, match="make migrate"):
        wait_until_set_up(database)
