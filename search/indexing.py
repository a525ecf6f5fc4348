"""From the database to the index: what may be found enters it, and what may no longer be found leaves it."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from core.locks import take_turn
from identity.actor import Actor
from network.offering_view import OfferingView, select_views, view_of
from network.offerings_read import describe_offerings
from network.tables import Offering, OfferingState
from network.taxonomy import interventions
from search.document import OfferingDocument
from search.gateway import SearchEngine

BATCH = 1_000
FIRST = UUID(int=0)


def index_offering(session: Session, actor: Actor, engine: SearchEngine, offering_id: UUID) -> None:
    """Let the index follow what has become of one offering."""
    _take_turn(session, actor)
    _follow(session, actor, engine, [offering_id])


def index_provider(session: Session, actor: Actor, engine: SearchEngine, provider_id: UUID) -> None:
    """Let the index follow what has become of a provider: its contract, registrations, name or openness."""
    _take_turn(session, actor)
    offering_ids = session.exec(select(Offering.id).where(col(Offering.provider_id) == provider_id)).all()
    for start in range(0, len(offering_ids), BATCH):
        _follow(session, actor, engine, offering_ids[start : start + BATCH])


def documents_after(
    session: Session, actor: Actor, last: UUID, limit: int = BATCH
) -> tuple[UUID | None, list[OfferingDocument]]:
    """Return the id up to which was read, and what may be found among the next `limit` offerings after `last`.

    Begin with `FIRST`; no id means that there are no more. A whole network is so read in many short transactions.
    """
    rows = session.execute(
        select_views()
        .where(col(Offering.state) == OfferingState.APPROVED, col(Offering.id) > last)
        .order_by(col(Offering.id))
        .limit(limit)
    )
    views = [view_of(row) for row in rows]
    return (views[-1].id if views else None), list(_findable(actor.tenant_id, views))


def document_of(tenant_id: UUID, view: OfferingView) -> OfferingDocument:
    """Return what the index may hold of an offering: published facts of a provider, and nothing about any person."""
    kind = interventions()[view.intervention]
    return OfferingDocument(
        tenant_id=tenant_id,
        offering_id=view.id,
        provider_id=view.provider_id,
        provider_name=view.provider_name,
        title=view.title,
        summary=view.description,
        intervention=view.intervention,
        disclosure=view.disclosure,
        causes=view.causes,
        sickness_years=view.sickness_years,
        week_from=kind.week_from,
        week_until=kind.week_until,
        online=view.online,
        nationwide=view.nationwide,
        postcode=view.postcode,
        travel_radius_km=view.radius_km,
        languages=view.languages,
        genders=view.genders,
        marks=view.marks,
        numbers=view.provider_numbers,
        wait_days=view.wait_days,
        wait_on=view.measured_on if view.wait_is_measured else view.stated_on,
        wait_n=view.measured_n if view.wait_is_measured else None,
        accepts_now=view.accepts_new,
        outcome_percent=view.likely_outcome,
        price_cents=view.price_cents,
        price_unit=view.price_unit,
    )


def _take_turn(session: Session, actor: Actor) -> None:
    # Two jobs about one offering must not both read first and then write in the other order.
    take_turn(session, "search.index", actor.tenant_id)


def _follow(session: Session, actor: Actor, engine: SearchEngine, offering_ids: Sequence[UUID]) -> None:
    views = describe_offerings(session, offering_ids)
    documents = list(_findable(actor.tenant_id, views.values()))
    gone = set(offering_ids) - {document.offering_id for document in documents}
    if gone:
        engine.remove(gone)
    if documents:
        engine.upsert(documents)


def _findable(tenant_id: UUID, views: Iterable[OfferingView]) -> Iterator[OfferingDocument]:
    return (document_of(tenant_id, view) for view in views if view.is_visible)
