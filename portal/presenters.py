"""How values are written for people, in the language of the person: money, days, durations, distances, percentages."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from core.clock import AMSTERDAM, today
from core.language import _, language, ngettext, remembered
from core.money import euros

LOCALES = {"nl": "nl_NL", "en": "en_GB"}
SHORT_DATE = {"nl": "dd-MM-yyyy", "en": "dd/MM/yyyy"}
KILOBYTE, MEGABYTE = 1_024, 1_024 * 1_024


def locale() -> str:
    """Return the locale in which values are written."""
    return LOCALES[language()]


@remembered
def money(cents: int) -> str:
    """Write whole cents as euros: `€ 1.297,00`."""
    return str(format_currency(euros(cents), "EUR", locale=locale()))


@remembered
def number(value: float | Decimal) -> str:
    """Write a number with the separators of the language, at most three decimals: `1.297,5`."""
    return str(format_decimal(value, locale=locale()))


def file_size(count: int) -> str:
    """Write a number of bytes as people do: `71 kB`, `1,4 MB`."""
    if count < MEGABYTE:
        return f"{number(-(-count // KILOBYTE))} kB"
    return f"{number(round(count / MEGABYTE, 1))} MB"


@remembered
def percent(value: float | Decimal) -> str:
    """Write percentage points, at most one decimal: 21 becomes `21%`, 36.5 becomes `36,5%`."""
    return f"{format_decimal(value, format='#,##0.#', locale=locale())}%"


@remembered
def km(distance: float) -> str:
    """Write a distance in kilometres: `0,4 km` near by, `34 km` further away."""
    pattern = "0.#" if distance < 10 else "#,##0"
    return f"{format_decimal(distance, format=pattern, locale=locale())}\N{NO-BREAK SPACE}km"


@remembered
def day(value: date) -> str:
    """Write a day in full: `12 november 2026`. An instant is taken as the day it is in the Netherlands."""
    return str(format_date(_local_day(value), "d MMMM y", locale=locale()))


@remembered
def day_short(value: date) -> str:
    """Write a day in figures: `12-11-2026`."""
    return str(format_date(_local_day(value), SHORT_DATE[language()], locale=locale()))


@remembered
def month(value: date) -> str:
    """Write a month: `november 2026`."""
    return str(format_date(_local_day(value), "LLLL y", locale=locale()))


def moment(value: datetime) -> str:
    """Write an instant as it was in the Netherlands: `12 november 2026, 14:30`."""
    return f"{day(value)}, {format_time(value.astimezone(AMSTERDAM), 'HH:mm', locale=locale())}"


def days(count: int) -> str:
    """Write a number of days: `1 dag`, `12 dagen`."""
    return _counted(ngettext("%(n)s dag", "%(n)s dagen", count), count)


def weeks(count: int) -> str:
    """Write a number of weeks: `1 week`, `12 weken`."""
    return _counted(ngettext("%(n)s week", "%(n)s weken", count), count)


def duration(count: int) -> str:
    """Write a number of days the way people say it: days, from 21 days on weeks, from 26 weeks on months."""
    if count < 21:
        return days(count)
    if count < 182:
        return weeks(count // 7)
    months = round(count / 30.44)
    return _counted(ngettext("%(n)s maand", "%(n)s maanden", months), months)


def age(since: date) -> str:
    """Write how long something waits: `vandaag`, `3 dagen`, `5 weken`."""
    passed = (today() - _local_day(since)).days
    return _("vandaag") if passed <= 0 else duration(passed)


def until(due: date) -> str:
    """Write how far a term is: `nog 4 dagen`, `morgen`, `vandaag`, `2 dagen te laat`."""
    left = (_local_day(due) - today()).days
    if left == 0:
        return _("vandaag")
    if left == 1:
        return _("morgen")
    template = _("nog %(time)s") if left > 0 else _("%(time)s te laat")
    return template % {"time": duration(abs(left))}


def iso(value: date) -> str:
    """Write a day or an instant for machines, as in the `datetime` attribute of HTML."""
    return value.isoformat()


def _counted(template: str, count: int) -> str:
    return template % {"n": number(count)}


def _local_day(value: date) -> date:
    return value.astimezone(AMSTERDAM).date() if isinstance(value, datetime) else value


FILTERS = {
    write.__name__: write
    for write in (
        money,
        number,
        file_size,
        percent,
        km,
        day,
        day_short,
        month,
        moment,
        days,
        weeks,
        duration,
        age,
        until,
        iso,
    )
}
"""Every filter of the templates, under the name of its function."""
