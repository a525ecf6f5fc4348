"""Links that are mailed and work once: made, sent by the worker, looked up, and used up."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlmodel import Session, col, select

from core import outbox
from core.clock import now
from core.errors import NotFound
from core.language import _, speaking
from core.mail import MailRefusedError, Post, write_mail
from core.settings import Settings
from identity.link_tables import LinkKind, OneTimeLink
from identity.tables import Account, Membership, Organisation

TASK = "identity.send_link"
LASTING = {LinkKind.INVITATION: timedelta(days=7), LinkKind.ANEW: timedelta(days=1), LinkKind.RESET: timedelta(hours=1)}


def put_link(session: Session, link: OneTimeLink) -> None:
    """Write a link down, and have it sent once this transaction commits."""
    session.add(link)
    session.flush()
    outbox.put(session, TASK, link_id=link.id)


def address_of(link_id: UUID, settings: Settings) -> str:
    """Return the address that is mailed; only who has the secret key can make it, or read it off the database."""
    return f"{settings.base_url}/account/link/{link_id}/{_seal(link_id, settings)}"


def open_link(session: Session, link_id: UUID, seal: str, settings: Settings) -> OneTimeLink:
    """Return a link that still works, locked until this transaction ends; raises NotFound for every other."""
    fits = hmac.compare_digest(seal.encode(), _seal(link_id, settings).encode())
    link = session.exec(
        select(OneTimeLink)
        .where(
            OneTimeLink.id == link_id,
            col(OneTimeLink.used_at).is_(None),
            col(OneTimeLink.revoked_at).is_(None),
            OneTimeLink.expires_at > now(),
        )
        .with_for_update()
    ).first()
    if link is None or not fits:
        raise NotFound(_("Deze link werkt niet (meer). Vraag een nieuwe."))
    return link


def use_up(session: Session, link: OneTimeLink) -> None:
    """Let a link work no more."""
    link.used_at = now()
    session.add(link)
    session.flush()


def account_of(session: Session, email: str) -> Account | None:
    """Return the account of an address that may be signed in to."""
    of_address = select(Account).where(Account.email == email, col(Account.disabled_at).is_(None))
    return session.exec(of_address).first()


def send_link(session: Session, link_id: UUID, post: Post, settings: Settings) -> bool:
    """Send one link, unless that was done; return whether it went. For who has no account a reset goes nowhere."""
    link = session.exec(select(OneTimeLink).where(OneTimeLink.id == link_id).with_for_update()).one_or_none()
    if link is None or link.sent_at or link.used_at or link.revoked_at:
        return False
    account = account_of(session, link.email)
    if link.kind == LinkKind.RESET and (account is None or not _belongs(session, account.id)):
        link.revoked_at = now()
        session.add(link)
        return False
    with speaking(account.language if account else "nl"):
        message = _compose(session, link, settings)
    try:
        post.send(message)
    except MailRefusedError:
        link.revoked_at = now()
    else:
        link.sent_at = now()
    session.add(link)
    return link.sent_at is not None


def _compose(session: Session, link: OneTimeLink, settings: Settings) -> EmailMessage:
    address = address_of(link.id, settings)
    if link.kind == LinkKind.RESET:
        subject = _("Een nieuw wachtwoord voor Providerboog")
        text = _(
            "Iemand heeft om een nieuw wachtwoord voor uw account gevraagd. Was u dat?\n\n"
            "Kies hier binnen een uur een nieuw wachtwoord: %(link)s\n\n"
            "Was u het niet? Dan hoeft u niets te doen."
        )
    else:
        subject = _("Uw toegang tot Providerboog")
        text = _(
            "%(organisation)s geeft u toegang tot Providerboog.\n\n"
            "Begin hier, binnen %(days)s: %(link)s\n\n"
            "De link werkt één keer, en is alleen voor u. Verwachtte u dit niet? Dan hoeft u niets te doen."
        )
    days = LASTING[link.kind].days
    organisation = session.get(Organisation, link.tenant_id) if link.tenant_id else None
    said = {
        "link": address,
        "organisation": organisation.name if organisation else "",
        "days": _("een dag") if days == 1 else _("zeven dagen"),
    }
    return write_mail(link.id, link.email, subject, text % said, settings)


def _belongs(session: Session, account_id: UUID) -> bool:
    standing = select(Membership.id).where(Membership.account_id == account_id, col(Membership.ended_at).is_(None))
    return session.exec(standing.limit(1)).first() is not None


def _seal(link_id: UUID, settings: Settings) -> str:
    key = settings.secret_key.get_secret_value().encode()
    return urlsafe_b64encode(hmac.new(key, f"link:{link_id}".encode(), hashlib.sha256).digest()).decode().rstrip("=")
