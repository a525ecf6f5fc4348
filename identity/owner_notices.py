"""Telling the owner of an account by mail that something changed in how it is opened, so that he sees what was not his.

The message names what changed and never by what: no secret, no address and nothing of anybody else.
"""

from email.message import EmailMessage
from uuid import UUID

from sqlmodel import Session, select

from core import outbox
from core.clock import now
from core.language import _, speaking
from core.mail import MailRefusedError, Post, write_mail
from core.settings import Settings
from identity.notice_tables import Happened, OwnerNotice
from identity.tables import Account

TASK = "identity.tell_owner"


def put_notice(session: Session, account_id: UUID, happened: Happened) -> None:
    """Have the owner of an account told, once this transaction commits."""
    notice = OwnerNotice(account_id=account_id, happened=happened)
    session.add(notice)
    session.flush()
    outbox.put(session, TASK, notice_id=notice.id)


def send_notice(session: Session, notice_id: UUID, post: Post, settings: Settings) -> bool:
    """Send one message, unless that was done; return whether it went."""
    found = select(OwnerNotice).where(OwnerNotice.id == notice_id).with_for_update(skip_locked=True)
    notice = session.exec(found).one_or_none()
    if notice is None or notice.sent_at is not None or notice.refused_at is not None:
        return False
    account = session.get_one(Account, notice.account_id)
    with speaking(account.language):
        message = compose(notice, account.email, settings)
    try:
        post.send(message)
    except MailRefusedError:
        notice.refused_at = now()
    else:
        notice.sent_at = now()
    session.add(notice)
    return notice.sent_at is not None


def compose(notice: OwnerNotice, to: str, settings: Settings) -> EmailMessage:
    """Return the message, in the language that is spoken."""
    text = _(
        "%(happened)s\n\n"
        "Was u dit zelf? Dan hoeft u niets te doen.\n\n"
        "Was u het niet? Meld u aan, beëindig andere sessies en kies een nieuw wachtwoord: %(link)s\n"
        "Lukt dat niet meer? Bel dan uw arbodienst."
    )
    said = {"happened": happened_words(notice.happened), "link": f"{settings.base_url}/account/beveiliging"}
    return write_mail(notice.id, to, _("Er is iets gewijzigd aan uw account bij Providerboog"), text % said, settings)


def happened_words(happened: Happened) -> str:
    """Return what changed, as its owner reads it."""
    return {
        Happened.NEW_DEVICE: _("Iemand heeft zich met uw account aangemeld in een browser die we nog niet kenden."),
        Happened.FACTOR_ADDED: _("Er is een app of passkey toegevoegd waarmee uw account opengaat."),
        Happened.FACTOR_REMOVED: _("Er is een app of passkey weggehaald waarmee uw account openging."),
        Happened.CODES_RENEWED: _("Er zijn nieuwe herstelcodes voor uw account gemaakt; de oude werken niet meer."),
        Happened.PASSWORD_CHANGED: _("Het wachtwoord van uw account is gewijzigd."),
        Happened.TOKEN_MADE: _("Er is een token gemaakt waarmee een programma namens u kan werken."),
        Happened.PROVIDER_LINKED: _("Uw account gaat voortaan ook open via de aanmelding van uw organisatie."),
        Happened.PROVIDER_UNLINKED: _("Uw account gaat niet meer open via de aanmelding van uw organisatie."),
    }[happened]
