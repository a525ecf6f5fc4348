"""Using a link that was mailed: beginning in a role, beginning anew, or choosing a new password."""

from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from core.clock import now
from core.errors import FieldError, Invalid, NotFound
from core.language import _, language
from core.settings import Settings
from identity.audit import record
from identity.link_tables import LinkKind, OneTimeLink
from identity.links import LASTING, account_of, put_link, use_up
from identity.notice_tables import Happened
from identity.owner_notices import put_notice
from identity.password_rules import refuse_weak
from identity.passwords import check_password, hash_password
from identity.people import actor_for
from identity.provider_link_tables import ProviderLink
from identity.second_factor_tables import KnownDevice, RecoveryCode, SecondFactor
from identity.tables import Account, ApiToken, Membership, Organisation, Person
from identity.visits import end_visits_of

ACCEPT = text("SELECT app.accept_invitation(:link, :account)")


def ask_reset(session: Session, email: str) -> None:
    """Have a link for a new password sent, if there is such an account: the worker looks, and nothing shows here."""
    address = email.strip().lower()
    kind = LinkKind.RESET
    put_link(session, OneTimeLink(kind=kind, email=address, expires_at=now() + LASTING[kind]))


def has_account(session: Session, link: OneTimeLink) -> bool:
    """Tell whether who was invited has an account already, and a password that he goes on with."""
    account = account_of(session, link.email)
    return account is not None and account.password_hash is not None


def arrive(session: Session, link: OneTimeLink, password: str, settings: Settings, client: str | None) -> UUID:
    """Use a link, and return the membership with which its owner goes on to the second factor.

    A new password is set, except for an invitation of who has an account: he gives the one that he has. Raises Invalid
    for a password that is wrong or too easy.
    """
    account = account_of(session, link.email)
    if link.kind == LinkKind.INVITATION:
        if account is not None and account.password_hash is not None:
            _check(account, password)
        else:
            account = _begin(session, link, account, password, settings)
        membership_id: UUID | None = session.execute(ACCEPT, {"link": link.id, "account": account.id}).scalar_one()
        session.expire(link)
    else:
        if account is None:
            raise NotFound(_("Niet gevonden."))
        use_up(session, link)
        _set_password(session, account, link, password, settings)
        put_notice(session, account.id, Happened.PASSWORD_CHANGED)
        _forget(session, account.id, factors=link.kind == LinkKind.ANEW)
        membership_id = _first_membership(session, account.id)
    if membership_id is None:
        raise NotFound(_("Deze link werkt niet (meer). Vraag een nieuwe."))
    actor = actor_for(session, session.get_one(Membership, membership_id), client)
    tag = "identity:password:reset" if link.kind == LinkKind.RESET else "identity:invitation:accepted"
    record(session, actor, tag, link.id, reason=link.kind.value)
    return membership_id


def _begin(session: Session, link: OneTimeLink, account: Account | None, password: str, settings: Settings) -> Account:
    if account is None:
        person = Person(name=link.name or link.email)
        session.add(person)
        session.flush()
        account = Account(person_id=person.id, email=link.email, language=language())
    refuse_weak(password, settings, _about(session, link))
    account.password_hash = hash_password(password)
    session.add(account)
    session.flush()
    return account


def _check(account: Account, password: str) -> None:
    if not check_password(password, account.password_hash)[0]:
        said = _("Dit is niet het wachtwoord van uw account.")
        raise Invalid(said, (FieldError("password", said),))


def _set_password(session: Session, account: Account, link: OneTimeLink, password: str, settings: Settings) -> None:
    person = session.get_one(Person, account.person_id)
    refuse_weak(password, settings, (person.name, *_about(session, link)))
    account.password_hash = hash_password(password)
    session.add(account)
    session.flush()


def _forget(session: Session, account_id: UUID, *, factors: bool) -> None:
    """End what was open with the old password; for who begins anew, whatever could open the account before."""
    end_visits_of(session, account_id)
    if not factors:
        return
    moment = now()
    mine = select(Membership.id).where(Membership.account_id == account_id)
    for statement in (
        update(SecondFactor)
        .where(col(SecondFactor.account_id) == account_id, col(SecondFactor.removed_at).is_(None))
        .values(removed_at=moment),
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.used_at).is_(None),
            col(RecoveryCode.replaced_at).is_(None),
        )
        .values(replaced_at=moment),
        update(KnownDevice)
        .where(col(KnownDevice.account_id) == account_id, col(KnownDevice.ended_at).is_(None))
        .values(ended_at=moment),
        update(ProviderLink)
        .where(col(ProviderLink.account_id) == account_id, col(ProviderLink.removed_at).is_(None))
        .values(removed_at=moment),
        update(ApiToken)
        .where(col(ApiToken.membership_id).in_(mine), col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=moment),
    ):
        session.execute(statement)


def _first_membership(session: Session, account_id: UUID) -> UUID | None:
    standing = select(Membership.id).where(Membership.account_id == account_id, col(Membership.ended_at).is_(None))
    return session.exec(standing.order_by(col(Membership.created_at)).limit(1)).first()


def _about(session: Session, link: OneTimeLink) -> tuple[str, ...]:
    organisation = session.get(Organisation, link.organisation_id) if link.organisation_id else None
    return (link.name or "", link.email, organisation.name if organisation else "")
