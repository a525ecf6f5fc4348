"""An offering in the words of the portal, the same for whoever reads it: its facts, its price, its waits."""

from core.language import _, ngettext
from network.figures import ShareFigure
from network.measured import Interval
from network.offering_view import OfferingView
from network.spoken import language_name
from network.tables import Evidence, Gender, PriceUnit
from network.taxonomy import Disclosure, ReferralClass, causes, interventions
from portal.network_words import registration_words
from portal.presenters import day, days, km, money, percent, weeks


def price_words(offering: OfferingView) -> str:
    """Return the price with its unit: `€ 125,00 per sessie`."""
    return f"{money(offering.price_cents)} {unit_words(offering.price_unit)}"


def unit_words(unit: PriceUnit) -> str:
    """Return for what a price is asked."""
    return {
        PriceUnit.SESSION: _("per sessie"),
        PriceUnit.HOUR: _("per uur"),
        PriceUnit.REPORT: _("per rapport"),
        PriceUnit.TRAJECTORY: _("per traject"),
    }[unit]


def units_words(unit: PriceUnit, count: int) -> str:
    """Return a number of units: `8 sessies`."""
    template = {
        PriceUnit.SESSION: ngettext("%(n)s sessie", "%(n)s sessies", count),
        PriceUnit.HOUR: ngettext("%(n)s uur", "%(n)s uur", count),
        PriceUnit.REPORT: ngettext("%(n)s rapport", "%(n)s rapporten", count),
        PriceUnit.TRAJECTORY: ngettext("%(n)s traject", "%(n)s trajecten", count),
    }[unit]
    return template % {"n": count}


def units_question(unit: PriceUnit) -> str:
    """Return the question how many units."""
    return {
        PriceUnit.SESSION: _("Aantal sessies"),
        PriceUnit.HOUR: _("Aantal uren"),
        PriceUnit.REPORT: _("Aantal rapporten"),
        PriceUnit.TRAJECTORY: _("Aantal trajecten"),
    }[unit]


def vat_words(offering: OfferingView) -> str:
    """Return how VAT is charged on the price."""
    if offering.vat_rate == 0:
        return _("vrij van btw")
    return _("zonder %(rate)s btw") % {"rate": percent(offering.vat_rate)}


def validity_words(offering: OfferingView) -> str:
    """Return from when and until when the price holds (R35)."""
    begins = day(offering.price_valid_from)
    if offering.price_valid_until is None:
        return _("vanaf %(day)s") % {"day": begins}
    return _("van %(begins)s tot en met %(ends)s") % {"begins": begins, "ends": day(offering.price_valid_until)}


def evidence_words(evidence: Evidence) -> str:
    """Return on what the claim rests that an offering works (R34)."""
    return {
        Evidence.GUIDELINE: _("Richtlijn"),
        Evidence.OUTCOME: _("Gemeten resultaat"),
        Evidence.PRACTICE: _("Praktijkervaring"),
    }[evidence]


def place_words(offering: OfferingView) -> str:
    """Return where an offering is given."""
    where = []
    if offering.nationwide:
        where.append(_("in heel Nederland"))
    elif offering.postcode and offering.radius_km:
        where.append(_("tot %(km)s rond %(postcode)s") % {"km": km(offering.radius_km), "postcode": offering.postcode})
    elif offering.postcode:
        where.append(_("op de locatie in %(postcode)s") % {"postcode": offering.postcode})
    if offering.online:
        where.append(_("online"))
    words = _(" en ").join(where)
    return words[:1].upper() + words[1:]


def years_words(offering: OfferingView) -> str:
    """Return in which years of sickness an offering fits."""
    if len(offering.sickness_years) > 1:
        return _("Eerste en tweede ziektejaar")
    return _("Eerste ziektejaar") if offering.sickness_years == (1,) else _("Tweede ziektejaar")


def cause_words(offering: OfferingView) -> str:
    """Return the causes of absence for which an offering is meant."""
    return ", ".join(causes()[code].name for code in offering.causes if code in causes())


def secrecy_words(offering: OfferingView) -> str:
    """Return what employer and insurer may know (rules 2.1)."""
    if offering.disclosure is Disclosure.OPEN:
        return _("Open: de werkgever mag weten dat dit loopt")
    return _("Vertrouwelijk: de werkgever ziet alleen een vaste tekst en een bedrag")


