"""The mail of a reminder: the number, the amount, the day and a link, and never what the invoice is for (leak L10)."""

from datetime import date
from email.message import EmailMessage
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_currency
from sqlmodel import Session, select

from billing.books.dunning import is_held
from billing.books.ledger_open import standings
from billing.dunning_tables import Reminder, ReminderOutcome, ReminderStep
from billing.tables import Invoice
from core.clock import now
from core.mail import MailRefusedError, Post, write_mail
from core.money import euros
from core.settings import Settings
from identity.roles import OrganisationKind
from identity.tables import Organisation
from network.tables import OrganisationProfile

LOCALE = "nl_NL"
SUBJECTS = {
    ReminderStep.FIRST: "Herinnering",
    ReminderStep.SECOND: "Tweede herinnering",
    ReminderStep.LAST: "Laatste herinnering",
}
PLACES = {OrganisationKind.EMPLOYER: "werkgever", OrganisationKind.INSURER: "verzekeraar"}
WORDS = """\
{opening}

Factuur: {number}
Nog te betalen: {amount}
Te betalen voor: {due}

Bekijk en betaal de factuur: {link}

U betaalt geen rente en geen kosten. Hebt u al betaald? Dan hoeft u niets te doen.
Klopt er iets niet? Neem dan contact op met {seller}.
"""
OPENINGS = {
    ReminderStep.FIRST: "Wij hebben uw betaling van deze factuur nog niet ontvangen.",
    ReminderStep.SECOND: "Wij hebben uw betaling van deze factuur nog steeds niet ontvangen.",
    ReminderStep.LAST: "Dit is onze laatste herinnering aan deze factuur.",
}


def send_reminder(session: Session, reminder_id: UUID, post: Post, settings: Settings) -> bool:
    """Send one reminder, unless that was done before; return whether it went.

    It is held while it is on its way, so that no two workers send it; after a crash it goes again under the same
    Message-ID, by which mail programs know it. What is paid, credited or held back by then is not sent.
    """
    held = select(Reminder).where(Reminder.id == reminder_id).with_for_update(skip_locked=True)
    reminder = session.exec(held).one_or_none()
    if reminder is None or reminder.done_at is not None:
        return False
    message = _message(session, reminder, settings)
    if message is None:
        reminder.outcome = ReminderOutcome.DROPPED
    else:
        try:
            post.send(message)
        except MailRefusedError:
            reminder.outcome = ReminderOutcome.REFUSED
        else:
            reminder.outcome = ReminderOutcome.SENT
    reminder.done_at = now()
    session.add(reminder)
    return reminder.outcome is ReminderOutcome.SENT


def _message(session: Session, reminder: Reminder, settings: Settings) -> EmailMessage | None:
    """Return what to send, or None when there is nothing (more) to remind of, or nowhere to send it."""
    invoice = session.exec(select(Invoice).where(Invoice.id == reminder.invoice_id, ~is_held())).one_or_none()
    cents = standings(session, [reminder.invoice_id])[reminder.invoice_id].open_cents
    buyer = session.get_one(Organisation, reminder.buyer_id)
    profile = session.get(OrganisationProfile, reminder.buyer_id)
    if invoice is None or cents <= 0 or profile is None or profile.email is None:
        return None
    seller = session.get_one(Organisation, reminder.tenant_id).name
    link = f"{settings.base_url}/{PLACES[buyer.kind]}/facturen/{invoice.id}"
    return compose(reminder, invoice.number, cents, invoice.due_date, profile.email, seller, link, settings)


def compose(
    reminder: Reminder, number: str, cents: int, due: date, to: str, seller: str, link: str, settings: Settings
) -> EmailMessage:
    """Return the mail: constant words around a number, an amount, a day and a link."""
    text = WORDS.format(
        opening=OPENINGS[reminder.step],
        number=number,
        amount=format_currency(euros(cents), "EUR", locale=LOCALE),
        due=format_date(due, "d MMMM yyyy", locale=LOCALE),
        link=link,
        seller=seller,
    )
    return write_mail(reminder.id, to, f"{SUBJECTS[reminder.step]}: factuur {number}", text, settings)
