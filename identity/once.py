"""An act whose answer got lost is not done twice: its client gives it a key, and a repeat gets the first answer.

The key, the act and its answer are kept in one transaction. What is kept is sealed, on its own side of the wall, bound
to the account and to what was asked, and emptied after a day.
"""

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from core.database import Door
from core.errors import FieldError, Invalid
from core.language import _
from core.locks import take_turn
from core.vault import Sealed, Vault
from identity.actor import Actor

HEADER = "Idempotency-Key"
FORM = re.compile(r"[!-~]{1,200}")
FIND = "SELECT asked, status, key_id, sealed FROM {}.answered_act WHERE account_id = :account AND key_hash = :key"
KEEP = (
    "INSERT INTO {}.answered_act (account_id, key_hash, tenant_id, asked, status, key_id, sealed, at)"
    " VALUES (:account, :key, :tenant, :asked, :status, :key_id, :sealed, now())"
)
FORGET = "UPDATE {}.answered_act SET sealed = '' WHERE at < now() - interval '1 day' AND sealed <> ''"
SCHEMA = {Door.OPEN: "identity", Door.CARE: "medical"}


@dataclass(frozen=True)
class Answer:
    """What was answered: the status, and the body as it was sent."""

    status: int
    body: bytes


class Answered(Exception):
    """This was asked before and is done; nothing is done again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True)
class Once:
    """An act with a key: the hash of the key, and of what is asked."""

    key: bytes
    asked: bytes

    @classmethod
    def of(cls, key: str, asked: bytes) -> "Once":
        """Return it for a key as its client wrote it; raises Invalid for one that is empty, long or strange."""
        if FORM.fullmatch(key) is None:
            said = _("Een sleutel bestaat uit 1 tot 200 letters, cijfers en leestekens.")
            raise Invalid(said, [FieldError(HEADER, said)])
        return cls(hashlib.sha256(key.encode()).digest(), hashlib.sha256(asked).digest())

    def recall(self, session: Session, actor: Actor, door: Door, vault: Vault) -> None:
        """Wait for the same act where it is being done, and raise Answered when it was; else it can be done.

        Raises Invalid when the key was used for something else.
        """
        take_turn(session, "once", actor.account, self.key.hex())
        found = session.execute(
            text(FIND.format(SCHEMA[door])), {"account": actor.account, "key": self.key}
        ).one_or_none()
        if found is None:
            return
        if bytes(found.asked) != self.asked:
            said = _("Deze sleutel is al gebruikt voor iets anders.")
            raise Invalid(said, [FieldError(HEADER, said)])
        if not found.sealed:
            said = _("Deze sleutel is langer dan een dag geleden gebruikt. Kijk eerst wat er toen is gebeurd.")
            raise Invalid(said, [FieldError(HEADER, said)])
        sealed = Sealed(found.key_id, bytes(found.sealed))
        raise Answered(Answer(found.status, vault.open(sealed, place_of(actor.account, self.key))))

    def keep(self, session: Session, actor: Actor, door: Door, vault: Vault, answer: Answer) -> None:
        """Keep the answer with the act."""
        sealed = vault.seal(answer.body, place_of(actor.account, self.key))
        session.execute(
            text(KEEP.format(SCHEMA[door])),
            {
                "account": actor.account,
                "key": self.key,
                "tenant": actor.tenant_id,
                "asked": self.asked,
                "status": answer.status,
                "key_id": sealed.key_id,
                "sealed": sealed.content,
            },
        )


def place_of(account_id: UUID, key: bytes) -> str:
    """Return to what a kept answer is bound."""
    return f"answer:{account_id}:{key.hex()}"


def forget(session: Session, door: Door) -> None:
    """Empty the answers of the tenant that were kept for a day; for its jobs."""
    session.execute(text(FORGET.format(SCHEMA[door])))
