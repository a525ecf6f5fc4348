"""Relevance as judged by hand: the embedded engine in the demo network keeps to the goals of the bench."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

import demo.network
from bench.judgements import Judgement, judgements, ndcg, reciprocal_rank, score
from bench.plain_text import plain_text
from bench.relevance import AHEAD, GOAL, MOST_EMPTY, Graded, graded_judgements, results, scored
from core.database import Database
from core.settings import Settings
from search.embedded.engine import TantivyEngine
from tests.conftest import SECRET, copied
from worker.open_jobs import documents

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.fixture(scope="module")
def network(
    request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The demo network in a database of its own."""
    with copied(request.config, f"relevance_{worker_id}", tmp_path_factory.mktemp("data")) as database:
        demo.network.load(database, Settings(secret_key=SecretStr(SECRET), demo=False))
        yield database


@pytest.fixture(scope="module")
def graded(network: Database) -> Graded:
    """Every question with the grades of what can be found."""
    return graded_judgements(network)


def test_every_kind_of_question_is_judged_and_has_something_to_find(graded: Graded) -> None:
    kinds = {judged.kind for judged, _grades in graded}
    assert {"exact", "typo", "joined", "split", "synonym", "english", "prefix", "provider", "number", "filter"} <= kinds
    assert len(graded) >= 120
    assert [judged.asked for judged, grades in graded if max(grades.values(), default=0) < 3] == []


def test_what_people_want_stands_first(network: Database, graded: Graded, tmp_path: Path) -> None:
    """R28."""
    engine = TantivyEngine(tmp_path / "index")
    engine.rebuild(documents(network))
    found = scored(partial(results, engine), graded)
    with plain_text(network, documents(network)) as plain:
        base = scored(plain.ask, graded)
    assert found.ndcg >= GOAL
    assert found.empty <= MOST_EMPTY
    assert found.ndcg >= base.ndcg + AHEAD


def test_ndcg_is_one_for_the_best_order_and_less_for_any_other() -> None:
    grades = {A: 3, B: 1}
    assert ndcg([A, B, C], grades) == 1
    assert ndcg([B, A], grades) == pytest.approx((1 + 7 / 1.5849625) / (7 + 1 / 1.5849625))
    assert ndcg([], grades) == ndcg([C], grades) == 0


def test_the_reciprocal_rank_is_of_the_first_result_that_answers() -> None:
    assert reciprocal_rank([C, B, A], {A: 3, B: 1}) == pytest.approx(1 / 3)
    assert reciprocal_rank([uuid4() for _nth in range(10)] + [A], {A: 3}) == 0


def test_a_score_is_the_mean_over_all_questions() -> None:
    found = score([([A], {A: 3}), ([], {A: 3})])
    assert (found.ndcg, found.mrr, found.empty) == (0.5, 0.5, 0.5)


def test_judgements_are_questions_that_may_be_asked() -> None:
    assert all(isinstance(judged, Judgement) and judged.filters.page_size == 10 for judged in judgements())
