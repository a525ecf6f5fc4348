"""What the order "fit" rests on, in words for everybody: made of the weights, so that it cannot differ (R33)."""

from dataclasses import dataclass

from babel.numbers import format_decimal

from core.language import _, language
from network.offering_view import STALE_AFTER_DAYS
from search import ranking


@dataclass(frozen=True, slots=True)
class Step:
    """When an offering gets something, and what: a number of points, or how heavily it weighs."""

    when: str
    worth: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that counts: why, in which steps, and the names of the weights in `search.ranking` that say so."""

    title: str
    why: str
    steps: tuple[Step, ...]
    weights: tuple[str, ...]


def parts() -> tuple[Part, ...]:
    """Return everything that counts in the order "fit", in the language of the person."""
    return (_cause(), _week(), _wait(), _distance(), _outcome(), _price(), _favourite(), _words())


def _cause() -> Part:
    *first, last = ranking.CAUSE_POINTS
    steps = [Step(_("Als nummer %(n)s") % {"n": rank}, _points(worth)) for rank, worth in enumerate(first, 1)]
    steps.append(Step(_("Als nummer %(n)s of later") % {"n": len(ranking.CAUSE_POINTS)}, _points(last)))
    why = _("Bij elke oorzaak van verzuim staat, per ziektejaar, welke interventies het meest voor de hand liggen.")
    return Part(_("Past bij de oorzaak"), why, tuple(steps), ("CAUSE_POINTS",))


def _week() -> Part:
    near = _("Hooguit %(n)s weken ervoor of erna") % {"n": ranking.NEAR_WEEKS}
    return Part(
        _("Past bij de week"),
        _("Elke interventie heeft weken waarin zij het meeste zin heeft."),
        (
            Step(_("De ziekteweek ligt in die weken"), _points(ranking.WEEK_POINTS)),
            Step(near, _points(ranking.NEAR_WEEK_POINTS)),
            Step(_("Met deze wachttijd begint het voor het einde ervan"), _points(ranking.IN_TIME_POINTS)),
        ),
        ("WEEK_POINTS", "NEAR_WEEK_POINTS", "NEAR_WEEKS", "IN_TIME_POINTS"),
    )


def _wait() -> Part:
    why = _(
        "De gemeten wachttijd telt; is die er niet, dan wat de provider opgaf. Wat langer dan %(days)s dagen geleden"
        " bekend werd, telt niet, en ook niet bij wie nu niemand aanneemt."
    )
    steps = (Step(_("Hooguit %(n)s dagen") % {"n": most}, _points(worth)) for most, worth in ranking.WAIT_POINTS)
    return Part(
        _("Korte wachttijd"),
        why % {"days": STALE_AFTER_DAYS},
        tuple(steps),
        ("WAIT_POINTS",),
    )


def _distance() -> Part:
    near = [Step(_("Hooguit %(n)s km") % {"n": most}, _points(worth)) for most, worth in ranking.DISTANCE_POINTS]
    reach = _("Online, in heel Nederland, of de provider komt naar de werknemer")
    return Part(
        _("Dichtbij"),
        _("Alleen als u een postcode opgeeft. Het hoogste van deze telt."),
        (*near, Step(reach, _points(ranking.REACH_POINTS))),
        ("DISTANCE_POINTS", "REACH_POINTS"),
    )


def _outcome() -> Part:
    steps = (Step(_("Bij minstens %(n)s%%") % {"n": least}, _points(worth)) for least, worth in ranking.OUTCOME_POINTS)
    why = _("Hoe vaak bereikt wordt wat is afgesproken. Bij weinig metingen rekenen we voorzichtig.")
    return Part(_("Gemeten resultaat"), why, tuple(steps), ("OUTCOME_POINTS",))


def _price() -> Part:
    why = _(
        "Vergeleken met het midden van hetzelfde soort aanbod, per dezelfde eenheid, als er minstens %(n)s van zijn."
    )
    most = _("Hooguit %(n)s%% van het midden")
    return Part(
        _("Gunstige prijs"),
        why % {"n": ranking.FEWEST_FOR_A_MEDIAN},
        (
            Step(most % {"n": ranking.LOW_PRICE_PERCENT}, _points(ranking.LOW_PRICE_POINTS)),
            Step(most % {"n": ranking.USUAL_PRICE_PERCENT}, _points(ranking.USUAL_PRICE_POINTS)),
        ),
        (
            "LOW_PRICE_POINTS",
            "USUAL_PRICE_POINTS",
            "LOW_PRICE_PERCENT",
            "USUAL_PRICE_PERCENT",
            "FEWEST_FOR_A_MEDIAN",
        ),
    )


def _favourite() -> Part:
    why = _("Wie verwijst, kan aanbod als favoriet bewaren. Dat telt alleen in zijn eigen resultaten.")
    step = Step(_("Uw eigen favoriet"), _points(ranking.FAVOURITE_POINTS))
    return Part(_("Favoriet"), why, (step,), ("FAVOURITE_POINTS",))


def _words() -> Part:
    why = _(
        "Noemen uw woorden een interventie of een oorzaak, dan geeft dat punten. Daarnaast weegt elk woord dat past:"
        " hoe zeldzamer het woord, hoe zwaarder, keer %(n)s."
    )
    return Part(
        _("Past bij uw zoekwoord"),
        why % {"n": _number(ranking.TEXT_WEIGHT)},
        (
            Step(_("Uw woorden noemen de interventie, geheel of voor een deel"), _at_most(ranking.NAMED_POINTS)),
            Step(_("Uw woorden noemen een oorzaak"), _("zoals bij “Past bij de oorzaak”")),
            Step(_("Het woord staat in de kop"), _times(ranking.HEADING_WEIGHT)),
            Step(_("Een woord dat hetzelfde betekent"), _times(ranking.SYNONYM_WEIGHT)),
            Step(_("Een woord dat er met een typfout op lijkt"), _times(ranking.TYPING_ERROR_WEIGHT)),
            Step(_("Een woord dat zo begint"), _times(ranking.PREFIX_WEIGHT)),
        ),
        ("NAMED_POINTS", "TEXT_WEIGHT", "HEADING_WEIGHT", "SYNONYM_WEIGHT", "TYPING_ERROR_WEIGHT", "PREFIX_WEIGHT"),
    )


def _points(worth: int) -> str:
    return _("%(n)s punten") % {"n": worth}


def _at_most(worth: int) -> str:
    return _("hooguit %(n)s punten") % {"n": worth}


def _times(weight: float) -> str:
    return _("weegt %(n)s") % {"n": _number(weight)}


def _number(value: float) -> str:
    return str(format_decimal(value, locale=language()))
