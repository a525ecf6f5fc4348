"""What is sent to whom by each act of a provider; shown before it is done (R18, R20, R41, R45, R46)."""

from core.language import _
from medical.referrals.views import ReferralHeader
from network.taxonomy import Disclosure
from portal.blocks import Recipient

CARE, OPEN = "care", "open"


def of_decline(header: ReferralHeader, disclosure: Disclosure) -> list[Recipient]:
    """Return who hears that a referral is not taken."""
    stopped = _("Dat de aanvraag is gestopt. Niet door wie, en niet waarom")
    return [
        Recipient(physician(header), CARE, (_("Dat u de verwijzing niet aanneemt"), _("De reden die u koos"))),
        Recipient(_("De werknemer"), CARE, (_("Dat u de verwijzing niet aanneemt, met de reden"),)),
        _employer(disclosure, (stopped,), (_("Uw reden"),)),
    ]


def of_start(header: ReferralHeader, disclosure: Disclosure) -> list[Recipient]:
    """Return who hears that an intervention begins."""
    runs = _("Dat dit soort interventie loopt")
    return [
        Recipient(physician(header), CARE, (_("Dat u vandaag begint"),)),
        Recipient(_("De werknemer"), CARE, (_("Dat u vandaag begint"),)),
        _employer(disclosure, (runs,), (_("Uw naam"), _("De data van afspraken"))),
    ]


def of_report(header: ReferralHeader, *, clinical: bool) -> list[Recipient]:
    """Return who reads a report; `clinical` when it has a clinical part."""
    told = (_("Of het doel is bereikt"), _("Uw functionele verslag"))
    all_of_it = (*told, _("Uw inhoudelijke verslag")) if clinical else told
    return [
        Recipient(physician(header), CARE, all_of_it),
        Recipient(_("De werknemer"), CARE, all_of_it, how=_("Hij leest het in zijn eigen portaal.")),
        Recipient(_("Werkgever en verzekeraar"), OPEN, (), (_("Uw verslag"), _("Of het doel is bereikt"))),
    ]


def of_invoice(disclosure: Disclosure | None) -> list[Recipient]:
    """Return who sees what of an invoice; without a disclosure, of any invoice."""
    one_text = _("Bij een vertrouwelijke interventie één vaste tekst, met een totaal")
    kind = _("Bij een open interventie het soort, met een totaal")
    gets = {Disclosure.OPEN: (kind,), Disclosure.CONF: (one_text,), None: (one_text, kind)}[disclosure]
    never = (_("Uw naam"), _("Data, aantallen en omschrijvingen"), _("Uw factuurnummer"))
    return [
        Recipient(_("Medisch secretariaat van de arbodienst"), CARE, (_("De hele factuur"),)),
        Recipient(_("De werkgever"), OPEN, gets, never, how=_("Op een eigen factuur van de arbodienst.")),
    ]


def physician(header: ReferralHeader) -> str:
    """Return how the physician is called on a page."""
    return _("Bedrijfsarts %(name)s") % {"name": header.physician_name} if header.physician_name else _("Bedrijfsarts")


def _employer(disclosure: Disclosure, gets: tuple[str, ...], never: tuple[str, ...]) -> Recipient:
    if disclosure is Disclosure.OPEN:
        return Recipient(_("De werkgever"), OPEN, gets, never)
    return Recipient(_("De werkgever"), OPEN, (), (_("Dat naar u is verwezen"),))
