"""Signs with Ed25519 what must still be provable when somebody else owns the database."""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Proof(StrEnum):
    """What a signature proves."""

    GOOD = "good"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown_key"  # made with a key that is not known here, so it proves nothing here


@dataclass(frozen=True)
class Signature:
    """A signature, and by which key: the beginning of the hash of its public half."""

    key_id: str
    value: bytes


@dataclass(frozen=True)
class Signer:
    """Signs with the first of its keys and recognises what each of them signed; without a key it signs nothing.

    A key is the 32 bytes from which Ed25519 makes both halves.
    """

    keys: Sequence[bytes]

    def __bool__(self) -> bool:
        return bool(self.keys)

    def sign(self, content: bytes) -> Signature:
        """Return the signature of `content`; raises RuntimeError without a key, for which a caller looks first."""
        if not self.keys:
            raise RuntimeError("there is no key to sign with")
        return Signature(public_id(public_half(self.keys[0])), _private(self.keys[0]).sign(content))

    def proof(self, content: bytes, signature: Signature) -> Proof:
        """Tell what a signature proves of `content`."""
        public = self.public_keys.get(signature.key_id)
        if public is None:
            return Proof.UNKNOWN_KEY
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature.value, content)
        except InvalidSignature:
            return Proof.FORGED
        return Proof.GOOD

    @cached_property
    def public_keys(self) -> Mapping[str, bytes]:
        """The public half of each key, by what it is known: what somebody needs who checks elsewhere."""
        return {public_id(half): half for half in map(public_half, self.keys)}


def public_half(key: bytes) -> bytes:
    """Return the public half of a key."""
    return _private(key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_id(public: bytes) -> str:
    """Return by what a public key is known beside what it signed."""
    return hashlib.sha256(b"providerboog:signer:" + public).hexdigest()[:16]


def written(value: bytes) -> str:
    """Return a signature or a public key as text."""
    return b64encode(value).decode()


def read(value: str) -> bytes:
    """Return what was written as text; raises ValueError for what is no base64."""
    try:
        return b64decode(value, validate=True)
    except NotBase64 as fault:
        raise ValueError("a signature is written in base64") from fault


def _private(key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key)
