"""Which account opens for whom his arbodienst recognises: linked by its owner, and used at signing in (R69)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import Conflict, NotFound, Unauthenticated
from core.identity_providers import IdentityProvider
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.policy import Permission, require
from identity.provider_link_tables import ProviderLink
from identity.sign_in import MembershipChoice, memberships_of
from identity.tables import Account, Membership


@dataclass(frozen=True)
class LinkView:
    """A link as the owner of the account sees it."""

    id: UUID
    issuer: str
    created_at: datetime
    last_used_at: datetime | None


def links_of(session: Session, actor: Actor) -> tuple[LinkView, ...]:
    """Return the links of the actor's account, oldest first."""
    require(actor, Permission.SEE_SELF)
    rows = session.exec(
        select(ProviderLink)
        .where(ProviderLink.account_id == actor.account, col(ProviderLink.removed_at).is_(None))
        .order_by(col(ProviderLink.created_at))
        .limit(100)
    )
    return tuple(LinkView(row.id, row.issuer, row.created_at, row.last_used_at) for row in rows)


def link_provider(session: Session, actor: Actor, provider: IdentityProvider, subject: str) -> UUID:
    """Let the actor's account be opened by `subject` of a provider of his arbodienst.

    Raises NotFound for a provider of another arbodienst, and Conflict when that person opens an account already, or
    the account is opened by another person there.
    """
    require(actor, Permission.SEE_SELF)
    if provider.tenant != actor.tenant_id:
        raise NotFound(_("Niet gevonden."))
    if any(each.issuer == provider.issuer for each in links_of(session, actor)):
        raise Conflict(_("Uw account is al gekoppeld aan deze aanmelding. Ontkoppel die eerst."))
    link = ProviderLink(account_id=actor.account, issuer=provider.issuer, subject=subject)
    try:
        with session.begin_nested():
            session.add(link)
            session.flush()
    except IntegrityError as fault:
        raise Conflict(_("Deze aanmelding is al gekoppeld aan een account.")) from fault
    record(session, actor, "identity:provider:linked", link.id)
    put_notice(session, actor.account, Happened.PROVIDER_LINKED)
    return link.id


def unlink_provider(session: Session, actor: Actor, link_id: UUID) -> None:
    """Take one of the actor's links away; raises NotFound for one that is not his."""
    require(actor, Permission.SEE_SELF)
    link = session.get(ProviderLink, link_id)
    if link is None or link.account_id != actor.account or link.removed_at is not None:
        raise NotFound(_("Niet gevonden."))
    link.removed_at = now()
    session.add(link)
    session.flush()
    record(session, actor, "identity:provider:unlinked", link_id)
    put_notice(session, actor.account, Happened.PROVIDER_UNLINKED)


def memberships_at(session: Session, provider: IdentityProvider, subject: str) -> tuple[MembershipChoice, ...]:
    """Return the roles, at the arbodienst of this provider alone, of the account that `subject` opens; oldest first.

    Raises Unauthenticated, with one and the same message for who was never linked and for who has left.
    """
    found = session.exec(
        select(ProviderLink, Account)
        .join(Account, col(Account.id) == ProviderLink.account_id)
        .where(
            ProviderLink.issuer == provider.issuer,
            ProviderLink.subject == subject,
            col(ProviderLink.removed_at).is_(None),
            col(Account.disabled_at).is_(None),
        )
    ).first()
    choices = memberships_of(session, found[1].email) if found else ()
    here = tuple(each for each in choices if session.get_one(Membership, each.id).tenant_id == provider.tenant)
    if found is None or not here:
        raise Unauthenticated(
            _(
                "Deze aanmelding opent hier geen account. Meld u aan met uw wachtwoord, en koppel haar dan onder"
                " “Aanmelden en beveiliging”."
            )
        )
    found[0].last_used_at = now()
    session.add(found[0])
    session.flush()
    return here


def is_of_one_house(session: Session, account_id: UUID) -> bool:
    """Tell whether an account has roles at one arbodienst only: what that one trusts binds no other."""
    standing = select(Membership.tenant_id).where(
        Membership.account_id == account_id, col(Membership.ended_at).is_(None)
    )
    return len(set(session.exec(standing.limit(100)))) == 1
