"""The words in which people read what was written within a referral."""

from core.language import _
from medical.tables import MessageKind


def message_label(kind: MessageKind) -> str:
    """Return what a message is."""
    return {
        MessageKind.RETURN: _("Waarom het concept terugging"),
        MessageKind.QUESTION: _("Vraag van de provider"),
        MessageKind.ANSWER: _("Antwoord"),
    }[kind]
