"""Why a result stands where it stands: codes for machines, sentences for people (R33)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from babel.numbers import format_decimal

from core.language import _, language, ngettext, remembered
from search.ranking import LOW_PRICE_PERCENT, USUAL_PRICE_PERCENT, Facts, outcome_points, share_of


class ReasonCode(StrEnum):
    """What is said of a result."""

    FAVOURITE = "favourite"
    FITS_CAUSE = "fits_cause"
    FITS_CAUSE_IN_YEAR = "fits_cause_in_year"
    DECLARES_CAUSE = "declares_cause"
    WEEK_IN_WINDOW = "week_in_window"
    WEEK_TOO_EARLY = "week_too_early"
    WEEK_TOO_LATE = "week_too_late"
    WAIT = "wait"
    WAIT_STALE = "wait_stale"
    WAIT_UNKNOWN = "wait_unknown"
    WAIT_MEASURED = "wait_measured"
    STARTS_IN_TIME = "starts_in_time"
    STARTS_TOO_LATE = "starts_too_late"
    ACCEPTS_NOBODY = "accepts_nobody"
    START_MEETS_DEADLINE = "start_meets_deadline"
    START_MISSES_DEADLINE = "start_misses_deadline"
    FINISH_MEETS_DEADLINE = "finish_meets_deadline"
    FINISH_MISSES_DEADLINE = "finish_misses_deadline"
    TAKES_TOO_LONG = "takes_too_long"
    OUTCOME = "outcome"
    DISTANCE = "distance"
    ONLINE = "online"
    NATIONWIDE = "nationwide"
    COMES_TO_EMPLOYEE = "comes_to_employee"
    PRICE_LOW = "price_low"
    PRICE_USUAL = "price_usual"
    PRICE_HIGH = "price_high"


WARNINGS = frozenset(
    {
        ReasonCode.WEEK_TOO_EARLY,
        ReasonCode.WEEK_TOO_LATE,
        ReasonCode.WAIT_STALE,
        ReasonCode.WAIT_UNKNOWN,
        ReasonCode.STARTS_TOO_LATE,
        ReasonCode.ACCEPTS_NOBODY,
        ReasonCode.START_MISSES_DEADLINE,
        ReasonCode.FINISH_MISSES_DEADLINE,
        ReasonCode.TAKES_TOO_LONG,
        ReasonCode.PRICE_HIGH,
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with the numbers that its sentence needs."""

    code: ReasonCode
    number: float | None = None
    first: int | None = None
    last: int | None = None

    @property
    def is_warning(self) -> bool:
        """Whether this speaks against the result rather than for it."""
        return self.code in WARNINGS

    @property
    def sentence(self) -> str:
        """The reason in the language of the person."""
        return _said(self)


def reasons(about: Facts) -> tuple[Reason, ...]:
    """Return the reasons for a result, in the order in which they weigh."""
    own = (Reason(ReasonCode.FAVOURITE),) if about.favourite else ()
    return (
        *own,
        *_of_cause(about),
        *_of_week(about),
        *_of_wait(about),
        *_of_start(about),
        *_of_place(about),
        *_of_outcome(about),
        *_of_price(about),
    )


def _of_cause(about: Facts) -> Iterator[Reason]:
    if about.cause_rank is not None:
        code = ReasonCode.FITS_CAUSE if about.sickness_year is None else ReasonCode.FITS_CAUSE_IN_YEAR
        yield Reason(code, about.sickness_year)
    elif about.declares_cause:
        yield Reason(ReasonCode.DECLARES_CAUSE)


def _of_week(about: Facts) -> Iterator[Reason]:
    if about.week is None:
        return
    if about.weeks_outside == 0:
        code = ReasonCode.WEEK_IN_WINDOW
    elif about.week < about.week_from:
        code = ReasonCode.WEEK_TOO_EARLY
    else:
        code = ReasonCode.WEEK_TOO_LATE
    yield Reason(code, about.week, about.week_from, about.week_until)


def _of_wait(about: Facts) -> Iterator[Reason]:
    if about.wait_days is None:
        yield Reason(ReasonCode.WAIT_UNKNOWN)
    elif about.wait_n is not None:
        yield Reason(ReasonCode.WAIT_MEASURED, about.wait_days, about.wait_n)
    else:
        yield Reason(ReasonCode.WAIT_STALE if about.wait_is_stale else ReasonCode.WAIT, about.wait_days)


def _of_start(about: Facts) -> Iterator[Reason]:
    if not about.accepts_now:
        yield Reason(ReasonCode.ACCEPTS_NOBODY)
    elif about.starts_in_time is not None:
        code = ReasonCode.STARTS_IN_TIME if about.starts_in_time else ReasonCode.STARTS_TOO_LATE
        yield Reason(code, first=about.week_from, last=about.week_until)


