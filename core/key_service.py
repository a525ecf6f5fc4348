"""Who holds the master key: a few words that a key management service answers too, and the one that reads a setting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Unavailable
from core.language import _
from core.vault import decrypt, encrypt, key_id

NAME_BYTES = 8


class KeyService(Protocol):
    """Wraps the keys of tenants under a master key that never leaves it; what is wrapped may lie in the database."""

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """Return `key` as it may be kept, bound to what it is about; raises Unavailable without a master key."""

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """Return a key as it was wrapped; raises Unavailable when its master key is gone or anything was changed."""

    def is_newest(self, wrapped: bytes) -> bool:
        """Tell whether a key was wrapped by the master key that wraps now."""


@dataclass(frozen=True)
class EnvironmentKeys:
    """Master keys from the environment of the process: the first wraps, all of them unwrap."""

    keys: Sequence[bytes]

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """Return the name of the master key, a nonce and the sealed key."""
        if not self.keys:
            raise Unavailable(_("Er is hier geen hoofdsleutel ingesteld."))
        return _name(self.keys[0]) + encrypt(AESGCM(self.keys[0]), key, about)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """Return the key with the master key that its first bytes name."""
        master = self._by_name.get(wrapped[:NAME_BYTES])
        if master is None:
            raise Unavailable(_("De hoofdsleutel van deze gegevens is hier niet ingesteld."))
        try:
            return decrypt(AESGCM(master), wrapped[NAME_BYTES:], about)
        except (InvalidTag, ValueError) as fault:
            raise Unavailable(_("De sleutel van deze gegevens is beschadigd en gaat niet open.")) from fault

    def is_newest(self, wrapped: bytes) -> bool:
        """Tell whether the first of the master keys wrapped it."""
        return bool(self.keys) and wrapped.startswith(_name(self.keys[0]))

    @cached_property
    def _by_name(self) -> Mapping[bytes, bytes]:
        return {_name(key): key for key in self.keys}


def _name(key: bytes) -> bytes:
    return bytes.fromhex(key_id(key))[:NAME_BYTES]
