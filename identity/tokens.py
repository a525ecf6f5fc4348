"""Tokens with which a program acts for somebody: made for some ends and some time, told once, and revoked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from core.rows import append
from core.settings import Settings
from identity.actor import Actor
from identity.audit import record
from identity.authentication import hash_of, new_secret
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.policy import Permission, require
from identity.roles import Role
from identity.scopes import Scope
from identity.tables import ApiToken, Membership, Organisation

MOST = 20


@dataclass(frozen=True)
class TokenView:
    """A token as its owner sees it in the list; without scopes it may do all that its role may."""

    id: UUID
    name: str
    organisation: str
    role: Role
    scopes: tuple[str, ...] | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime


def make_token(
    session: Session, actor: Actor, name: str, scopes: Collection[Scope], days: int, settings: Settings
) -> str:
    """Return the secret of a new token for the role that the actor has now; it is told this once.

    It lasts `days`, at most as long as the settings allow. Raises Conflict for who has too many.
    """
    require(actor, Permission.SEE_SELF)
    if len(list_tokens(session, actor)) >= MOST:
        raise Conflict(_("U hebt al twintig tokens. Trek er eerst een in."))
    secret = new_secret()
    append(
        session,
        ApiToken,
        token_hash=hash_of(secret),
        membership_id=actor.membership_id,
        name=name,
        scopes=sorted(scope.value for scope in scopes),
        expires_at=now() + timedelta(days=min(days, settings.token_days)),
    )
    record(session, actor, "identity:token:issue", reason="portal")
    put_notice(session, actor.account, Happened.TOKEN_MADE)
    return secret


def list_tokens(session: Session, actor: Actor) -> tuple[TokenView, ...]:
    """Return the tokens of the actor's account that still work, in all his roles, newest first."""
    require(actor, Permission.SEE_SELF)
    rows = session.exec(
        select(ApiToken, Membership, Organisation)
        .join(Membership, col(Membership.id) == ApiToken.membership_id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(
            Membership.account_id == actor.account,
            col(ApiToken.revoked_at).is_(None),
            ApiToken.expires_at > now(),
        )
        .order_by(col(ApiToken.created_at).desc())
        .limit(100)
    )
    return tuple(
        TokenView(
            token.id,
            token.name,
            organisation.name,
            member.role,
            None if token.scopes is None else tuple(token.scopes),
            token.created_at,
            token.last_used_at,
            token.expires_at,
        )
        for token, member, organisation in rows
    )


def revoke_token(session: Session, actor: Actor, token_id: UUID) -> None:
    """Revoke one of the actor's own tokens, from the next request on; raises NotFound for one that is not his."""
    require(actor, Permission.SEE_SELF)
    own = select(Membership.id).where(Membership.account_id == actor.account)
    revoked = session.execute(
        update(ApiToken)
        .where(col(ApiToken.id) == token_id, col(ApiToken.membership_id).in_(own), col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=now())
        .returning(col(ApiToken.id))
    ).all()
    if not revoked:
        raise NotFound(_("Niet gevonden."))
    record(session, actor, "identity:token:revoked", token_id)
