"""Second factors: codes that count once, secrets that the database cannot read, and one that is always left (R69)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from core.clock import now, standing_at
from core.database import Door
from core.errors import Conflict, Invalid, NotFound, Unavailable
from core.settings import Settings
from core.vault import Vault
from identity.recovery_codes import COUNT, codes_left, make_codes, use_recovery_code
from identity.second_factor_tables import RecoveryCode, SecondFactor
from identity.second_factors import factors_of, remove_factor, rename_factor
from identity.totp import confirm_app, demo_code, offer_app, random_secret, sealed_app, use_code
from tests.identity.accounts import Somebody, somebody
from tests.world import World


@contextmanager
def identity(world: World) -> Iterator[Session]:
    with world.database.transaction(Door.IDENTITY) as session:
        yield session


@pytest.fixture
def who(world: World) -> Somebody:
    return somebody(world)


def another_app(who: Somebody) -> SecondFactor:
    factor = sealed_app(who.actor.account, random_secret(), who.world.database.settings.factor_vault)
    factor.confirmed_at = now()
    who.world.add(factor)
    return factor


def use(who: Somebody, code: str) -> bool:
    with identity(who.world) as session:
        return use_code(session, who.actor.account, code, who.world.database.settings.factor_vault)


def test_a_code_counts_once(who: Somebody) -> None:
    """R69."""
    code = who.code()
    assert use(who, code)
    assert not use(who, code)
    assert use(who, who.code(1))
    assert not use(who, who.code())  # an older one than was used last


def test_a_code_of_another_time_or_account_does_not_count(who: Somebody) -> None:
    other = somebody(who.world)
    assert not use(who, other.code())
    assert not use(who, who.code(-3))
    assert not use(who, who.code(3))
    assert not use(who, "")
    assert not use(who, "１２３４５６")


def test_an_app_counts_only_after_its_first_code(who: Somebody) -> None:
    vault, account = who.world.database.settings.factor_vault, who.actor.account
    with identity(who.world) as session:
        offered = offer_app(session, account, who.actor.email, vault)
        assert offer_app(session, account, who.actor.email, vault) == offered
        assert not use_code(session, account, pyotp.TOTP(offered.secret).at(now()), vault)
        assert factors_of(session, account) == ()
        with pytest.raises(Invalid):
            confirm_app(session, account, "000000", "App", vault)
        confirm_app(session, account, pyotp.TOTP(offered.secret).at(now()), "App", vault)
        assert [factor.name for factor in factors_of(session, account)] == ["App"]
        assert not use_code(session, account, pyotp.TOTP(offered.secret).at(now()), vault)
        assert offer_app(session, account, who.actor.email, vault).secret != offered.secret


def test_an_offer_is_forgotten_after_half_an_hour(who: Somebody) -> None:
    vault, account = who.world.database.settings.factor_vault, who.actor.account
    with standing_at(now() - timedelta(minutes=31)), identity(who.world) as session:
        offered = offer_app(session, account, who.actor.email, vault)
    with identity(who.world) as session, pytest.raises(Invalid):
        confirm_app(session, account, pyotp.TOTP(offered.secret).at(now()), "App", vault)


def test_the_secret_of_an_app_cannot_be_read_in_the_database(who: Somebody) -> None:
    secret = who.secret
    with Session(who.world.database.owner) as session:
        row = session.exec(select(SecondFactor).where(SecondFactor.account_id == who.actor.account)).one()
        assert row.secret is not None
        assert secret.encode() not in row.secret
        # Nor does it open as part of another row, or with another key.
        moved = SecondFactor(**{**row.model_dump(), "id": uuid4(), "account_id": somebody(who.world).actor.account})
    who.world.add(moved)
    with identity(who.world) as session, pytest.raises(Unavailable):
        use_code(session, moved.account_id, "123456", who.world.database.settings.factor_vault)
    with identity(who.world) as session, pytest.raises(Unavailable):
        use_code(session, who.actor.account, "123456", Vault((b"x" * 32,)))


def test_one_factor_is_always_left(who: Somebody) -> None:
    """R69."""
    assert who.secret
    with identity(who.world) as session:
        (only,) = factors_of(session, who.actor.account)
        with pytest.raises(Conflict) as refused:
            remove_factor(session, who.actor, only.id)
        assert refused.value.possible
    second = another_app(who)
    with identity(who.world) as session:
        remove_factor(session, who.actor, only.id)
    with identity(who.world) as session:
        assert [factor.id for factor in factors_of(session, who.actor.account)] == [second.id]
        assert not use_code(session, who.actor.account, who.code(), who.world.database.settings.factor_vault)


def test_factors_of_another_are_not_there(who: Somebody) -> None:
    assert who.secret
    other = another_app(somebody(who.world))
    with identity(who.world) as session:
        with pytest.raises(NotFound):
            remove_factor(session, who.actor, other.id)
        with pytest.raises(NotFound):
            rename_factor(session, who.actor, other.id, "x")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity.second_factor SET removed_at = now() WHERE account_id = :account",
        "UPDATE identity.second_factor SET last_step = 1 WHERE account_id = :account",
        "UPDATE identity.second_factor SET secret = '\\x00' WHERE account_id = :account",
        "UPDATE identity.second_factor SET account_id = gen_random_uuid() WHERE account_id = :account",
        "UPDATE identity.recovery_code SET used_at = NULL WHERE account_id = :account",
        "DELETE FROM identity.second_factor WHERE account_id = :account",
    ],
)
def test_raw_sql_behind_the_door_fails_too(who: Somebody, statement: str) -> None:
    """R69."""
    assert use(who, who.code())
    with identity(who.world) as session:
        codes = make_codes(session, who.actor.account)
        assert use_recovery_code(session, who.actor.account, codes[0])
    with pytest.raises(DBAPIError), identity(who.world) as session:
        session.execute(text(statement), {"account": who.actor.account})


@pytest.mark.parametrize("door", [Door.OPEN, Door.CARE])
@pytest.mark.parametrize("table", ["second_factor", "recovery_code", "known_device", "slot", "web_session"])
def test_no_other_door_sees_any_of_it(who: Somebody, door: Door, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), who.world.acting(door, who.actor) as session:
        session.execute(text(f"SELECT count(*) FROM identity.{table}"))


def test_a_recovery_code_counts_once_however_it_is_typed(who: Somebody) -> None:
    account = who.actor.account
    with identity(who.world) as session:
        codes = make_codes(session, account)
        assert len(set(codes)) == COUNT
        assert use_recovery_code(session, account, f" {codes[0].lower().replace('-', ' ').replace('0', 'o')} ")
        assert not use_recovery_code(session, account, codes[0])
        assert not use_recovery_code(session, somebody(who.world).actor.account, codes[1])
        assert codes_left(session, account) == COUNT - 1
        kept = session.exec(select(RecoveryCode.code_hash)).all()
        assert not any(code.replace("-", "").encode() in kept for code in codes)
        make_codes(session, account)
        assert not use_recovery_code(session, account, codes[1])
        assert codes_left(session, account) == COUNT


def test_the_code_of_the_demo_is_told_in_the_demo_alone(who: Somebody) -> None:
    usual = who.world.database.settings
    demo = usual.model_copy(update={"demo": True})
    assert isinstance(demo, Settings)
    for settings, email in (
        (usual, "ba@demo.test"),
        (demo, "ba@example.test"),
        (demo.model_copy(update={"host": "192.0.2.1"}), "ba@demo.test"),
    ):
        with identity(who.world) as session, pytest.raises(NotFound):
            demo_code(session, who.actor.account, email, settings)
    assert who.secret
    for _nth in range(3):
        with identity(who.world) as session:
            code = demo_code(session, who.actor.account, "ba@demo.test", demo)
        assert use(who, code)
