"""Secrets of second factors and kept answers under the newest master key, while the app runs."""

from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from core.settings import Settings
from core.vault import Sealed, Vault
from identity.once import place_of
from identity.totp import about

SOME = 500
FACTORS = "identity.second_factor"
FOUND = text("SELECT * FROM medical.sealed_under_others(:factor_key, :answer_key, :most)")
CHANGE = text("SELECT medical.seal_anew(:place, :owner, :key_hash, :before, :after, :after_key)")


def seal_anew(owner: Engine, settings: Settings) -> int:
    """Seal under the first master key what stands under another, some at a time; returns how many that were.

    Raises Unavailable where a master key is missing.
    """
    factors, answers = settings.factor_vault, settings.answer_vault
    keys = {"factor_key": factors.newest, "answer_key": answers.newest}
    changed = 0
    while True:
        with owner.begin() as connection:
            found = connection.execute(FOUND, keys | {"most": SOME}).all()
            changed += sum(_change(connection, row, factors if row.place == FACTORS else answers) for row in found)
        if not found:
            return changed


def _change(connection: Connection, row: Row[Any], vault: Vault) -> int:
    bound_to = about(row.owner) if row.place == FACTORS else place_of(row.owner, bytes(row.key_hash))
    before = bytes(row.sealed)
    after = vault.seal(vault.open(Sealed(row.key_id, before), bound_to), bound_to)
    values = {"place": row.place, "owner": row.owner, "key_hash": row.key_hash}
    sealed = {"before": before, "after": after.content, "after_key": after.key_id}
    changed: int = connection.execute(CHANGE, values | sealed).scalar_one()
    return changed
