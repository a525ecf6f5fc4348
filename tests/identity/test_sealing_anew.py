"""What is sealed under a key that follows from a master key goes under the newest one too."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.database import Door
from core.errors import Unavailable
from core.settings import Settings
from core.vault import write_key
from identity.once import Answer, Answered, Once
from identity.sealing_anew import seal_anew
from identity.second_factors import factors_of, remove_factor
from identity.totp import use_code
from tests.conftest import MASTER_KEY
from tests.identity.accounts import Somebody, somebody
from tests.world import World

NEW = b"n" * 32
ANSWER = Answer(201, b'{"answer": "kept"}')
ASKED = Once.of("a-key", b"what was asked")
UNDER = text(
    "SELECT count(*) FROM (SELECT key_id, secret AS sealed FROM identity.second_factor WHERE removed_at IS NULL"
    " UNION ALL SELECT key_id, sealed FROM identity.answered_act"
    " UNION ALL SELECT key_id, sealed FROM medical.answered_act"
    ") AS found WHERE sealed <> '' AND key_id IN (:factors, :answers)"
)


@pytest.fixture
def who(world: World) -> Iterator[Somebody]:
    """Somebody with an app and an answer on each side, all of it under the master key of the tests."""
    found = somebody(world)
    assert found.secret
    for door in (Door.OPEN, Door.CARE):
        with world.acting(door, found.actor) as session:
            ASKED.keep(session, found.actor, door, world.database.settings.answer_vault, ANSWER)
    yield found
    seal_anew(world.database.owner, under(world, MASTER_KEY, NEW))


def under(world: World, *keys: bytes) -> Settings:
    settings = world.database.settings
    written = type(settings.master_keys)(",".join(map(write_key, keys)))
    return settings.model_copy(update={"master_keys": written})


def use(who: Somebody, settings: Settings) -> bool:
    with who.world.database.transaction(Door.IDENTITY) as session:
        return use_code(session, who.actor.account, who.code(), settings.factor_vault)


def recall(who: Somebody, door: Door, settings: Settings) -> None:
    with who.world.acting(door, who.actor) as session:
        ASKED.recall(session, who.actor, door, settings.answer_vault)


def test_all_of_it_opens_under_the_new_key_alone(world: World, who: Somebody) -> None:
    owner, new = world.database.owner, under(world, NEW)
    assert seal_anew(owner, under(world, NEW, MASTER_KEY)) >= 3
    with owner.connect() as connection:
        old = world.database.settings
        names = {"factors": old.factor_vault.newest, "answers": old.answer_vault.newest}
        assert connection.execute(UNDER, names).scalar_one() == 0
    assert use(who, new)
    for door in (Door.OPEN, Door.CARE):
        with pytest.raises(Answered) as answered:
            recall(who, door, new)
        assert answered.value.answer == ANSWER
        with pytest.raises(Unavailable):
            recall(who, door, world.database.settings)
    assert seal_anew(owner, new) == 0


def test_without_the_old_key_nothing_changes(world: World, who: Somebody) -> None:
    with pytest.raises(Unavailable, match="sleutel"):
        seal_anew(world.database.owner, under(world, NEW))
    assert use(who, world.database.settings)


def test_a_factor_that_was_removed_stays_as_it_is(world: World, who: Somebody) -> None:
    who.another_secret()
    with world.database.transaction(Door.IDENTITY) as session:
        removed = factors_of(session, who.actor.account)[0].id
        remove_factor(session, who.actor, removed)
    kept = text("SELECT secret FROM identity.second_factor WHERE id = :id")
    with world.database.owner.connect() as connection:
        before = connection.execute(kept, {"id": removed}).scalar_one()
    seal_anew(world.database.owner, under(world, NEW, MASTER_KEY))
    with world.database.owner.connect() as connection:
        assert connection.execute(kept, {"id": removed}).scalar_one() == before


@pytest.mark.parametrize("door", [Door.OPEN, Door.CARE])
@pytest.mark.parametrize(
    "call",
    [
        "medical.sealed_under_others('', '', 10)",
        f"medical.seal_anew('identity.second_factor', '{uuid4()}', NULL, '', '', '')",
    ],
)
def test_no_door_may_do_it(world: World, who: Somebody, door: Door, call: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), world.acting(door, who.actor) as session:
        session.execute(text(f"SELECT * FROM {call}"))
