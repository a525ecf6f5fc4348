"""Rotation: keys are wrapped anew while people read and write, and nothing that is sealed changes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import text
from sqlmodel import select

from core.database import Database, Door
from core.errors import Unavailable
from core.key_rotation import rotate
from core.key_service import EnvironmentKeys
from core.vault import write_key
from medical.tables import ReferralContent
from tests.conftest import MASTER_KEY
from tests.medical.stage import GOAL, MEDICAL, Stage

NEW = b"n" * 32
SEALED = text("SELECT goal FROM medical.referral_content WHERE case_id = :case")
KEYS = text("SELECT count(*), count(wrapped), count(*) FILTER (WHERE retired_at IS NULL) FROM medical.tenant_key")


@pytest.fixture(scope="module")
def database(database_apart: Database) -> Database:
    """Of this module alone: rotation goes past the keys that other tests damaged as well."""
    return database_apart


def test_words_open_under_another_master_key_alone(stage: Stage) -> None:
    stage.issued(MEDICAL)
    world = stage.world
    with world.database.owner.connect() as connection:
        before = connection.execute(SEALED, {"case": stage.case_id}).scalar_one()
    try:
        assert rotate(world.database.owner, EnvironmentKeys((NEW, MASTER_KEY))).tenant_keys >= 1
        settings = world.database.settings
        keys = type(settings.master_keys)(write_key(NEW))
        moved = Database(settings.model_copy(update={"master_keys": keys}), world.database.owner_url)
        with moved.transaction(Door.CARE, stage.physician.context) as session:
            assert session.exec(select(ReferralContent.goal)).all() == [GOAL]
        moved.dispose()
        with world.database.owner.connect() as connection:
            assert connection.execute(SEALED, {"case": stage.case_id}).scalar_one() == before
        with stage.acting(stage.physician) as session, pytest.raises(Unavailable, match="hoofdsleutel"):
            session.exec(select(ReferralContent.goal)).all()
    finally:
        rotate(world.database.owner, EnvironmentKeys((MASTER_KEY, NEW)))


def test_a_tenant_gets_a_new_key_while_people_read_and_write(stage: Stage) -> None:
    stage.issued(MEDICAL)
    database, over = stage.world.database, Event()

    def read() -> int:
        times = 0
        while not over.is_set():
            with stage.acting(stage.physician) as session:
                assert set(session.exec(select(ReferralContent.goal))) == {GOAL}
            times += 1
        return times

    def write() -> int:
        return len([stage.elsewhere().issued(MEDICAL) for _each in range(3)])

    with ThreadPoolExecutor(2) as pool:
        reader, writer = pool.submit(read), pool.submit(write)
        try:
            for _each in range(3):
                rotate(database.owner, EnvironmentKeys((MASTER_KEY,)), new_tenant_keys=True)
            written = writer.result(timeout=60)
        finally:
            over.set()
        assert reader.result(timeout=30) > 0
    assert written == 3
    rotate(database.owner, EnvironmentKeys((MASTER_KEY,)))
    with stage.acting(stage.physician) as session:
        assert session.exec(select(ReferralContent.goal)).all() == [GOAL] * 4
        made, stand, newest = session.execute(KEYS).one()
    assert (made > 3, stand, newest) == (True, 1, 1)
