"""Who may sign in with which password, in which roles, and tokens for programs; behind the identity door."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import NotFound, Unauthenticated
from core.language import _
from core.settings import Settings
from identity.audit import record
from identity.authentication import hash_of, new_secret
from identity.passwords import check_password
from identity.people import actor_for
from identity.roles import Role
from identity.tables import Account, ApiToken, Membership, Organisation, Person

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
        raise _wrong()
    if newer is not None:
        account.password_hash = newer
        session.add(account)
    found = memberships_of(session, account.email)
    if not found:
        raise _wrong()
    return found


def memberships_of(session: Session, email: str) -> tuple[MembershipChoice, ...]:
    """Return the roles of an account that have not ended, oldest first."""
    return _choices(session, Account.email == email.strip().lower())


def demo_accounts(session: Session) -> tuple[MembershipChoice, ...]:
    """Return the accounts of the demo network, to choose from with one click."""
    return _choices(session, col(Account.email).endswith(DEMO_DOMAIN))


def _wrong() -> Unauthenticated:
    return Unauthenticated(_("Het e-mailadres of het wachtwoord klopt niet."))


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
