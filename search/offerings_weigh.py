"""Weighing offerings that were chosen one by one: the same facts and points as in a search, worked out for a few."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlmodel import Session, col

from core.clock import today
from network.offering_view import OfferingView
from network.offering_visibility import visible
from network.tables import Offering
from search import ranking
from search.document import OfferingDocument
from search.indexing import document_of
from search.query import SearchQuery


@dataclass(frozen=True, slots=True)
class WeighedOffering:
    """An offering with what speaks for and against it, and its points in the order "fit"; words of the query not."""

    offering: OfferingView
    about: ranking.Facts
    points: int


def weigh_offerings(session: Session, query: SearchQuery, views: Sequence[OfferingView]) -> tuple[WeighedOffering, ...]:
    """Return offerings with their facts and points, in the order in which they were given."""
    documents = [document_of(query.tenant_id, view) for view in views]
    medians = median_prices(session, documents)
    facts = [ranking.facts(document, query, medians.get, today()) for document in documents]
    return tuple(
        WeighedOffering(view, about, ranking.points(about, with_distance=query.origin is not None))
        for view, about in zip(views, facts, strict=True)
    )


def median_prices(session: Session, documents: Iterable[OfferingDocument]) -> Mapping[str, int]:
    """Return the median price in cents of the kinds of these offerings, as the index has it: of what can be found."""
    wanted = {(document.intervention, document.price_unit): document.kind for document in documents}
    of_kind = (col(Offering.intervention), col(Offering.price_unit))
    middle = func.percentile_cont(0.5).within_group(col(Offering.price_cents))
    rows = session.execute(
        select(*of_kind, middle)
        .where(tuple_(*of_kind).in_(list(wanted)), visible())
        .group_by(*of_kind)
        .having(func.count() >= ranking.FEWEST_FOR_A_MEDIAN)
    )
    return {wanted[intervention, unit]: int(median) for intervention, unit, median in rows}
