"""The words in which people read why somebody took emergency access, and what was found of it."""

from cases.emergency_tables import EmergencyReason, EmergencyVerdict
from core.language import _


def reason_words(reason: EmergencyReason) -> str:
    """Return why it could not wait."""
    return {
        EmergencyReason.COVER: _("Wie dit dossier heeft, is niet te bereiken"),
        EmergencyReason.CONTACT: _("De werknemer of zijn behandelaar vraagt nu om antwoord"),
        EmergencyReason.DEADLINE: _("Een termijn uit de wet loopt nu af"),
    }[reason]


def verdict_words(verdict: EmergencyVerdict) -> str:
    """Return what the second person found."""
    return {
        EmergencyVerdict.JUSTIFIED: _("Het was nodig"),
        EmergencyVerdict.UNJUSTIFIED: _("Het was niet nodig"),
    }[verdict]
