"""What stands around the results of a search: what is filtered on, what could be, and where the results are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.language import _
from network.postcodes import places, regions
from network.spoken import SPOKEN, language_name
from network.tables import Gender, RegistrationKind
from network.taxonomy import Disclosure, causes, interventions
from portal.figures.netherlands import Spot
from portal.network_words import registration_words
from portal.offering_words import disclosure_words, gender_words
from portal.presenters import days, money
from portal.typed import Euros
from search.offerings_find import FoundOfferings
from search.query import LIMITS, SearchFilters, Sort

PAGE_SIZE = 10
RADII = (10, 25, 50, 100)

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Map:
    """The places of the results, from where distances are measured, and within how many kilometres."""

    spots: tuple[Spot, ...]
    origin: Spot | None
    radius_km: float | None


@dataclass(frozen=True)
class Chip:
    """A filter that is chosen: its name in the address, its value where there may be several, and what it says.

    `needed_by` are parts of the address that cannot stand without it. `stays` is what stood in the same text, and is
    still asked for without it: of "psycholoog Utrecht" either the word or the place may go.
    """

    name: str
    value: str
    label: str
    needed_by: tuple[str, ...] = ()
    stays: tuple[tuple[str, str | None], ...] = ()

    @property
    def gone(self) -> dict[str, str | None]:
        """How the address changes when it is taken away; paging starts again."""
        return dict.fromkeys((self.name, *self.needed_by, "page")) | dict(self.stays)


class TypedFilters(SearchFilters, extra="ignore"):
    """The filters as the address bar says them, with the price the way people write it."""

    max_price: Annotated[Euros, Field(ge=0, le=1_000_000_00)] | None = None

    def asked(self, *leave_out: str) -> SearchFilters:
        """Return what the search room understands, without some parts of the address."""
        chosen = {"page_size": PAGE_SIZE} | self.model_dump(exclude_unset=True, exclude={"max_price", *leave_out})
        if self.max_price is not None:
            chosen["max_price_cents"] = self.max_price
        return SearchFilters(**chosen)


def chips(wanted: TypedFilters) -> tuple[Chip, ...]:
    """Return what is filtered on; the order and the page are no filters."""
    return (*_of_what(wanted), *_of_place(wanted), *_of_people(wanted), *_of_limits(wanted))


def _of_what(wanted: SearchFilters) -> Iterator[Chip]:
    if wanted.q:
        label = wanted.q if '"' in wanted.q else f"“{wanted.q}”"
        yield Chip("q", "", label, stays=(("postcode", wanted.postcode),))
    for code in wanted.cause:
        yield Chip("cause", code, causes()[code].name)
    if wanted.sickness_year is not None:
        yield Chip("sickness_year", "", year_words(wanted.sickness_year))
    if wanted.week is not None:
        yield Chip("week", "", _("Week %(week)s") % {"week": wanted.week})
    for code in wanted.intervention:
        yield Chip("intervention", code, interventions()[code].name)
    if wanted.disclosure is not None:
        yield Chip("disclosure", "", disclosure_words(wanted.disclosure))


def _of_place(wanted: SearchFilters) -> Iterator[Chip]:
    if wanted.postcode is not None:
        place = places()[wanted.postcode]
        label = _("Vanaf %(postcode)s %(place)s") % {"postcode": place.postcode, "place": place.place}
        needed_by = ("radius_km", "sort") if wanted.sort is Sort.DISTANCE else ("radius_km",)
        yield Chip("postcode", "", label, needed_by, stays=(("q", wanted.q or None),))
    if wanted.radius_km is not None:
        yield Chip("radius_km", "", _("Binnen %(km)s km") % {"km": f"{wanted.radius_km:g}"})
    for region in wanted.region:
        yield Chip("region", region, region)
    if wanted.online:
        yield Chip("online", "", _("Kan online"))
    if wanted.at_employee:
        yield Chip("at_employee", "", _("Komt naar de werknemer"))


def _of_people(wanted: SearchFilters) -> Iterator[Chip]:
    if wanted.accepts_now:
        yield Chip("accepts_now", "", _("Neemt nu mensen aan"))
    for code in wanted.language:
        yield Chip("language", code, language_name(code))
    for kind in wanted.mark:
        yield Chip("mark", kind, registration_words(kind))
    if wanted.gender is not None:
        yield Chip("gender", "", gender_words(wanted.gender))


def _of_limits(wanted: TypedFilters) -> Iterator[Chip]:
    if wanted.max_wait_days is not None:
        yield Chip("max_wait_days", "", _("Wacht hooguit %(days)s") % {"days": days(wanted.max_wait_days)})
    if wanted.max_price is not None:
        yield Chip("max_price", "", _("Hooguit %(price)s") % {"price": money(wanted.max_price)})


def choices(found: FoundOfferings | None, *, open_only: bool = False) -> dict[str, Choices]:
    """Return what each filter can be set to, with how many results that would give."""
    facets = found.facets if found else {}
    kinds = [kind for kind in interventions().values() if not open_only or kind.disclosure is Disclosure.OPEN]
    kinds.sort(key=lambda kind: kind.name)
    waits = [(str(limit), _("Hooguit %(days)s") % {"days": days(limit)}) for limit in LIMITS["wait"]]
    prices = [(str(limit), _("Hooguit %(price)s") % {"price": money(limit)}) for limit in LIMITS["price"]]
    return {
        "cause": _counted(((cause.code, cause.name) for cause in causes().values()), facets.get("cause")),
        "intervention": _counted(((kind.code, kind.name) for kind in kinds), facets.get("intervention")),
        "year": _counted(((str(year), year_words(year)) for year in (1, 2)), facets.get("sickness_year")),
        "disclosure": _counted(((each, disclosure_words(each)) for each in Disclosure), facets.get("disclosure")),
        "radius": [(str(km), _("Binnen %(km)s km") % {"km": km}) for km in RADII],
        "region": _counted(((name, name) for name in regions()), facets.get("region")),
        "language": _there(((code, language_name(code)) for code in SPOKEN), facets.get("language")),
        "mark": _there(((kind, registration_words(kind)) for kind in RegistrationKind), facets.get("mark")),
        "gender": _counted(((gender, gender_words(gender)) for gender in Gender), facets.get("gender")),
        "wait": _counted(waits, facets.get("wait")),
        "price": _counted(prices, facets.get("price")),
        "sort": [
            ("fit", _("Wat het best past")),
            ("wait", _("Kortste wachttijd")),
            ("distance", _("Dichtstbij")),
            ("price", _("Laagste prijs")),
        ],
    }


def _counted(options: Iterable[tuple[str, str]], counts: Mapping[str, int] | None) -> Choices:
    if counts is None:
        return [(str(value), label) for value, label in options]
    return [(str(value), f"{label} ({counts.get(value, 0)})") for value, label in options]


def _there(options: Iterable[tuple[str, str]], counts: Mapping[str, int] | None) -> Choices:
    """Return only what somebody offers, the most offered first: of languages and registers there are many."""
    known = [(value, label) for value, label in options if not counts or counts.get(value)]
    return _counted(sorted(known, key=lambda option: -(counts or {}).get(option[0], 0)), counts)


def year_words(year: int) -> str:
    """Return how a year of sickness is called."""
    return {1: _("Eerste ziektejaar"), 2: _("Tweede ziektejaar")}[year]


def place_name(postcode: str | None) -> str:
    """Return the name of the place of a postcode; nothing for what has no place."""
    place = places().get(postcode or "")
    return place.place if place else ""


def map_of(found: FoundOfferings | None, wanted: SearchFilters) -> Map:
    """Return where the results of this page are, numbered as in the list; what has no place is not on it."""
    origin = places()[wanted.postcode] if wanted.postcode else None
    spots = []
    for position, result in enumerate(found.page.items if found else (), 1):
        place = places().get(result.offering.postcode or "")
        if place is not None:
            spots.append(Spot(place.lat, place.lon, f"{position}. {result.offering.title}, {place.place}", position))
    here = Spot(origin.lat, origin.lon, f"{origin.postcode} {origin.place}") if origin else None
    return Map(tuple(spots), here, wanted.radius_km)
