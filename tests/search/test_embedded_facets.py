"""Counts over a whole network are not worked out for every request."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from search.embedded.engine import TantivyEngine
from search.embedded.snapshot import Snapshot
from search.query import SearchFilters
from tests.search.sample_network import TENANT, network, offering


def test_counts_without_words_are_worked_out_once_per_state_of_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = TantivyEngine(tmp_path / "search")
    engine.rebuild(network(60))
    counted: list[Any] = []
    count = Snapshot.aggregate

    def counting(self: Snapshot, query: Any, request: Any) -> dict[str, Any]:
        counted.append(request)
        return count(self, query, request)

    monkeypatch.setattr(Snapshot, "aggregate", counting)
    query = SearchFilters().for_tenant(TENANT)
    before = engine.search(query).facets
    assert counted
    counted.clear()
    for other in (
        query,
        SearchFilters(page=2, sort="wait").for_tenant(TENANT),
        query.model_copy(update={"favourites": frozenset({UUID(int=5)})}),
    ):
        assert engine.search(other).facets == before
    assert counted == []
    engine.upsert([offering(intervention="MED")])
    assert engine.search(query).facets["intervention"]["MED"] == before["intervention"]["MED"] + 1
    assert counted
