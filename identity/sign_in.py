"""Signing in and out, in a transaction behind the identity door."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import NotFound, Unauthenticated
from core.language import _
from core.settings import Settings
from identity.actor import Actor
from identity.audit import record
from identity.authentication import hash_of, new_secret
from identity.passwords import check_password
from identity.roles import Role
from identity.tables import Account, ApiToken, Membership, Organisation, Person, WebSession

DEMO_DOMAIN = "@demo.test"
MOST_CHOICES = 50


@dataclass(frozen=True)
class MembershipChoice:
    """A role that an account may sign in with."""

    id: UUID
    role: Role
    organisation: str
    email: str
    name: str
    language: str


def memberships_for(session: Session, email: str, password: str) -> tuple[MembershipChoice, ...]:
    """Return the roles that `email` may choose from, oldest first, when the password is right.

    Raises Unauthenticated with one and the same message whether the account or the password is wrong.
    """
    account = session.exec(select(Account).where(Account.email == email.strip().lower())).first()
    fits, newer = check_password(password, account.password_hash if account else None)
    if account is None or not fits or account.disabled_at is not None:
        raise Unauthenticated(_("Het e-mailadres of het wachtwoord klopt niet."))
    if newer is not None:
        account.password_hash = newer
        session.add(account)
    return memberships_of(session, account.email)


def memberships_of(session: Session, email: str) -> tuple[MembershipChoice, ...]:
    """Return the roles of an account that have not ended, oldest first."""
    return _choices(session, Account.email == email.strip().lower())


def demo_accounts(session: Session) -> tuple[MembershipChoice, ...]:
    """Return the accounts of the demo network, to choose from with one click."""
    return _choices(session, col(Account.email).endswith(DEMO_DOMAIN))


def _choices(session: Session, condition: ColumnElement[bool] | bool) -> tuple[MembershipChoice, ...]:
    rows = session.exec(
        select(Membership, Account, Person, Organisation)
        .join(Account, col(Account.id) == Membership.account_id)
        .join(Person, col(Person.id) == Account.person_id)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(condition, col(Membership.ended_at).is_(None), col(Account.disabled_at).is_(None))
        .order_by(col(Membership.created_at), col(Membership.id))
        .limit(MOST_CHOICES)
    )
    return tuple(
        MembershipChoice(member.id, member.role, organisation.name, account.email, person.name, account.language)
        for member, account, person, organisation in rows
    )


def open_session(session: Session, membership_id: UUID, settings: Settings, client: str | None) -> str:
    """Sign a membership in and return the secret for its cookie."""
    membership = session.get_one(Membership, membership_id)
    secret = new_secret()
    session.add(
        WebSession(
            token_hash=hash_of(secret),
            membership_id=membership.id,
            expires_at=now() + timedelta(hours=settings.session_hours),
        )
    )
    record(session, actor_for(session, membership, client), "identity:session:open")
    return secret


def close_session(session: Session, secret: str) -> None:
    """End the session of a cookie; an unknown one is no error."""
    found = session.exec(select(WebSession).where(WebSession.token_hash == hash_of(secret))).first()
    if found is None or found.ended_at is not None:
        return
    found.ended_at = now()
    session.add(found)
    membership = session.get_one(Membership, found.membership_id)
    record(session, actor_for(session, membership, None), "identity:session:close")


def issue_token(session: Session, email: str, role: Role | None, settings: Settings) -> str:
    """Return a new API token for the account of `email`, for its first membership or the one with `role`.

    Raises NotFound when there is no such account or role.
    """
    found = [m for m in memberships_of(session, email) if role is None or m.role == role]
    if not found:
        raise NotFound(_("Er is geen account met dit e-mailadres en deze rol."))
    secret = new_secret()
    membership = session.get_one(Membership, found[0].id)
    session.add(
        ApiToken(
            token_hash=hash_of(secret),
            membership_id=membership.id,
            expires_at=now() + timedelta(days=settings.token_days),
        )
    )
    record(session, actor_for(session, membership, None), "identity:token:issue")
    return secret


def actor_for(session: Session, membership: Membership, client: str | None) -> Actor:
    """Return the actor that a membership makes."""
    account = session.get_one(Account, membership.account_id)
    person = session.get_one(Person, account.person_id)
    organisation = session.get_one(Organisation, membership.organisation_id)
    return Actor(
        role=membership.role,
        tenant_id=membership.tenant_id,
        organisation_id=membership.organisation_id,
        account_id=account.id,
        membership_id=membership.id,
        person_id=person.id,
        subject_id=membership.subject_id,
        email=account.email,
        name=person.name,
        organisation_name=organisation.name,
        language=account.language,
        client=client,
    )
