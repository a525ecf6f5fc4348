"""The words and the preview with which a provider reads its own offerings."""

from dataclasses import dataclass

from core.language import _
from network.offering_acts import OfferingAct
from network.offering_view import OfferingView
from network.postcodes import places
from network.tables import OfferingState
from portal.offering_words import evidence_words, place_words, unit_words, vat_words


@dataclass(frozen=True)
class Preview:
    """What a result of a search shows of an offering, apart from what depends on who searches."""

    offering: OfferingView
    unit: str
    vat: str
    place: str
    where: str
    evidence: str


def preview(offering: OfferingView) -> Preview:
    """Return an offering as it stands among the results of an occupational physician."""
    found = places().get(offering.postcode or "")
    return Preview(
        offering=offering,
        unit=unit_words(offering.price_unit),
        vat=vat_words(offering),
        place=found.place if found else "",
        where=place_words(offering),
        evidence=evidence_words(offering.evidence),
    )


def offering_state_words(state: OfferingState) -> str:
    """Return where an offering stands, for whom it is."""
    return {
        OfferingState.SUBMITTED: _("Wacht op goedkeuring"),
        OfferingState.APPROVED: _("Goedgekeurd"),
        OfferingState.REJECTED: _("Afgewezen"),
        OfferingState.WITHDRAWN: _("Ingetrokken"),
    }[state]


def offering_act_words(act: OfferingAct) -> str:
    """Return an act as it is named among what is possible; the acts of others have no words here."""
    return {
        OfferingAct.CHANGE: _("Het aanbod wijzigen en opnieuw insturen"),
        OfferingAct.WAIT: _("De wachttijd opgeven"),
        OfferingAct.WITHDRAW: _("Het aanbod intrekken"),
    }.get(act, "")
