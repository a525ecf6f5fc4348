"""Codes for when every second factor is lost: shown once, kept as a hash, and each good for one time."""

import secrets
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from core.clock import now
from identity.actor import Actor
from identity.audit import record
from identity.authentication import hash_of
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.policy import Permission, require
from identity.second_factor_tables import RecoveryCode

COUNT = 8
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U, which people misread
LENGTH = 24  # 120 random bits, so that a plain hash is enough and guessing is hopeless (ASVS 6.5.2)
GROUP = 4
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def make_codes(session: Session, account_id: UUID) -> tuple[str, ...]:
    """Return new codes, told this once; those that there were before end with it."""
    session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.used_at).is_(None),
            col(RecoveryCode.replaced_at).is_(None),
        )
        .values(replaced_at=now())
    )
    codes = ["".join(secrets.choice(LETTERS) for _nth in range(LENGTH)) for _nth in range(COUNT)]
    session.add_all(RecoveryCode(account_id=account_id, code_hash=hash_of(code)) for code in codes)
    session.flush()
    return tuple("-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for code in codes)


def use_recovery_code(session: Session, account_id: UUID, typed: str) -> bool:
    """Tell whether this is a code of the account that was not used yet; from now on it was."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(MISREAD)
    used = session.execute(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.code_hash) == hash_of(code),
            col(RecoveryCode.used_at).is_(None),
            col(RecoveryCode.replaced_at).is_(None),
        )
        .values(used_at=now())
        .returning(col(RecoveryCode.id))
    )
    return used.first() is not None


def codes_left(session: Session, account_id: UUID) -> int:
    """Return how many codes of the account are still good."""
    return session.exec(
        select(func.count())
        .select_from(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            col(RecoveryCode.used_at).is_(None),
            col(RecoveryCode.replaced_at).is_(None),
        )
    ).one()


def renew_codes(session: Session, actor: Actor) -> tuple[str, ...]:
    """Return new codes for the actor himself; his old ones no longer work."""
    require(actor, Permission.SEE_SELF)
    codes = make_codes(session, actor.account)
    record(session, actor, "identity:recovery:replaced")
    put_notice(session, actor.account, Happened.CODES_RENEWED)
    return codes
