"""How good the first ten results are, in the demo network, by engine, beside plain full text search."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from uuid import UUID

from bench.judgements import Judgement, Score, judgements, score
from bench.network import TENANT, Network
from bench.plain_text import plain_text
from bench.report import Figure
from core.database import Database, Door, enter
from demo.stage import Stage
from network.offering_view import OfferingView
from network.offerings_read import OfferingFilter, list_offerings
from network.tables import OfferingState
from search.engines import engine_for
from search.gateway import SearchEngine
from search.query import SearchQuery
from worker.open_jobs import documents, rebuild_index

Ask = Callable[[SearchQuery], Sequence[UUID]]
Graded = Sequence[tuple[Judgement, Mapping[UUID, int]]]
GOAL, AHEAD, MOST_EMPTY = 0.90, 0.10, 0.01
PAGE = 100


def measure(made: Network) -> list[Figure]:
    """Return the figures of every engine that there is, and of the base line."""
    database = Database(made.settings, made.address)
    graded = graded_judgements(database)
    with plain_text(database, documents(database)) as plain:
        base = scored(plain.ask, graded)
    figures = []
    for name, engine in engines(made).items():
        rebuild_index(database, engine)
        found = scored(partial(results, engine), graded)
        figures += [
            *_figures(f"{name} engine", found, GOAL, MOST_EMPTY),
            Figure(f"{name} engine: nDCG@10 above plain full text", found.ndcg - base.ndcg, "", AHEAD, at_most=False),
        ]
    database.dispose()
    return [*figures, *_figures("plain PostgreSQL full text", base, None, None)]


def engines(made: Network) -> Mapping[str, SearchEngine]:
    """Return the engines to measure: the embedded one, and Meilisearch where a setting names its server."""
    embedded = made.settings.model_copy(update={"meilisearch_url": None})
    remote = made.settings.model_copy(update={"meilisearch_index": "bench"})
    named = {"Meilisearch": engine_for(remote)} if remote.meilisearch_url else {}
    return {"embedded": engine_for(embedded)} | named


def graded_judgements(database: Database) -> Graded:
    """Return all judgements with the grades of the offerings that can be found."""
    network = list(_network(database))
    return [(judged, judged.grades(network)) for judged in judgements()]


def scored(ask: Ask, graded: Graded) -> Score:
    """Return how good the answers to all questions are."""
    return score([(ask(judged.filters.for_tenant(TENANT)), grades) for judged, grades in graded])


def results(engine: SearchEngine, query: SearchQuery) -> list[UUID]:
    """Return the first results of an engine."""
    return [hit.offering_id for hit in engine.search(query).hits]


def _network(database: Database) -> Iterator[OfferingView]:
    """Yield the offerings of the arbodienst that can be found today."""
    manager = Stage(database).actors["netwerk"]
    for page in count(1):
        with database.transaction(Door.OPEN) as session:
            enter(session, Door.OPEN, manager.context)
            found = list_offerings(session, manager, OfferingFilter(state=OfferingState.APPROVED), page, PAGE).items
        yield from (view for view in found if view.is_visible)
        if len(found) < PAGE:
            return


def _figures(name: str, found: Score, goal: float | None, most_empty: float | None) -> list[Figure]:
    return [
        Figure(f"{name}: nDCG@10", found.ndcg, "", goal, at_most=False),
        Figure(f"{name}: MRR", found.mrr, ""),
        Figure(f"{name}: questions without results", found.empty, "", most_empty),
    ]
