"""The page of how the installation runs: for the secretariat alone, and without anything that was worked on."""

from uuid import UUID, uuid4

from sqlalchemy import text

from core.database import Database
from tests.portal.open_pages import rows_of
from tests.portal.visitors import Visitor
from tests.world import World

PAGE = "/secretariaat/systeem"
GAVE_UP = text(
    "WITH job AS (INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, status, args, attempts)"
    " VALUES ('default', :task, 'failed', jsonb_build_object('tenant_id', CAST(:tenant AS text), 'x',"
    " CAST(:secret AS text)), 8)"
    " RETURNING id) INSERT INTO jobs.procrastinate_events (job_id, type, at) SELECT id, 'failed', now() FROM job"
)


def gave_up(database: Database, tenant_id: UUID, task: str) -> None:
    with database.owner.begin() as connection:
        connection.execute(GAVE_UP, {"tenant": str(tenant_id), "task": task, "secret": "kanarie"})


def test_it_says_what_needs_somebody(secretary: Visitor, world: World) -> None:
    gave_up(world.database, world.tenant_id, "identity.send_link")
    gave_up(world.database, uuid4(), "of.somebody.else")
    page = secretary.get(PAGE).text
    rows = rows_of(page)
    assert any(row.startswith("Laatste back-up die is teruggezet en klopte") for row in rows)
    assert "identity.send_link" in page
    assert "of.somebody.else" not in page
    assert "kanarie" not in page


def test_the_others_do_not_find_it(physician: Visitor, manager: Visitor) -> None:
    assert physician.get(PAGE).status_code in (403, 404)
    assert manager.get(PAGE).status_code in (403, 404)
