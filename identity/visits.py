"""Signed-in browsers: begun with a password, opened by a second factor, renewed when it is shown again, and ended.

A session begins closed: it lets nobody in until a second factor was shown (R69). Each time that happens it gets a new
secret, so that whoever had seen the old one has nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import NotFound
from core.language import _
from core.settings import Settings
from identity.actor import Actor
from identity.audit import record
from identity.authentication import hash_of, new_secret
from identity.people import actor_for
from identity.policy import Permission, require
from identity.roles import CARE, Role
from identity.tables import Account, Membership, Organisation, WebSession

HALFWAY = timedelta(minutes=15)  # for what comes between the password and the second factor
STRICT = CARE | {Role.NETWORK_MANAGER, Role.AUDITOR}
"""Roles that see health data, decide who may, or read the trail: their sessions end sooner."""


@dataclass(frozen=True)
class Visit:
    """A session that has not ended: whose it is, and when the second factor was last shown in it, if ever."""

    session_id: UUID
    account_id: UUID
    membership_id: UUID
    role: Role
    email: str
    language: str
    proved_at: datetime | None


@dataclass(frozen=True)
class VisitView:
    """A session as its owner sees it in the list."""

    id: UUID
    browser: str
    organisation: str
    role: Role
    began_at: datetime
    last_seen_at: datetime
    current: bool


def begin_visit(session: Session, membership_id: UUID, browser: str | None = None) -> str:
    """Begin a session for who knew the password, and return the secret of its cookie; it opens nothing yet."""
    secret = new_secret()
    session.add(
        WebSession(
            token_hash=hash_of(secret),
            membership_id=membership_id,
            expires_at=now() + HALFWAY,
            browser=browser,
        )
    )
    session.flush()
    return secret


def visit_of(session: Session, secret: str, browser: str | None = None) -> Visit | None:
    """Return the session of a cookie, open or not; None when it has ended, or was begun in another browser."""
    found = session.exec(
        select(WebSession, Membership, Account)
        .join(Membership, col(Membership.id) == WebSession.membership_id)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(
            WebSession.token_hash == hash_of(secret),
            col(WebSession.ended_at).is_(None),
            WebSession.expires_at > now(),
            col(Membership.ended_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    ).first()
    if found is None:
        return None
    held, member, account = found
    if held.proved_at is not None and held.last_seen_at <= now() - timedelta(minutes=held.idle_minutes):
        return None
    if held.browser is not None and browser is not None and held.browser != browser:
        return None
    return Visit(held.id, account.id, member.id, member.role, account.email, account.language, held.proved_at)


def prove(session: Session, visit: Visit, settings: Settings, how: str, client: str | None) -> str:
    """Open a session, or renew it, now that the second factor was shown; return its new secret.

    `how` is the word under which the trail keeps it.
    """
    held, moment, secret = session.get_one(WebSession, visit.session_id), now(), new_secret()
    if held.proved_at is None:
        held.idle_minutes, held.expires_at = limits(visit.role, settings)
        held.created_at = moment
    held.proved_at = held.last_seen_at = moment
    held.token_hash = hash_of(secret)
    held.challenge = held.challenge_at = None
    session.add(held)
    session.flush()
    tag = "identity:session:open" if visit.proved_at is None else "identity:session:confirmed"
    record_for(session, visit, tag, client, reason=how)
    return secret


def record_for(session: Session, visit: Visit, tag: str, client: str | None, reason: str | None = None) -> None:
    """Record what was done in a session that may not be open yet."""
    actor = actor_for(session, session.get_one(Membership, visit.membership_id), client)
    record(session, actor, tag, visit.session_id, reason=reason)


def refuse_proof(session: Session, visit: Visit, client: str | None) -> None:
    """Record that a second factor was shown that is none."""
    record_for(session, visit, "identity:session:refuse", client)


def limits(role: Role, settings: Settings) -> tuple[int, datetime]:
    """Return after how many idle minutes a session of `role` ends, and when in any case."""
    strict = role in STRICT
    hours = settings.care_session_hours if strict else settings.session_hours
    idle = settings.care_session_idle_minutes if strict else settings.session_idle_minutes
    return idle, now() + timedelta(hours=hours)


def close_visit(session: Session, secret: str, client: str | None = None) -> None:
    """End the session of a cookie; an unknown one is no error."""
    found = session.exec(select(WebSession).where(WebSession.token_hash == hash_of(secret))).first()
    if found is None or found.ended_at is not None:
        return
    found.ended_at = now()
    session.add(found)
    session.flush()
    membership = session.get_one(Membership, found.membership_id)
    record(session, actor_for(session, membership, client), "identity:session:close", found.id)


def list_visits(session: Session, actor: Actor) -> tuple[VisitView, ...]:
    """Return the open sessions of the actor's account in all his roles, last seen first."""
    require(actor, Permission.SEE_SELF)
    rows = session.exec(
        select(WebSession, Membership, Organisation)
        .join(Membership, col(Membership.id) == WebSession.membership_id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(
            Membership.account_id == actor.account,
            col(WebSession.ended_at).is_(None),
            col(WebSession.proved_at).is_not(None),
            WebSession.expires_at > now(),
        )
        .order_by(col(WebSession.last_seen_at).desc())
        .limit(100)
    ).all()
    return tuple(
        VisitView(
            held.id,
            held.browser or "-",
            organisation.name,
            member.role,
            held.created_at,
            held.last_seen_at,
            held.id == actor.session_id,
        )
        for held, member, organisation in rows
        if held.last_seen_at > now() - timedelta(minutes=held.idle_minutes)
    )


def end_visit(session: Session, actor: Actor, session_id: UUID) -> None:
    """End one of the actor's own sessions at once; raises NotFound for one that is not his."""
    require(actor, Permission.SEE_SELF)
    own = select(Membership.id).where(Membership.account_id == actor.account)
    ended = session.execute(
        update(WebSession)
        .where(
            col(WebSession.id) == session_id,
            col(WebSession.membership_id).in_(own),
            col(WebSession.ended_at).is_(None),
        )
        .values(ended_at=now())
        .returning(col(WebSession.id))
    ).all()
    if not ended:
        raise NotFound(_("Niet gevonden."))
    record(session, actor, "identity:session:ended", session_id)


def end_other_visits(session: Session, actor: Actor) -> int:
    """End every session of the actor's account but this one; return how many."""
    require(actor, Permission.SEE_SELF)
    ended = end_visits_of(session, actor.account, but=actor.session_id)
    record(session, actor, "identity:session:others_ended")
    return ended


def end_visits_of(session: Session, account_id: UUID, but: UUID | None = None) -> int:
    """End the sessions of an account, those that are not open yet too; return how many."""
    of_account = select(Membership.id).where(Membership.account_id == account_id)
    ended = session.execute(
        update(WebSession)
        .where(
            col(WebSession.membership_id).in_(of_account),
            col(WebSession.ended_at).is_(None),
            col(WebSession.id).is_distinct_from(but),
        )
        .values(ended_at=now())
        .returning(col(WebSession.id))
    ).all()
    return len(ended)
