"""The second factors of an account: which there are, what they are called, and that one is always left (R69)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.policy import Permission, require
from identity.second_factor_tables import FactorKind, SecondFactor

MOST = 10
"""Factors that one account may have; nobody keeps track of more."""


@dataclass(frozen=True)
class FactorView:
    """A second factor as its owner sees it."""

    id: UUID
    kind: FactorKind
    name: str
    created_at: datetime
    last_used_at: datetime | None


def factors_of(session: Session, account_id: UUID) -> tuple[FactorView, ...]:
    """Return the factors with which an account can be opened, oldest first."""
    rows = session.exec(
        select(SecondFactor)
        .where(
            SecondFactor.account_id == account_id,
            col(SecondFactor.confirmed_at).is_not(None),
            col(SecondFactor.removed_at).is_(None),
        )
        .order_by(col(SecondFactor.created_at), col(SecondFactor.id))
    )
    return tuple(FactorView(row.id, row.kind, row.name, row.created_at, row.last_used_at) for row in rows)


def refuse_too_many(session: Session, account_id: UUID) -> None:
    """Raise Conflict when an account has as many factors as it may."""
    if len(factors_of(session, account_id)) >= MOST:
        raise Conflict(_("U hebt al tien manieren. Haal er eerst een weg."))


def rename_factor(session: Session, actor: Actor, factor_id: UUID, name: str) -> None:
    """Give one of the actor's factors another name."""
    factor = _own(session, actor, factor_id)
    factor.name = name
    session.add(factor)
    session.flush()
    record(session, actor, "identity:factor:changed", factor_id)


def remove_factor(session: Session, actor: Actor, factor_id: UUID) -> None:
    """Remove one of the actor's factors; raises Conflict for the last one, without which nobody could sign in."""
    factor = _own(session, actor, factor_id)
    if len(factors_of(session, actor.account)) == 1:
        raise Conflict(
            _("Dit is uw enige manier om te bevestigen wie u bent. Voeg eerst een andere toe."),
            possible=(_("Een andere manier toevoegen"),),
        )
    factor.removed_at = now()
    session.add(factor)
    session.flush()
    record(session, actor, "identity:factor:removed", factor_id, reason=factor.kind.value)
    put_notice(session, actor.account, Happened.FACTOR_REMOVED)


def _own(session: Session, actor: Actor, factor_id: UUID) -> SecondFactor:
    require(actor, Permission.SEE_SELF)
    factor = session.get(SecondFactor, factor_id)
    if factor is None or factor.account_id != actor.account or not factor.confirmed_at or factor.removed_at:
        raise NotFound(_("Niet gevonden."))
    return factor
