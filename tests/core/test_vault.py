"""Sealing: what the database holds says nothing, opens in its own place only, and keys can be replaced."""

import pytest
from pydantic import SecretStr, ValidationError

from core.errors import Unavailable
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
    assert Settings(secret_key=SECRET, demo=False, attachment_keys=SecretStr("")).vault.keys == ()
    with pytest.raises(Unavailable, match="geen sleutel"):
        Vault(()).seal(CONTENT, "hier")
    assert len(Settings(secret_key=SECRET, demo=True, attachment_keys=SecretStr("")).vault.keys) == 1


def test_the_setting_names_keys_the_first_of_which_seals() -> None:
    setting = f"{write_key(NEW)}, {write_key(OLD)}"
    assert read_keys(setting) == (NEW, OLD)
    assert Settings(secret_key=SECRET, demo=False, attachment_keys=SecretStr(setting)).vault == Vault((NEW, OLD))


@pytest.mark.parametrize("setting", ["geheim", write_key(b"te kort"), f"{write_key(NEW)},x"])
def test_a_key_that_is_none_keeps_the_app_from_starting(setting: str) -> None:
    with pytest.raises(ValidationError, match="PROVIDERBOOG_ATTACHMENT_KEYS"):
        Settings(secret_key=SECRET, demo=False, attachment_keys=SecretStr(setting))
