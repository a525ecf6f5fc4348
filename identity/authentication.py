"""From a cookie or a bearer token to an actor; the secret itself is never kept, only its hash."""

import hashlib
import secrets

from sqlalchemy import TextClause, text
from sqlmodel import Session

from core.database import Door, entering
from core.rows import ask
from identity.actor import Actor
from identity.roles import Role

# Whoever is found is let in by the same statement: every request asks it, and each further one takes its time.
LET_IN = "SELECT member.*, concat({}) AS entered FROM {} member"
AS_MEMBER = entering(
    tenant="member.tenant_id::text",
    organisation="member.organisation_id::text",
    account="member.account_id::text",
    role="member.role",
    subject="coalesce(member.subject_id::text, '')",
)
BY_SESSION = text(LET_IN.format(AS_MEMBER, "app.session_member(:hash, :browser)"))
BY_TOKEN = text(LET_IN.format(AS_MEMBER, "app.token_member(:hash)"))
BY_CALENDAR = text(LET_IN.format(AS_MEMBER, "app.calendar_member(:hash)"))


def new_secret() -> str:
    """Return a secret of 256 random bits, for a cookie or a token."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret; it is random and long, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def actor_of_cookie(session: Session, door: Door, secret: str, browser: str, client: str | None) -> Actor | None:
    """Let in through `door` who is signed in with the cookie `secret`.

    None when the session has ended, when no second factor was shown in it, and in another kind of `browser`.
    """
    return _let_in(session, BY_SESSION, door, secret, client, browser=browser)


def actor_of_token(session: Session, door: Door, secret: str, client: str | None) -> Actor | None:
    """Let in through `door` whose API token `secret` is; None when it is unknown, revoked or expired."""
    return _let_in(session, BY_TOKEN, door, secret, client)


def actor_of_calendar(session: Session, door: Door, secret: str, client: str | None) -> Actor | None:
    """Let in through `door` whose calendar's address `secret` opens; None when it is unknown or revoked."""
    return _let_in(session, BY_CALENDAR, door, secret, client)


def _let_in(
    session: Session, statement: TextClause, door: Door, secret: str, client: str | None, **values: object
) -> Actor | None:
    row = ask(session, statement, hash=hash_of(secret), db_role=door.role, **values).mappings().first()
    if row is None:
        return None
    member = {name: value for name, value in row.items() if name != "entered"}
    scopes = None if row["scopes"] is None else tuple(row["scopes"])
    return Actor(**{**member, "role": Role(row["role"]), "scopes": scopes}, client=client)