def disclosure_words(disclosure: Disclosure) -> str:
    """Return in one word whether employer and insurer may know (rules 2.1)."""
    return _("Open") if disclosure is Disclosure.OPEN else _("Vertrouwelijk")


def gender_words(gender: Gender) -> str:
    """Return by whom one can ask to be seen."""
    return {Gender.FEMALE: _("Een vrouw"), Gender.MALE: _("Een man")}[gender]


def language_words(offering: OfferingView) -> str:
    """Return in which languages it can be had."""
    said = ", ".join(language_name(code) for code in offering.languages)
    return said[:1].upper() + said[1:]


def mark_words(offering: OfferingView) -> str:
    """Return in which registers the provider stands today."""
    return ", ".join(registration_words(kind) for kind in offering.marks) or "–"


def outcome_words(offering: OfferingView) -> str:
    """Return how many reach what was agreed, between what that lies, and over how many it is (R34)."""
    bounds = offering.outcome_bounds
    if offering.reached_percent is None or offering.outcome_n is None or bounds is None:
        return _("nog te weinig gemeten")
    return reached_words(offering.reached_percent, bounds, offering.outcome_n)


def reached_words(reached_percent: int, bounds: Interval, n: int) -> str:
    """Return how many reach what was agreed, with what the few that were measured leave open (R34)."""
    return _("%(percent)s bereikt wat is afgesproken (tussen %(low)s en %(high)s, n = %(n)s)") % {
        "percent": percent(reached_percent),
        "low": percent(bounds.low),
        "high": percent(bounds.high),
        "n": n,
    }


def authority_words(offering: OfferingView) -> str:
    """Return who may refer (R1, R2)."""
    if offering.referral_class is ReferralClass.MEDICAL:
        return _("Alleen de bedrijfsarts")
    return _("De bedrijfsarts, en wie zijn mandaat heeft")


def offering_facts(offering: OfferingView) -> list[tuple[str, str]]:
    """Return the facts of an offering, for a list of facts."""
    return [
        (_("Interventie"), interventions()[offering.intervention].name),
        (_("Prijs"), f"{price_words(offering)}, {vat_words(offering)}"),
        (_("Prijs geldt"), validity_words(offering)),
        (_("Waar"), place_words(offering)),
        (_("Past in"), years_words(offering)),
        (_("Duurt ongeveer"), weeks(offering.programme_weeks)),
        (_("Talen"), language_words(offering)),
        (_("Te vragen"), " / ".join(gender_words(gender).lower() for gender in offering.genders) or "–"),
        (_("Registers"), mark_words(offering)),
        (_("Onderbouwing"), evidence_words(offering.evidence)),
        (_("Resultaat"), outcome_words(offering)),
        (_("Wie mag verwijzen"), authority_words(offering)),
        (_("Wie mag het weten"), secrecy_words(offering)),
    ]


def wait_figures(offering: OfferingView) -> list[tuple[str, str, str]]:
    """Return the stated wait beside the measured one, each with where it comes from (R32)."""
    stated_on = _("op %(day)s") % {"day": day(offering.stated_on)}
    stated = (_("Wachttijd volgens de provider"), days(offering.stated_wait_days), stated_on)
    if offering.median_wait_days is None or offering.p80_wait_days is None:
        return [stated, (_("Gemeten wachttijd"), "–", _("nog geen zes metingen"))]
    counted = _("over %(n)s verwijzingen") % {"n": offering.measured_n}
    return [
        stated,
        (_("Gemeten: de helft binnen"), days(offering.median_wait_days), counted),
        (_("Gemeten: 8 van de 10 binnen"), days(offering.p80_wait_days), counted),
    ]


def share_words(figure: ShareFigure | None) -> str:
    """Return a share of people, between what it lies, and over how many it is; for a provider as a whole (R75)."""
    if figure is None:
        return _("nog te weinig gemeten")
    return _("%(percent)s bij deze provider (tussen %(low)s en %(high)s, n = %(n)s)") % {
        "percent": percent(figure.percent),
        "low": percent(figure.bounds.low),
        "high": percent(figure.bounds.high),
        "n": figure.n,
    }
