"""The words of specifications for the secretariat and the provider: where they stand, and why one is not agreed."""

from core.language import _
from medical.direct_tables import DirectMessageKind, DisagreementReason, SpecificationState


def state_labels() -> dict[SpecificationState, tuple[str, str]]:
    """Return where a specification stands, each with its tone."""
    return {
        SpecificationState.SENT: (_("Bij het secretariaat"), "warn"),
        SpecificationState.QUESTION: (_("Vraag aan de provider"), "warn"),
        SpecificationState.AGREED: (_("Akkoord"), "good"),
        SpecificationState.NOT_AGREED: (_("Niet akkoord"), "bad"),
    }


def reason_labels() -> dict[DisagreementReason, str]:
    """Return why a specification is not agreed."""
    return {
        DisagreementReason.NOT_SUPPLIED: _("Dit is niet geleverd"),
        DisagreementReason.PRICE: _("De prijs klopt niet"),
        DisagreementReason.NOT_ADVISED: _("De bedrijfsarts heeft dit niet geadviseerd"),
        DisagreementReason.INCOMPLETE: _("De specificatie is niet volledig"),
        DisagreementReason.NOT_FOR_EMPLOYER: _("Dit is niet voor rekening van de werkgever"),
    }


def message_labels() -> dict[DirectMessageKind, str]:
    """Return who says something."""
    return {
        DirectMessageKind.QUESTION: _("Vraag van het secretariaat"),
        DirectMessageKind.ANSWER: _("Antwoord van de provider"),
    }
