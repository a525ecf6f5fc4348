"""A transaction sees what its actor may see, and a forgotten context sees nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from core.database import Door
from identity.roles import OrganisationKind, Role
from identity.tables import Organisation
from tests.world import World


def test_without_context_a_login_reads_nothing(world: World) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), world.database.transaction(Door.OPEN) as session:
        session.exec(select(Organisation)).all()


def test_tenants_do_not_see_each_other(world: World) -> None:
    other = World(world.database)
    other.organisation(OrganisationKind.PROVIDER, "Elders")
    mine = world.actor(Role.NETWORK_MANAGER)
    with world.acting(Door.OPEN, mine) as session:
        assert {row.tenant_id for row in session.exec(select(Organisation))} == {world.tenant_id}


@pytest.mark.parametrize("role", ["providerboog_care", "providerboog_identity", "providerboog_keeper"])
def test_open_door_cannot_become_another(world: World, role: str) -> None:
    """R18."""
    mine = world.actor(Role.EMPLOYER, world.organisation(OrganisationKind.EMPLOYER, "Werkgever"))
    with pytest.raises(ProgrammingError, match="permission denied"), world.acting(Door.OPEN, mine) as session:
        session.execute(text(f"SET ROLE {role}"))


def test_open_door_has_no_usage_on_medical(world: World) -> None:
    """R18."""
    mine = world.actor(Role.CASE_MANAGER)
    with pytest.raises(ProgrammingError, match="schema medical"), world.acting(Door.OPEN, mine) as session:
        session.execute(text("SELECT 1 FROM medical.referral"))
