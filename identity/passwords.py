"""Passwords, hashed with argon2id."""

from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST = 12
MEMORY_KIB = 19_456  # OWASP's first choice for argon2id: 19 MiB, two passes, one lane
PASSES = 2


@cache
def hasher() -> PasswordHash:
    """Return the hasher of this process."""
    return PasswordHash((Argon2Hasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1),))


@cache
def _nobody() -> str:
    return hasher().hash("a password that nobody has")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    return hasher().hash(password)


def check_password(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Tell whether `password` fits the `kept` hash, and return a newer hash when the old one is outdated.

    Without a kept hash the same work is done in vain, so that the time taken tells nothing about who exists.
    """
    if kept is None:
        hasher().verify(password, _nobody())
        return False, None
    return hasher().verify_and_update(password, kept)
