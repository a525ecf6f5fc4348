"""Telling the second person by mail that somebody opened emergency access: a link, and nothing of whom or why (R22)."""

from email.message import EmailMessage
from uuid import UUID

from sqlmodel import Session, col, select

from cases.emergency_tables import EmergencyAccess
from core.clock import now
from core.language import _, speaking
from core.mail import MailRefusedError, Post, write_mail
from core.settings import Settings
from identity.tables import Account

TASK = "medical.tell_second_person"
PAGE = "/arts/noodtoegang"


def tell_second_person(session: Session, emergency_id: UUID, post: Post, settings: Settings) -> bool:
    """Mail the second person, unless that was done; return whether it went. His worklist tells him in any case."""
    found = select(EmergencyAccess).where(EmergencyAccess.id == emergency_id).with_for_update(skip_locked=True)
    held = session.exec(found).one_or_none()
    if held is None or held.told_at is not None:
        return False
    told = select(Account.email, Account.language).where(col(Account.id) == held.told_account_id)
    email, language = session.exec(told).one()
    with speaking(language):
        message = compose(held.id, email, settings)
    try:
        post.send(message)
    except MailRefusedError:
        return False
    held.told_at = now()
    session.add(held)
    return True


def compose(emergency_id: UUID, to: str, settings: Settings) -> EmailMessage:
    """Return the message, in the language that is spoken: the same words whoever it is about."""
    words = _(
        "Een collega heeft noodtoegang genomen tot een dossier dat niet van hem is. U bent de tweede persoon.\n\n"
        "Kijk wie en waarom, en beëindig het als het niet nodig is: %(link)s\n\n"
        "Het eindigt vanzelf binnen een uur. Daarna vragen we u om het na te kijken."
    )
    text = words % {"link": f"{settings.base_url}{PAGE}/{emergency_id}"}
    return write_mail(emergency_id, to, _("Noodtoegang geopend in Providerboog"), text, settings)
