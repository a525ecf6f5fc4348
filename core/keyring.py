"""The keys behind sealed columns: a data key for each case, under the key of its tenant, under the master key.

Nothing here asks the database for a key to read with: every sealed value comes out together with its wrapped keys
(`core.sealed`), as they stand at that moment. So a list costs no query for each row, and a key that was destroyed or
replaced is known at once in every process. What is remembered is only what unwrapping gave.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from secrets import token_bytes
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, text

from core.errors import Unavailable
from core.key_service import KeyService
from core.language import _
from core.vault import KEY_BYTES, NONCE_BYTES, decrypt, encrypt

VERSION = b"\x01"
HANDLE_BYTES = 16
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16  # of a data key: nonce, key, tag
SEALED_FROM = 1 + HANDLE_BYTES + NONCE_BYTES  # a sealed value: version, handle of its key, nonce, and what is sealed
DESTROYED, UNKNOWN = 0, 0xFFFF  # in the place of the length of the tenant's key
MOST_REMEMBERED = 4096
SECONDS_REMEMBERED = 60.0

STANDING = text(
    "SELECT k.subject_id, k.handle, t.id AS tenant_key_id, t.wrapped AS tenant_key, k.wrapped"
    " FROM medical.data_key k JOIN medical.tenant_key t ON t.id = k.tenant_key_id"
    " WHERE k.tenant_id = :tenant AND k.subject_id = ANY (CAST(:subjects AS uuid[])) AND k.destroyed_at IS NULL"
)
NEWEST = text("SELECT id, wrapped FROM medical.tenant_key WHERE tenant_id = :tenant AND stands AND retired_at IS NULL")
ADD_TENANT_KEY = text(
    "INSERT INTO medical.tenant_key (id, tenant_id, created_at, wrapped, stands)"
    " VALUES (:id, :tenant, now(), :wrapped, true) ON CONFLICT DO NOTHING"
)
ADD_DATA_KEY = text(
    "INSERT INTO medical.data_key"
    " (id, tenant_id, created_at, subject_id, handle, tenant_key_id, tenant_key_stands, wrapped)"
    " VALUES (:id, :tenant, now(), :subject, :handle, :tenant_key_id, true, :wrapped) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class DataKey:
    """A key that stands: by what sealed values name it, and what seals with it."""

    handle: bytes
    cipher: AESGCM


@dataclass
class _Remembered:
    """What unwrapping gave, for a minute and in a bounded number; a wrapped key always opens to the same."""

    found: dict[bytes, tuple[float, AESGCM]] = field(default_factory=dict)

    def get(self, wrapped: bytes, unwrap: Callable[[], bytes]) -> AESGCM:
        """Return what seals with a key, unwrapping it when that was not done a short while ago."""
        known, at = self.found.get(wrapped), time.monotonic()
        if known is not None and known[0] > at:
            return known[1]
        cipher = AESGCM(unwrap())
        if len(self.found) >= MOST_REMEMBERED:
            self.found.clear()
        self.found[wrapped] = (at + SECONDS_REMEMBERED, cipher)
        return cipher


class Keyring:
    """Opens sealed values and finds or makes the keys to seal with; the medical side alone is given one."""

    def __init__(self, service: KeyService) -> None:
        """Take who holds the master key."""
        self.service = service
        self._tenant_keys, self._data_keys = _Remembered(), _Remembered()

    def forget(self) -> None:
        """Forget every key that was unwrapped, at once: one of them was destroyed."""
        self._tenant_keys.found.clear()
        self._data_keys.found.clear()

    def open(self, handed: bytes, about: bytes) -> bytes | None:
        """Return what is in a value as the database hands it over: row, tenant, wrapped keys, and the value itself.

        None means that its key was destroyed. Raises Unavailable for what was changed or stands in another place.
        """
        length = int.from_bytes(handed[32:34], "big")
        if length == DESTROYED:
            return None
        if length == UNKNOWN:
            if len(handed) > 34:
                raise _damaged()
            return b""
        value_at = 34 + HANDLE_BYTES + length + WRAPPED_BYTES
        known = handed[16 : value_at + 1 + HANDLE_BYTES]
        cipher = self._data_keys.get(known, lambda: self._unwrapped(handed, length, value_at))
        try:
            return decrypt(cipher, handed[value_at + 1 + HANDLE_BYTES :], about + handed[:16])
        except (InvalidTag, ValueError) as fault:
            raise _damaged() from fault

    def seal(self, key: DataKey, content: bytes, about: bytes, row: UUID) -> bytes:
        """Return `content` as it is kept in one column of one row; it opens nowhere else."""
        return VERSION + key.handle + encrypt(key.cipher, content, about + row.bytes)

    def keys_of(self, connection: Connection, tenant: UUID, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey]:
        """Return the key of each subject, most often a case; who has none is given one within this transaction."""
        wanted = sorted(set(subjects))
        found = self._standing(connection, tenant, wanted)
        if missing := [subject for subject in wanted if subject not in found]:
            self._add(connection, tenant, missing)
            found |= self._standing(connection, tenant, missing)
        return found

    def _standing(self, connection: Connection, tenant: UUID, subjects: list[UUID]) -> dict[UUID, DataKey]:
        rows = connection.execute(STANDING, {"tenant": tenant, "subjects": subjects})
        return {row.subject_id: self._data_key(tenant, row) for row in rows}

    def _data_key(self, tenant: UUID, row: object) -> DataKey:
        handle, wrapped = bytes(row.handle), bytes(row.wrapped)  # type: ignore[attr-defined]
        tenant_key_id, tenant_key = row.tenant_key_id, bytes(row.tenant_key)  # type: ignore[attr-defined]
        known = tenant.bytes + len(tenant_key).to_bytes(2, "big") + tenant_key_id.bytes + tenant_key + wrapped
        known += VERSION + handle

        def unwrap() -> bytes:
            above = self._tenant_cipher(tenant.bytes, tenant_key_id.bytes, tenant_key)
            return unwrap_data_key(above, wrapped, tenant.bytes, handle)

        return DataKey(handle, self._data_keys.get(known, unwrap))

    def _unwrapped(self, handed: bytes, length: int, value_at: int) -> bytes:
        tenant, tenant_key_id = handed[16:32], handed[34:50]
        above = self._tenant_cipher(tenant, tenant_key_id, handed[50 : 50 + length])
        handle = handed[value_at + 1 : value_at + 1 + HANDLE_BYTES]
        return unwrap_data_key(above, handed[50 + length : value_at], tenant, handle)

    def _tenant_cipher(self, tenant: bytes, tenant_key_id: bytes, wrapped: bytes) -> AESGCM:
        about = about_tenant_key(tenant, tenant_key_id)
        return self._tenant_keys.get(about + wrapped, lambda: self.service.unwrap(wrapped, about))

    def _add(self, connection: Connection, tenant: UUID, subjects: list[UUID]) -> None:
        newest = connection.execute(NEWEST, {"tenant": tenant}).one_or_none()
        if newest is None:
            connection.execute(ADD_TENANT_KEY, new_tenant_key(self.service, tenant))
            newest = connection.execute(NEWEST, {"tenant": tenant}).one()
        above = self._tenant_cipher(tenant.bytes, newest.id.bytes, bytes(newest.wrapped))
        made = [{**_new_data_key(above, tenant, subject), "tenant_key_id": newest.id} for subject in subjects]
        connection.execute(ADD_DATA_KEY, made)


def _new_data_key(above: AESGCM, tenant: UUID, subject: UUID) -> dict[str, object]:
    handle = token_bytes(HANDLE_BYTES)
    wrapped = wrap_data_key(above, token_bytes(KEY_BYTES), tenant.bytes, handle)
    return {"id": uuid4(), "tenant": tenant, "subject": subject, "handle": handle, "wrapped": wrapped}


def new_tenant_key(service: KeyService, tenant: UUID) -> dict[str, object]:
    """Return the values of a new key of a tenant, wrapped by the newest master key."""
    key_id = uuid4()
    wrapped = service.wrap(token_bytes(KEY_BYTES), about_tenant_key(tenant.bytes, key_id.bytes))
    return {"id": key_id, "tenant": tenant, "wrapped": wrapped}


def about_tenant_key(tenant: bytes, tenant_key_id: bytes) -> bytes:
    """Return what the key of a tenant is bound to: nobody passes it off as that of another."""
    return b"providerboog tenant key" + tenant + tenant_key_id


def wrap_data_key(above: AESGCM, key: bytes, tenant: bytes, handle: bytes) -> bytes:
    """Return a data key as it is kept, under the key of its tenant."""
    return encrypt(above, key, b"providerboog data key" + tenant + handle)


def unwrap_data_key(above: AESGCM, wrapped: bytes, tenant: bytes, handle: bytes) -> bytes:
    """Return a data key as it was wrapped; raises Unavailable for one that was changed or is another's."""
    try:
        return decrypt(above, wrapped, b"providerboog data key" + tenant + handle)
    except (InvalidTag, ValueError) as fault:
        raise _damaged() from fault


def _damaged() -> Unavailable:
    return Unavailable(_("Deze gegevens zijn beschadigd en gaan niet open."))
