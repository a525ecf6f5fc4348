"""Keeps secrets unreadable for whoever only has the database: AES-256 in GCM, with keys that it never sees."""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Unavailable
from core.language import _

KEY_BYTES, NONCE_BYTES = 32, 12


@dataclass(frozen=True)
class Sealed:
    """A file that was sealed: with which key, and what became of it (the nonce first)."""

    key_id: str
    content: bytes


@dataclass(frozen=True)
class Vault:
    """Seals with the first of its keys and opens with all of them, so that a key can be replaced while files stay.

    A vault without a key refuses: there is no default.
    """

    keys: Sequence[bytes]

    def seal(self, content: bytes, about: str) -> Sealed:
        """Seal a file; it opens only together with the same `about`, so that nobody can pass it off as another."""
        if not self.keys:
            raise Unavailable(_("Bijlagen staan hier uit: er is geen sleutel ingesteld om ze te bewaren."))
        return Sealed(key_id(self.keys[0]), encrypt(AESGCM(self.keys[0]), content, about.encode()))

    def open(self, sealed: Sealed, about: str) -> bytes:
        """Return a file as it was sealed; raises Unavailable when its key is gone or anything was changed."""
        key = self._by_id.get(sealed.key_id)
        if key is None:
            raise Unavailable(_("De sleutel van deze bijlage is hier niet ingesteld."))
        try:
            return decrypt(AESGCM(key), sealed.content, about.encode())
        except InvalidTag as fault:
            raise Unavailable(_("Deze bijlage is beschadigd en gaat niet open.")) from fault

    @property
    def newest(self) -> str:
        """Return by what the key is known that seals now; raises Unavailable where there is none."""
        if not self.keys:
            raise Unavailable(_("Er is hier geen hoofdsleutel ingesteld."))
        return key_id(self.keys[0])

    @cached_property
    def _by_id(self) -> Mapping[str, bytes]:
        return {key_id(key): key for key in self.keys}


def encrypt(cipher: AESGCM, content: bytes, about: bytes) -> bytes:
    """Return `content` sealed under a nonce of its own, which comes first; it opens with the same `about` alone."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, about)


def decrypt(cipher: AESGCM, sealed: bytes, about: bytes) -> bytes:
    """Return what `encrypt` sealed; raises InvalidTag for anything else, and ValueError for what is too short."""
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)


def key_id(key: bytes) -> str:
    """Return by what a key is known beside the files that it sealed; it tells nothing of the key."""
    return hashlib.sha256(b"providerboog:key:" + key).hexdigest()[:16]


def read_keys(setting: str) -> tuple[bytes, ...]:
    """Return the keys of a setting, written in base64 with commas between; raises ValueError for one that is none."""
    return tuple(_read_key(part.strip()) for part in setting.split(",") if part.strip())


def key_from(secret: str, purpose: str) -> bytes:
    """Return a key that follows from another secret, a different one for each purpose."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def write_key(key: bytes) -> str:
    """Return a key as it stands in the setting."""
    return urlsafe_b64encode(key).decode()


def _read_key(written: str) -> bytes:
    try:
        key = b64decode(written.replace("-", "+").replace("_", "/"), validate=True)
    except NotBase64 as fault:
        raise ValueError("a key is written in base64") from fault
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key is {KEY_BYTES} bytes long")
    return key
