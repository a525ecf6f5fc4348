"""What is sent to whom when a referral is issued, and what never is: said before it happens (R13, R18, R58)."""

from dataclasses import dataclass

from sqlmodel import Session

from billing.cofinancing.hindrance import cofinancing_hindrance
from cases.cases_read import CaseView
from cases.consents import consent_in_force
from cases.tables import ConsentScope
from core.language import _
from identity.actor import Actor
from network.offering_view import OfferingView
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure, interventions
from portal.blocks import Recipient


@dataclass(frozen=True)
class Sending:
    """A referral that is about to be issued."""

    case: CaseView
    offering: OfferingView
    asks_insurer: bool


def recipients(session: Session, actor: Actor, sending: Sending) -> tuple[Recipient, ...]:
    """Return everybody to whom something goes, each with what he gets and what he never does."""
    return (
        _provider(session, actor, sending),
        _employer(session, sending),
        _insurer(session, sending),
        Recipient(_("De werknemer"), "care", (_("Alles: doel, vraag, aanbod, prijs, en wie ernaar keek"),)),
    )


def consent_is_missing(session: Session, sending: Sending) -> bool:
    """Tell whether the employee has yet to agree that his data go to the provider (R23)."""
    return sending.offering.disclosure is Disclosure.CONF and not _agrees(session, sending, ConsentScope.PROVIDER)


def _agrees(session: Session, sending: Sending, scope: ConsentScope) -> bool:
    return consent_in_force(session, sending.case.id, scope) is not None


def _provider(session: Session, actor: Actor, sending: Sending) -> Recipient:
    answers = _("In Providerboog. De provider antwoordt binnen %(days)s werkdagen.")
    return Recipient(
        sending.offering.provider_name,
        "care",
        (
            _("Uw doel en uw vraag, het verwachte resultaat en de functionele informatie"),
            _("Naam, kenmerk en postcode van de werknemer, en de ziekteweek"),
            _("Het aantal en de prijs die nu zijn afgesproken"),
            _("De naam en het registratienummer van de bedrijfsarts"),
            _("Dit alles ook als brief (PDF)"),
        ),
        (_("De oorzaak en uw oordeel"), _("Hoeveel dagen u verwacht te winnen"), _("Een BSN of een diagnose")),
        answers % {"days": arbodienst_settings(session, actor).answer_working_days},
    )


def _employer(session: Session, sending: Sending) -> Recipient:
    name = sending.case.employer_name
    if sending.offering.disclosure is Disclosure.OPEN:
        kind = interventions()[sending.offering.intervention].name
        seen = _("Welke interventie het is (%(kind)s), en hoe ver die is") % {"kind": kind}
        billed = _("Later op de factuur: de soort, het kenmerk van de werknemer en het bedrag")
        return Recipient(name, "open", (seen, billed), _never_to_employer())
    never = (_("Welke interventie"), _("De naam van de provider"), *_never_to_employer())
    if _agrees(session, sending, ConsentScope.EMPLOYER):
        line = _("Later op de factuur: één regel met een vaste tekst en een totaal")
        return Recipient(name, "open", (_("Dat er een interventie is"), line), never)
    pooled = _("Later op de factuur: een bedrag, samen met dat van anderen")
    return Recipient(name, "open", (pooled,), (_("Dat het om deze werknemer gaat"), *never))


def _never_to_employer() -> tuple[str, ...]:
    return (_("De oorzaak"), _("Uw doel en uw vraag"), _("Afspraken en verslagen"))


def _insurer(session: Session, sending: Sending) -> Recipient:
    name = _("De verzekeraar van de werkgever")
    if not sending.asks_insurer:
        return Recipient(name, "open", (), (_("Alles: u vraagt geen bijdrage"),))
    case, disclosure = sending.case, sending.offering.disclosure
    hindrance = cofinancing_hindrance(session, case.id, case.employer_id, disclosure)
    if hindrance is not None:
        return Recipient(name, "open", (), (_("Alles. %(why)s") % {"why": hindrance},))
    gets = [_("Een neutrale aanvraag: prijs, ziektejaar, ziekteweek en verwachte dagen")]
    never = [_("De naam of het kenmerk van de werknemer"), _("De naam van de provider"), _("De oorzaak")]
    (gets if disclosure is Disclosure.OPEN else never).append(_("De soort interventie"))
    passes = _("Via de casemanager van de werkgever, die de aanvraag indient.")
    return Recipient(name, "open", tuple(gets), tuple(never), passes)