def _of_outcome(about: Facts) -> Iterator[Reason]:
    if outcome_points(about.outcome_percent):
        yield Reason(ReasonCode.OUTCOME, about.outcome_percent)


def _of_place(about: Facts) -> Iterator[Reason]:
    if about.distance_km is not None:
        yield Reason(ReasonCode.DISTANCE, round(about.distance_km, 1))
    if about.online:
        yield Reason(ReasonCode.ONLINE)
    if about.nationwide:
        yield Reason(ReasonCode.NATIONWIDE)
    if about.comes_to_employee:
        yield Reason(ReasonCode.COMES_TO_EMPLOYEE)


def _of_price(about: Facts) -> Iterator[Reason]:
    median = about.median_cents
    if median is None:
        return
    difference = round(abs(about.price_cents - median) * 100 / median)
    if about.price_cents <= share_of(median, LOW_PRICE_PERCENT):
        yield Reason(ReasonCode.PRICE_LOW, difference)
    elif about.price_cents <= share_of(median, USUAL_PRICE_PERCENT):
        yield Reason(ReasonCode.PRICE_USUAL)
    else:
        yield Reason(ReasonCode.PRICE_HIGH, difference)


@remembered
def _said(reason: Reason) -> str:
    number = reason.number
    shown = "" if number is None else format_decimal(number, format="#,##0.#", locale=language())
    whole = round(number or 0)
    values = {"n": shown, "first": reason.first, "last": reason.last}
    days = ngettext("%(n)s dag", "%(n)s dagen", whole) % values
    weeks = ngettext("%(n)s week", "%(n)s weken", whole) % values
    return _sentence(reason.code) % {**values, "days": days, "weeks": weeks}


def _sentence(code: ReasonCode) -> str:
    return {
        ReasonCode.FAVOURITE: _("Uw favoriet"),
        ReasonCode.FITS_CAUSE: _("Past bij de oorzaak"),
        ReasonCode.FITS_CAUSE_IN_YEAR: _("Past bij de oorzaak in ziektejaar %(n)s"),
        ReasonCode.DECLARES_CAUSE: _("Aanbod noemt deze oorzaak"),
        ReasonCode.WEEK_IN_WINDOW: _("Week %(n)s valt in de aanbevolen weken %(first)s tot en met %(last)s"),
        ReasonCode.WEEK_TOO_EARLY: _("Week %(n)s is vroeg: aanbevolen van week %(first)s tot en met %(last)s"),
        ReasonCode.WEEK_TOO_LATE: _("Week %(n)s is laat: aanbevolen van week %(first)s tot en met %(last)s"),
        ReasonCode.WAIT: _("Wachttijd volgens de aanbieder: %(days)s"),
        ReasonCode.WAIT_STALE: _("Wachttijd van %(days)s is langer dan 30 dagen geleden opgegeven"),
        ReasonCode.WAIT_UNKNOWN: _("Wachttijd onbekend"),
        ReasonCode.WAIT_MEASURED: _("Wachttijd, gemeten bij %(first)s mensen: hooguit %(days)s"),
        ReasonCode.STARTS_IN_TIME: _("Begint op tijd: voor het einde van week %(last)s"),
        ReasonCode.STARTS_TOO_LATE: _("Begint te laat: pas na week %(last)s, tenzij er eerder plaats is"),
        ReasonCode.ACCEPTS_NOBODY: _("Neemt nu niemand aan"),
        ReasonCode.START_MEETS_DEADLINE: _("Op tijd: begint uiterlijk in week %(last)s, zoals de wet vraagt"),
        ReasonCode.START_MISSES_DEADLINE: _("Te laat: moet in week %(last)s begonnen zijn, tenzij er eerder plaats is"),
        ReasonCode.FINISH_MEETS_DEADLINE: _("Op tijd: klaar voor het einde van week %(last)s, zoals de wet vraagt"),
        ReasonCode.FINISH_MISSES_DEADLINE: _("Te laat klaar: na week %(last)s, tenzij het in week %(first)s al begint"),
        ReasonCode.TAKES_TOO_LONG: _("Te laat klaar: na week %(last)s, tenzij het in %(weeks)s kan"),
        ReasonCode.OUTCOME: _("Bij %(n)s%% wordt bereikt wat is afgesproken"),
        ReasonCode.DISTANCE: _("%(n)s km verderop"),
        ReasonCode.ONLINE: _("Kan online"),
        ReasonCode.NATIONWIDE: _("Werkt in heel Nederland"),
        ReasonCode.COMES_TO_EMPLOYEE: _("Komt naar de werknemer toe"),
        ReasonCode.PRICE_LOW: _("Prijs %(n)s%% onder het midden van vergelijkbaar aanbod"),
        ReasonCode.PRICE_USUAL: _("Gebruikelijke prijs"),
        ReasonCode.PRICE_HIGH: _("Prijs %(n)s%% boven het midden van vergelijkbaar aanbod"),
    }[code]
