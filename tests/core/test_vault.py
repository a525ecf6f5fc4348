"""Sealing: what the database holds says nothing, opens in its own place only, and keys can be replaced."""

import pytest
from pydantic import SecretStr, ValidationError

from core.errors import Unavailable
from core.key_service import EnvironmentKeys
from core.settings import Settings
from core.vault import Sealed, Vault, key_id, read_keys, write_key

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
CONTENT = b"%PDF-1.7 geheim"
SECRET = SecretStr("x" * 32)


def test_what_was_sealed_opens_again_and_is_nowhere_in_it() -> None:
    vault = Vault((NEW,))
    sealed = vault.seal(CONTENT, "hier")
    assert CONTENT not in sealed.content
    assert vault.open(sealed, "hier") == CONTENT
    assert vault.seal(CONTENT, "hier").content != sealed.content


@pytest.mark.parametrize("change", ["content", "nonce", "place"])
def test_what_was_changed_or_moved_does_not_open(change: str) -> None:
    sealed, about = Vault((NEW,)).seal(CONTENT, "hier"), "hier"
    raw = bytearray(sealed.content)
    if change == "place":
        about = "daar"
    else:
        raw[-1 if change == "content" else 0] ^= 1
    with pytest.raises(Unavailable, match="beschadigd"):
        Vault((NEW,)).open(Sealed(sealed.key_id, bytes(raw)), about)


def test_a_key_can_be_replaced_while_files_stay() -> None:
    sealed = Vault((OLD,)).seal(CONTENT, "hier")
    both = Vault((NEW, OLD))
    assert both.open(sealed, "hier") == CONTENT
    assert both.seal(CONTENT, "hier").key_id == key_id(NEW)
    with pytest.raises(Unavailable, match="sleutel"):
        Vault((NEW,)).open(sealed, "hier")


def test_outside_the_demo_there_is_no_default_key() -> None:
    with pytest.raises(ValidationError, match="PROVIDERBOOG_MASTER_KEYS"):
        Settings(secret_key=SECRET, demo=False, master_keys=SecretStr(""))
    with pytest.raises(Unavailable, match="geen sleutel"):
        Vault(()).seal(CONTENT, "hier")
    demo = Settings(secret_key=SECRET, demo=True, master_keys=SecretStr("")).key_service
    assert demo.unwrap(demo.wrap(NEW, b"hier"), b"hier") == NEW


def test_the_setting_names_keys_the_first_of_which_wraps() -> None:
    setting = f"{write_key(NEW)}, {write_key(OLD)}"
    assert read_keys(setting) == (NEW, OLD)
    made = Settings(secret_key=SECRET, demo=False, master_keys=SecretStr(setting))
    assert made.key_service == EnvironmentKeys((NEW, OLD))
    assert len(made.factor_vault.keys) == 2
    assert not {NEW, OLD} & set(made.factor_vault.keys)


@pytest.mark.parametrize("setting", ["geheim", write_key(b"te kort"), f"{write_key(NEW)},x"])
def test_a_key_that_is_none_keeps_the_app_from_starting(setting: str) -> None:
    with pytest.raises(ValidationError, match="PROVIDERBOOG_MASTER_KEYS"):
        Settings(secret_key=SECRET, demo=False, master_keys=SecretStr(setting))


class TestMasterKey:
    """What the environment does in the place of a key management service."""

    def test_what_an_older_one_wrapped_still_opens_and_is_known_as_older(self) -> None:
        wrapped = EnvironmentKeys((OLD,)).wrap(CONTENT, b"hier")
        both = EnvironmentKeys((NEW, OLD))
        assert both.unwrap(wrapped, b"hier") == CONTENT
        assert not both.is_newest(wrapped)
        assert both.is_newest(both.wrap(CONTENT, b"hier"))

    @pytest.mark.parametrize(
        ("keys", "about", "changed"),
        [((NEW,), b"hier", 0), ((OLD,), b"daar", 0), ((OLD,), b"hier", 1), ((), b"hier", 0)],
    )
    def test_another_key_place_or_byte_does_not_open(self, keys: tuple[bytes, ...], about: bytes, changed: int) -> None:
        wrapped = bytearray(EnvironmentKeys((OLD,)).wrap(CONTENT, b"hier"))
        wrapped[-1] ^= changed
        with pytest.raises(Unavailable):
            EnvironmentKeys(keys).unwrap(bytes(wrapped), about)

    def test_without_a_key_nothing_is_wrapped(self) -> None:
        with pytest.raises(Unavailable, match="hoofdsleutel"):
            EnvironmentKeys(()).wrap(CONTENT, b"hier")
