"""The rows of a comparison: what each offering says to one question, and whether they say the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.language import _
from network.offering_view import OfferingView
from network.spoken import language_name
from network.taxonomy import interventions
from portal.finding import place_name
from portal.network_words import registration_words
from portal.offering_words import (
    authority_words,
    cause_words,
    evidence_words,
    price_words,
    secrecy_words,
    vat_words,
    years_words,
)
from portal.presenters import day, days, km, money, percent, weeks
from search.offerings_compare import ComparedOffering
from search.reasons import ReasonCode


@dataclass(frozen=True)
class Row:
    """One question, and the answer of each offering: what it says, and a smaller line beneath."""

    label: str
    cells: tuple[tuple[str, str], ...]

    @property
    def differs(self) -> bool:
        """Whether the offerings do not all say the same."""
        return len(set(self.cells)) > 1


OF_THE_QUESTION = frozenset(
    {
        ReasonCode.FITS_CAUSE,
        ReasonCode.FITS_CAUSE_IN_YEAR,
        ReasonCode.DECLARES_CAUSE,
        ReasonCode.WEEK_IN_WINDOW,
        ReasonCode.WEEK_TOO_EARLY,
        ReasonCode.WEEK_TOO_LATE,
        ReasonCode.STARTS_IN_TIME,
        ReasonCode.STARTS_TOO_LATE,
        ReasonCode.START_MEETS_DEADLINE,
        ReasonCode.START_MISSES_DEADLINE,
        ReasonCode.FINISH_MEETS_DEADLINE,
        ReasonCode.FINISH_MISSES_DEADLINE,
        ReasonCode.TAKES_TOO_LONG,
    }
)
"""Reasons that no other row says already."""

Said = Callable[[ComparedOffering], tuple[str, str]]


def rows(columns: Sequence[ComparedOffering]) -> tuple[Row, ...]:
    """Return the rows for these columns, what people ask first on top."""
    return tuple(Row(label, tuple(say(one) for one in columns)) for label, say in _questions())


def _questions() -> tuple[tuple[str, Said], ...]:
    return (
        (_("Provider"), _provider),
        (_("Interventie"), lambda one: (interventions()[one.offering.intervention].name, "")),
        (_("Wachttijd, opgegeven"), lambda one: _stated(one.offering)),
        (_("Wachttijd, gemeten"), lambda one: _measured(one.offering)),
        (_("Neemt nu mensen aan"), lambda one: (_("Ja") if one.offering.accepts_new else _("Nee"), "")),
        (_("Prijs"), lambda one: (price_words(one.offering), vat_words(one.offering))),
        (_("Naast het midden"), _beside_the_median),
        (_("Afstand"), _distance),
        (_("Locatie"), lambda one: (place_name(one.offering.postcode) or _("Geen: alleen online"), "")),
        (_("Online"), lambda one: (_("Ja") if one.offering.online else _("Nee"), "")),
        (_("Komt naar de werknemer"), lambda one: _at_the_employee(one.offering)),
        (_("Talen"), lambda one: (", ".join(map(language_name, one.offering.languages)), "")),
        (_("Oorzaken"), lambda one: (cause_words(one.offering), "")),
        (_("Ziektejaar"), lambda one: (years_words(one.offering), "")),
        (_("Aanbevolen weken"), _advised),
        (_("Duurt ongeveer"), lambda one: (weeks(one.offering.programme_weeks), "")),
        (_("Onderbouwing"), lambda one: (evidence_words(one.offering.evidence), "")),
        (_("Gemeten resultaat"), lambda one: _outcome(one.offering)),
        (_("Registraties en keurmerken"), _registrations),
        (_("Wie mag het weten"), lambda one: (secrecy_words(one.offering), "")),
        (_("Wie mag verwijzen"), lambda one: (authority_words(one.offering), "")),
        (_("Voor uw vraag"), _for_the_question),
    )


def _provider(one: ComparedOffering) -> tuple[str, str]:
    own = _("Eigen organisatie van uw arbodienst") if one.offering.own_organisation else ""
    return one.offering.provider_name, own


def _stated(offering: OfferingView) -> tuple[str, str]:
    told = _("%(day)s, verouderd") if offering.wait_is_stale else _("op %(day)s")
    return days(offering.stated_wait_days), told % {"day": day(offering.stated_on)}


def _measured(offering: OfferingView) -> tuple[str, str]:
    if offering.median_wait_days is None or offering.p80_wait_days is None:
        return _("Nog niet gemeten"), _("minder dan 6 keer begonnen")
    within = _("8 van de 10 binnen %(p80)s, n = %(n)s")
    told = within % {"p80": days(offering.p80_wait_days), "n": offering.measured_n}
    return days(offering.median_wait_days), told


def _outcome(offering: OfferingView) -> tuple[str, str]:
    bounds = offering.outcome_bounds
    if offering.reached_percent is None or bounds is None:
        return _("Nog niet gemeten"), _("minder dan 10 keer afgerond")
    reached = _("Bij %(percent)s is bereikt wat was afgesproken") % {"percent": percent(offering.reached_percent)}
    told = _("tussen %(low)s en %(high)s, n = %(n)s")
    return reached, told % {"low": percent(bounds.low), "high": percent(bounds.high), "n": offering.outcome_n}


def _beside_the_median(one: ComparedOffering) -> tuple[str, str]:
    if one.median_cents is None or one.price_percent is None:
        return _("Onbekend"), _("minder dan drie vergelijkbaar")
    middle = _("het midden is %(price)s") % {"price": money(one.median_cents)}
    if one.price_percent == 0:
        return _("Gelijk aan het midden"), middle
    told = _("%(n)s%% erboven") if one.price_percent > 0 else _("%(n)s%% eronder")
    return told % {"n": abs(one.price_percent)}, middle


def _distance(one: ComparedOffering) -> tuple[str, str]:
    if one.distance_km is not None:
        return km(one.distance_km), ""
    return _("Onbekend"), "" if one.offering.postcode is None else _("geef bij het zoeken een postcode op")


def _at_the_employee(offering: OfferingView) -> tuple[str, str]:
    if offering.nationwide:
        return _("In heel Nederland"), ""
    if not offering.radius_km:
        return _("Nee"), ""
    return _("Tot %(km)s") % {"km": km(offering.radius_km)}, ""


def _advised(one: ComparedOffering) -> tuple[str, str]:
    return _("%(first)s tot en met %(last)s") % {"first": one.week_from, "last": one.week_until}, ""


def _registrations(one: ComparedOffering) -> tuple[str, str]:
    return ", ".join(registration_words(kind) for kind in one.offering.marks) or _("Geen bekend"), ""


def _for_the_question(one: ComparedOffering) -> tuple[str, str]:
    told = (reason.sentence for reason in one.reasons if reason.code in OF_THE_QUESTION)
    return "\n".join(told) or _("Niets bijzonders"), ""
