"""The words for what was told of an employee to whom, for himself and for physician and delegate alike (R27)."""

from cases.tables import ConsentScope
from core.language import _
from medical.cases.disclosures import DisclosureView
from medical.disclosed_tables import Disclosed, DisclosedTo

MOST_SHOWN = 500  # on one page, so that all of it can be printed


def what_words(told: DisclosureView) -> str:
    """Return what somebody was told."""
    return {
        Disclosed.REFERRAL: _("Naam, personeelsnummer, postcode, ziekteweek, doel, vraag en functionele informatie"),
        Disclosed.ATTACHMENT: _("Een bijlage"),
        Disclosed.ANSWER: _("Een antwoord op een vraag"),
        Disclosed.FUNCTIONAL_REPORT: _("Het functionele verslag"),
        Disclosed.CLINICAL_REPORT: _("Het inhoudelijke verslag"),
        Disclosed.PROGRESS: _("Dat deze open interventie er is, en hoe ver zij is"),
        Disclosed.OWN_LINE: _("Een eigen regel op de factuur, met een totaal"),
        Disclosed.BUDGET_ASKED: _("Een neutraal verzoek om akkoord met een bedrag boven het budget"),
        Disclosed.REQUEST_PREPARED: _("Een neutrale aanvraag om mee te betalen, om in te dienen"),
        Disclosed.REQUEST_SUBMITTED: _("Een neutrale aanvraag om mee te betalen, zonder naam"),
    }[told.what]


def recipient_words(told: DisclosureView) -> str:
    """Return who was told, and for whom he works."""
    kind = {
        DisclosedTo.PROVIDER: _("Provider"),
        DisclosedTo.PHYSICIAN: _("Bedrijfsarts"),
        DisclosedTo.EMPLOYER: _("Werkgever"),
        DisclosedTo.CASE_MANAGER: _("Casemanager van de werkgever"),
        DisclosedTo.INSURER: _("Verzekeraar"),
    }[told.recipient]
    return f"{kind}: {told.recipient_name}"


def scope_words(scope: ConsentScope) -> str:
    """Return in a few words to what a consent is given."""
    return {
        ConsentScope.PROVIDER: _("gegevens naar de provider"),
        ConsentScope.EMPLOYER: _("de werkgever mag het weten"),
        ConsentScope.INSURER: _("aanvraag bij de verzekeraar"),
        ConsentScope.REPORT_BACK: _("inhoudelijk verslag terug"),
    }[scope]
