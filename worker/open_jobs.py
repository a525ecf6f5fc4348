"""Jobs of the open rooms; this module never imports `medical`."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import UUID

from billing.books import dunning, dunning_mail
from billing.books.ledger_close import close_months, prove_ledger
from cases.mandates import end_mandates_of
from core.database import Database, Door
from core.mail import post_for
from identity.audit_chain import BATCH, seal, window_after
from identity.guard import SIDES
from identity.once import forget
from search import indexing
from search.document import OfferingDocument
from search.engines import engine_for
from search.gateway import IndexUnavailable, Reached, RebuildRunning, SearchEngine
from worker.stage import acting, tenants


def seal_audit(database: Database) -> None:
    """Chain the audit events of every tenant, a bounded piece at a time."""
    for tenant_id in tenants(database):
        _seal_window(database, tenant_id)


def seal_everything(database: Database) -> None:
    """Do the same and look through all events, a window at a time: one that was committed very late is found too."""
    for tenant_id in tenants(database):
        after: int | None = 0
        while after is not None:
            _seal_window(database, tenant_id, after)
            with acting(database, Door.OPEN, tenant_id) as (session, actor):
                after = window_after(session, actor, after)


def _seal_window(database: Database, tenant_id: UUID, after: int | None = None) -> None:
    sealed = BATCH
    while sealed == BATCH:
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            sealed = seal(session, actor, after)


def end_mandates(database: Database, *, account_id: str, tenant_id: str) -> None:
    """Write the end of the mandates of somebody who has left."""
    with acting(database, Door.OPEN, tenant_id) as (session, actor):
        end_mandates_of(session, actor, UUID(account_id))


def close_books(database: Database) -> None:
    """Close the months of every ledger that are over, and prove each ledger again."""
    for tenant_id in tenants(database):
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            close_months(session, actor)
            prove_ledger(session, actor)


def remind_buyers(database: Database) -> None:
    """Put down the reminders that are due; a later round of the same day finds that it was done."""
    for tenant_id in tenants(database):
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            dunning.remind_buyers(session, actor)


def send_reminder(database: Database, *, reminder_id: str, tenant_id: str) -> None:
    """Send one reminder."""
    with acting(database, Door.OPEN, tenant_id) as (session, _actor):
        dunning_mail.send_reminder(session, UUID(reminder_id), post_for(database.settings), database.settings)


def index_offering(database: Database, offering_id: UUID | str, tenant_id: UUID | str) -> None:
    """Let the search index follow a change of one offering; where there is no index yet, build it."""
    engine = engine_for(database.settings)
    try:
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            indexing.index_offering(session, actor, engine, UUID(str(offering_id)))
    except IndexUnavailable:
        rebuild_index(database, engine)


def index_provider(database: Database, provider_id: UUID | str, tenant_id: UUID | str) -> None:
    """Let the search index follow a change that touches all that a provider offers."""
    engine = engine_for(database.settings)
    try:
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            indexing.index_provider(session, actor, engine, UUID(str(provider_id)))
    except IndexUnavailable:
        rebuild_index(database, engine)


def rebuild_index(database: Database, engine: SearchEngine, say: Callable[[int], object] | None = None) -> int:
    """Build the index of all tenants anew beside the one that serves; return how many offerings it holds.

    A build that was interrupted is gone on with. `say` is told after every thousand offerings how many were read.
    """
    reached = engine.unfinished()
    return engine.rebuild(_counted(documents(database, reached), say), go_on=reached is not None)


def rebuild_nightly(database: Database) -> None:
    """Build the index anew once a day: what a date has ended leaves it, and what a date has begun enters it."""
    with suppress(RebuildRunning):
        rebuild_index(database, engine_for(database.settings))


def _counted(found: Iterator[OfferingDocument], say: Callable[[int], object] | None) -> Iterator[OfferingDocument]:
    for number, document in enumerate(found, 1):
        yield document
        if say is not None and number % indexing.BATCH == 0:
            say(number)


def documents(database: Database, after: Reached | None = None) -> Iterator[OfferingDocument]:
    """Yield what may be found of every tenant, or what comes after an offering, read in many short transactions."""
    for tenant_id in sorted(tenants(database)):
        if after is not None and tenant_id < after.tenant_id:
            continue
        last: UUID | None = after.offering_id if after and tenant_id == after.tenant_id else indexing.FIRST
        while last is not None:
            with acting(database, Door.OPEN, tenant_id) as (session, actor):
                last, documents = indexing.documents_after(session, actor, last)
            yield from documents


def forget_answers(database: Database) -> None:
    """Empty the answers that were kept for a day, on both sides; what is in them is not read."""
    for tenant_id in tenants(database):
        for door in SIDES:
            with acting(database, door, tenant_id) as (session, _actor):
                forget(session, door)
