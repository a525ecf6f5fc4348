"""Wrapping keys anew while the app runs: under another master key, or under another key of a tenant.

What is sealed stays as it is; only wrapped keys change, each as long as it stands as it was read. Every step is a
transaction of its own, so a rotation that was interrupted is gone on with by the next one.
"""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import IntegrityError

from core.key_service import KeyService
from core.keyring import about_tenant_key, new_tenant_key, unwrap_data_key, wrap_data_key

SOME = 500  # data keys at once
KEYS = text("SELECT * FROM medical.tenant_keys()")
REWRAP_TENANT_KEY = text("SELECT medical.rewrap_tenant_key(:id, :before, :after)")
RETIRE = text("SELECT medical.retire_tenant_key(:id)")
ADD = text("SELECT medical.add_tenant_key(:id, :tenant, :wrapped)")
UNDER = text("SELECT * FROM medical.data_keys_under(:id, :most)")
REWRAP_DATA_KEY = text("SELECT medical.rewrap_data_key(:id, :before, :after, :above)")
DESTROY = text("SELECT medical.destroy_tenant_key(:id)")


@dataclass(frozen=True)
class Rotated:
    """How many keys of tenants and of cases were wrapped anew, and how many keys of tenants were destroyed."""

    tenant_keys: int
    data_keys: int
    destroyed: int


def rotate(owner: Engine, service: KeyService, *, new_tenant_keys: bool = False) -> Rotated:
    """Wrap the key of every tenant under the newest master key; with `new_tenant_keys` give each a new one.

    What rests on a retired key is wrapped under the new one, and then the retired key is destroyed. Raises Unavailable
    where a master key is missing.
    """
    again = sum(_under_newest_master(owner, service, key) for key in _keys(owner))
    if new_tenant_keys:
        for key in _keys(owner):
            if key.retired_at is None:
                _replace(owner, service, key)
    moved = destroyed = 0
    newest = {key.tenant_id: key for key in _keys(owner) if key.retired_at is None}
    for key in _keys(owner):
        if key.retired_at is not None and key.tenant_id in newest:
            moved += _move(owner, service, key, newest[key.tenant_id])
            destroyed += _destroy(owner, service, key, newest[key.tenant_id])
    return Rotated(again, moved, destroyed)


def _keys(owner: Engine) -> list[Row[Any]]:
    with owner.begin() as connection:
        return list(connection.execute(KEYS))


def _under_newest_master(owner: Engine, service: KeyService, key: Row[Any]) -> int:
    before = bytes(key.wrapped)
    if service.is_newest(before):
        return 0
    about = about_tenant_key(key.tenant_id.bytes, key.id.bytes)
    after = service.wrap(service.unwrap(before, about), about)
    with owner.begin() as connection:
        changed: int = connection.execute(
            REWRAP_TENANT_KEY, {"id": key.id, "before": before, "after": after}
        ).scalar_one()
    return changed


def _replace(owner: Engine, service: KeyService, key: Row[Any]) -> None:
    """Retire the key of a tenant and give a new one, in one stroke: there is never none for a new case."""
    with owner.begin() as connection:
        if connection.execute(RETIRE, {"id": key.id}).scalar_one():
            connection.execute(ADD, new_tenant_key(service, key.tenant_id))


def _move(owner: Engine, service: KeyService, old: Row[Any], new: Row[tuple[object, ...]]) -> int:
    """Wrap what rests on a retired key under the newest, some at a time; returns how many."""
    below, above, moved = _cipher(service, old), _cipher(service, new), 0
    while True:
        with owner.begin() as connection:
            found = connection.execute(UNDER, {"id": old.id, "most": SOME}).all()
            moved += sum(_rewrap(connection, key, below, above, new) for key in found)
        if not found:
            return moved


def _rewrap(
    connection: Connection,
    key: Row[Any],
    below: AESGCM,
    above: AESGCM,
    new: Row[Any],
) -> int:
    tenant, handle, before = new.tenant_id.bytes, bytes(key.handle), bytes(key.wrapped)
    after = wrap_data_key(above, unwrap_data_key(below, before, tenant, handle), tenant, handle)
    values = {"id": key.id, "before": before, "after": after, "above": new.id}
    changed: int = connection.execute(REWRAP_DATA_KEY, values).scalar_one()
    return changed


def _destroy(owner: Engine, service: KeyService, old: Row[Any], new: Row[tuple[object, ...]]) -> int:
    """Destroy a retired key; where a case was given its key under it just now, move that first."""
    for _again in range(5):
        try:
            with owner.begin() as connection:
                destroyed: int = connection.execute(DESTROY, {"id": old.id}).scalar_one()
                return destroyed
        except IntegrityError:
            _move(owner, service, old, new)
    return 0


def _cipher(service: KeyService, key: Row[Any]) -> AESGCM:
    return AESGCM(service.unwrap(bytes(key.wrapped), about_tenant_key(key.tenant_id.bytes, key.id.bytes)))
