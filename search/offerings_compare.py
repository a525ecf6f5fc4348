"""Comparing up to three offerings side by side, each with everything that people weigh."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col

from core.errors import FieldError, Invalid, NotFound
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from network.offering_view import OfferingView, select_views, view_of
from network.offerings_read import part_of
from network.tables import Offering
from network.taxonomy import interventions
from search.deadlines import deadline_reasons
from search.offerings_find import query_for
from search.offerings_weigh import WeighedOffering, weigh_offerings
from search.query import SearchFilters
from search.reasons import Reason, reasons

MOST_COMPARED = 3


@dataclass(frozen=True, slots=True)
class ComparedOffering:
    """One column: the offering, and what is not in it.

    `distance_km` is from the asked postcode; `median_cents` the middle of what is comparable, `price_percent` how far
    the price lies above it (below: negative); the weeks are those advised.
    """

    offering: OfferingView
    distance_km: float | None
    median_cents: int | None
    price_percent: int | None
    week_from: int
    week_until: int
    reasons: tuple[Reason, ...]
    favourite: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The columns, in the order in which they were asked for; `gone` counts those that cannot be found any more."""

    offerings: tuple[ComparedOffering, ...]
    gone: int


def compare_offerings(
    session: Session, actor: Actor, offering_ids: Sequence[UUID], filters: SearchFilters
) -> Comparison:
    """Return offerings side by side, weighed for the question in `filters`; each once, however often it is named.

    Raises Invalid for none and for more than three, and NotFound when none of them can be found by this actor.
    """
    require(actor, Permission.SEARCH_OFFERINGS)
    wanted = list(dict.fromkeys(offering_ids))
    _check(wanted)
    query = select_views().where(col(Offering.id).in_(wanted), part_of(actor.role))
    views = {view.id: view for view in map(view_of, session.execute(query)) if view.is_visible}
    if not views:
        raise NotFound(_("Dit aanbod is niet gevonden."))
    found = [views[offering_id] for offering_id in wanted if offering_id in views]
    weighed = weigh_offerings(session, query_for(session, actor, filters), found)
    return Comparison(tuple(map(_column, weighed)), len(wanted) - len(found))


def _check(wanted: Sequence[UUID]) -> None:
    if 0 < len(wanted) <= MOST_COMPARED:
        return
    if not wanted:
        sentence = _("Kies eerst aanbod om te vergelijken.")
    else:
        told = _("U kunt %(most)s aanbiedingen naast elkaar zetten, en u koos er %(n)s. Haal er een paar weg.")
        sentence = told % {"most": MOST_COMPARED, "n": len(wanted)}
    raise Invalid(sentence, (FieldError("offering", sentence),))


def _column(weighed: WeighedOffering) -> ComparedOffering:
    offering, about = weighed.offering, weighed.about
    kind, median = interventions()[offering.intervention], about.median_cents
    return ComparedOffering(
        offering=offering,
        distance_km=about.distance_km,
        median_cents=median,
        price_percent=None if median is None else round((offering.price_cents - median) * 100 / median),
        week_from=kind.week_from,
        week_until=kind.week_until,
        reasons=(*reasons(about), *deadline_reasons(about.week, offering)),
        favourite=about.favourite,
    )
