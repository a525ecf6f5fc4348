"""From a cookie or a bearer token to an actor; the secret itself is never kept, only its hash."""

import hashlib
import secrets

from sqlalchemy import TextClause, text
from sqlmodel import Session

from identity.actor import Actor
from identity.roles import Role

BY_SESSION = text("SELECT * FROM app.session_member(:hash, :idle_minutes)")
BY_TOKEN = text("SELECT * FROM app.token_member(:hash)")


def new_secret() -> str:
    """Return a secret of 256 random bits, for a cookie or a token."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret; it is random and long, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def actor_of_cookie(session: Session, secret: str, idle_minutes: int, client: str | None) -> Actor | None:
    """Return who is signed in with the cookie `secret`, or None when it has ended."""
    return _actor(session, BY_SESSION, {"hash": hash_of(secret), "idle_minutes": idle_minutes}, client)


def actor_of_token(session: Session, secret: str, client: str | None) -> Actor | None:
    """Return whose API token `secret` is, or None when it is unknown, revoked or expired."""
    return _actor(session, BY_TOKEN, {"hash": hash_of(secret)}, client)


def _actor(session: Session, statement: TextClause, values: dict[str, object], client: str | None) -> Actor | None:
    row = session.execute(statement, values).mappings().first()
    if row is None:
        return None
    return Actor(**{**row, "role": Role(row["role"])}, client=client)
