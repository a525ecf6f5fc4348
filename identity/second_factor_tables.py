"""Tables of the second factor: what somebody shows beside his password, and the codes for when that is lost."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, DateTime, LargeBinary
from sqlmodel import Field, SQLModel

from core.clock import now
from core.columns import choice, instant
from core.privacy import PrivacyClass

SCHEMA = {"schema": "identity"}


class FactorKind(StrEnum):
    """What kind of second factor it is."""

    PASSKEY = "passkey"  # WebAuthn: a key in a telephone, a computer or a stick, which never leaves it
    TOTP = "totp"  # an app that shows a code of six digits for half a minute


class SecondFactor(SQLModel, table=True):
    """One second factor of an account; it counts from when it was first shown, and the last one cannot be removed.

    Of a passkey only the public key is here; the secret of an app is sealed with a key that the database never sees.
    """

    __tablename__ = "second_factor"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL AND public_key IS NOT NULL)", name="passkey_has_key"
        ),
        CheckConstraint("(kind = 'totp') = (secret IS NOT NULL AND key_id IS NOT NULL)", name="app_has_secret"),
        SCHEMA,
    )
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    kind: FactorKind = Field(sa_type=choice(FactorKind))
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    confirmed_at: datetime | None = instant()
    last_used_at: datetime | None = instant()
    removed_at: datetime | None = instant()
    credential_id: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    public_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    key_id: str | None = Field(default=None, max_length=16)
    last_step: int | None = Field(default=None, sa_type=BigInteger)  # the half minute whose code was used last


class RecoveryCode(SQLModel, table=True):
    """A code that takes the place of the second factor once; kept as a hash only."""

    __tablename__ = "recovery_code"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    code_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    used_at: datetime | None = instant()
    replaced_at: datetime | None = instant()


class KnownDevice(SQLModel, table=True):
    """A browser in which somebody has signed in before, known by a secret of its own.

    Guesses made elsewhere do not make its owner wait.
    """

    __tablename__ = "known_device"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    account_id: UUID = Field(foreign_key="identity.account.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    ended_at: datetime | None = instant()


class Slot(SQLModel, table=True):
    """How often in a row it went wrong at one place, and from when on it may be tried there again.

    A place is an account as seen from unknown browsers, an account in one known browser, or an address.
    """

    __tablename__ = "slot"
    __table_args__ = SCHEMA
    __privacy__: ClassVar[PrivacyClass] = PrivacyClass.CREDENTIAL

    place: bytes = Field(sa_type=LargeBinary, primary_key=True)  # a keyed hash: it tells of no address and no account
    failures: int = 0
    free_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    tried_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
