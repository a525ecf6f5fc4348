"""What stands around the results: what is filtered on, what could be, and where the results are."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.language import _
from network.postcodes import places
from network.taxonomy import causes, interventions
from portal.care.physician.words import year_label
from portal.figures.netherlands import Spot
from portal.presenters import days, money
from search.offerings_find import FoundOfferings
from search.query import SearchFilters, Sort

RADII = (10, 25, 50, 100)
WAITS = (7, 14, 28, 56)

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

    `needed_by` are parts of the address that cannot stand without it.
    """

    name: str
    value: str
    label: str
    needed_by: tuple[str, ...] = ()

    @property
    def gone(self) -> dict[str, None]:
        """The parts of the address that go when it is taken away; paging starts again."""
        return dict.fromkeys((self.name, *self.needed_by, "page"))


def chips(wanted: SearchFilters) -> tuple[Chip, ...]:
    """Return what is filtered on; the order and the page are no filters."""
    return tuple(_chips(wanted))


def _chips(wanted: SearchFilters) -> Iterator[Chip]:
    if wanted.q:
        yield Chip("q", "", f"“{wanted.q}”")
    for code in wanted.cause:
        yield Chip("cause", code, causes()[code].name)
    if wanted.sickness_year is not None:
        yield Chip("sickness_year", "", year_label(wanted.sickness_year).capitalize())
    if wanted.week is not None:
        yield Chip("week", "", _("Week %(week)s") % {"week": wanted.week})
    for code in wanted.intervention:
        yield Chip("intervention", code, interventions()[code].name)
    yield from _chips_of_place(wanted)
    yield from _chips_of_limits(wanted)


def _chips_of_place(wanted: SearchFilters) -> Iterator[Chip]:
    if wanted.postcode is not None:
        place = places()[wanted.postcode]
        label = _("Vanaf %(postcode)s %(place)s") % {"postcode": place.postcode, "place": place.place}
        needed_by = ("radius_km", "sort") if wanted.sort is Sort.DISTANCE else ("radius_km",)
        yield Chip("postcode", "", label, needed_by)
    if wanted.radius_km is not None:
        yield Chip("radius_km", "", _("Binnen %(km)s km") % {"km": f"{wanted.radius_km:g}"})
    if wanted.online:
        yield Chip("online", "", _("Kan online"))


def _chips_of_limits(wanted: SearchFilters) -> Iterator[Chip]:
    if wanted.max_wait_days is not None:
        yield Chip("max_wait_days", "", _("Wacht hooguit %(days)s") % {"days": days(wanted.max_wait_days)})
    cents = getattr(wanted, "max_price", None)
    if cents is not None:
        yield Chip("max_price", "", _("Hooguit %(price)s") % {"price": money(cents)})


def choices(found: FoundOfferings | None) -> dict[str, Choices]:
    """Return what each filter can be set to, with how many results that would give."""
    facets = found.facets if found else {}
    kinds = sorted(interventions().values(), key=lambda kind: kind.name)
    return {
        "cause": [_counted(c.code, c.name, facets.get("cause")) for c in causes().values()],
        "intervention": [_counted(kind.code, kind.name, facets.get("intervention")) for kind in kinds],
        "year": [_counted(str(year), year_label(year).capitalize(), facets.get("sickness_year")) for year in (1, 2)],
        "radius": [(str(km), _("Binnen %(km)s km") % {"km": km}) for km in RADII],
        "wait": [_counted(str(n), _("Hooguit %(days)s") % {"days": days(n)}, facets.get("wait")) for n in WAITS],
        "sort": [
            ("fit", _("Wat het best past")),
            ("wait", _("Kortste wachttijd")),
            ("distance", _("Dichtstbij")),
            ("price", _("Laagste prijs")),
        ],
    }


def _counted(value: str, label: str, counts: object) -> tuple[str, str]:
    return (value, f"{label} ({counts.get(value, 0)})") if isinstance(counts, dict) else (value, label)


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
