"""Passwords: how they are kept, and which ones are refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session, select

from core.database import Database, Door
from core.errors import Invalid
from identity.password_rules import FEWEST_PIECES, pieces, refuse_weak, words
from identity.passwords import check_password, hash_password
from identity.sign_in import memberships_for
from identity.tables import Account
from tests.identity.accounts import PASSWORD, somebody
from tests.world import World

ABOUT = ("Anna de Wit", "anna.dewit@bakkerijzonneveld.example", "Bakkerij Zonneveld")
EASY = (
    "wachtwoord123",
    "Wachtwoord2026!",
    "W@chtw00rd2026",
    "Welkom01Welkom01",
    "welkomwelkomwelkom",
    "qwertyuiop123",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "123456789012",
    "111111111111",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "abcdefghijklm",
    "Zomer2026Zomer2026",
    "zomer-2026-zomer",
    "AmsterdamRotterdam",
    "iloveyou2026!",
    "correcthorsebatterystaple",
    "demo-wachtwoord",
    "Providerboog2026",
    "annadewit2026!",
    "AnnaAnnaAnna12",
    "bakkerijzonneveld",
    "Zonneveld-2026!",
)
GOOD = (
    PASSWORD,
    "vier lampen boven een natte stoep",
    "groenefietsopdegracht",
    "x7#kQ2!mZp9v",
    "Tj4lk-bromt-zacht",
    "пароль из пяти слов тут",
)


@pytest.mark.parametrize("password", EASY)
def test_what_everybody_tries_first_is_refused(database: Database, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        refuse_weak(password, database.settings, ABOUT)
    assert refused.value.errors[0].field == "password"


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_guesses_is_taken_whatever_its_characters(database: Database, password: str) -> None:
    refuse_weak(password, database.settings, ABOUT)


@pytest.mark.parametrize("password", ["x7#kQ2!mZp9", "x7#kQ2!mZp9v" * 30])
def test_its_length_has_bounds(database: Database, password: str) -> None:
    with pytest.raises(Invalid):
        refuse_weak(password, database.settings)


def test_an_operator_adds_a_list_of_his_own(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "leaked.txt"
    file.write_text("kort\nVier Lampen Boven Een Natte Stoep\n", encoding="utf-8")
    settings = database.settings.model_copy(update={"common_passwords": file})
    with pytest.raises(Invalid):
        refuse_weak("vier lampen boven een natte stoep", settings)
    refuse_weak(PASSWORD, settings)


@given(st.lists(st.sampled_from(sorted(words())), min_size=1, max_size=FEWEST_PIECES - 1))
def test_a_few_known_words_are_never_enough(chosen: list[str]) -> None:
    assert pieces("".join(chosen)) < FEWEST_PIECES


@given(st.text(min_size=1, max_size=300))
def test_no_text_has_more_pieces_than_characters_that_are_read(text: str) -> None:
    assert 0 <= pieces(text) <= 64


def test_a_hash_of_old_parameters_is_renewed_at_the_next_sign_in(world: World) -> None:
    who = somebody(world)
    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1),)).hash(PASSWORD)
    with Session(world.database.owner) as session:
        account = session.get_one(Account, who.actor.account)
        account.password_hash = old
        session.commit()
    with world.database.transaction(Door.IDENTITY) as session:
        assert memberships_for(session, who.actor.email, PASSWORD)
    with Session(world.database.owner) as session:
        kept = session.exec(select(Account.password_hash).where(Account.id == who.actor.account)).one()
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, kept) == (True, None)


def test_every_hash_has_a_salt_of_its_own() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)
