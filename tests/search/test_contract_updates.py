"""Contract: changes are visible at once, count once, and a rebuild takes the place of what was there."""

from collections.abc import Iterator

import pytest

from search.document import OfferingDocument
from search.gateway import SearchEngine
from search.query import SearchFilters
from tests.search.sample_network import OTHER_TENANT, TENANT, network, offering


def titles(engine: SearchEngine, text: str) -> int:
    return engine.search(SearchFilters(q=text).for_tenant(TENANT)).total


def changed(document: OfferingDocument, **fields: object) -> OfferingDocument:
    return document.model_copy(update=fields)


def test_an_update_takes_the_place_of_what_was_known(engine: SearchEngine) -> None:
    before = offering(title="Wandelcoaching")
    engine.upsert([before])
    engine.upsert([changed(before, title="Zeilcoaching", price_cents=777)])
    assert engine.count() == 1
    assert (titles(engine, "wandelcoaching"), titles(engine, "zeilcoaching")) == (0, 1)


def test_many_updates_keep_the_count(engine: SearchEngine) -> None:
    documents = list(network(50))
    engine.rebuild(iter(documents))
    for _round in range(3):
        engine.upsert(changed(one, price_cents=one.price_cents + 1) for one in documents)
    assert engine.count() == 50
    assert engine.search(SearchFilters().for_tenant(TENANT)).total == 50


def test_the_last_of_two_changes_in_one_batch_counts(engine: SearchEngine) -> None:
    one = offering()
    engine.upsert([changed(one, title="Eerste"), changed(one, title="Laatste")])
    assert engine.count() == 1
    assert (titles(engine, "eerste"), titles(engine, "laatste")) == (0, 1)


def test_a_removed_offering_is_gone_and_unknown_ids_do_no_harm(engine: SearchEngine) -> None:
    stays, goes = list(network(2))
    engine.upsert([stays, goes])
    engine.remove([goes.offering_id, offering().offering_id])
    answer = engine.search(SearchFilters().for_tenant(TENANT))
    assert [hit.offering_id for hit in answer.hits] == [stays.offering_id]
    assert engine.count() == 1


def test_counts_follow_changes(engine: SearchEngine) -> None:
    one = offering(online=False)
    engine.upsert([one])
    assert engine.search(SearchFilters().for_tenant(TENANT)).facets["online"] == {"false": 1}
    engine.upsert([changed(one, online=True)])
    assert engine.search(SearchFilters().for_tenant(TENANT)).facets["online"] == {"true": 1}


def test_a_rebuild_forgets_what_it_was_not_given(engine: SearchEngine) -> None:
    old, new = list(network(2, seed=3))
    engine.upsert([old])
    assert engine.rebuild(iter([new])) == 1
    assert [hit.offering_id for hit in engine.search(SearchFilters().for_tenant(TENANT)).hits] == [new.offering_id]


def test_the_old_index_answers_until_the_new_one_is_whole(engine: SearchEngine) -> None:
    old, *new = list(network(30, seed=4))
    engine.upsert([old])
    seen = []

    def watched() -> Iterator[OfferingDocument]:
        for document in new:
            yield document
            seen.append(engine.count())

    assert engine.rebuild(watched()) == 29
    assert set(seen) == {1}
    assert engine.count() == 29


def test_changes_made_during_a_rebuild_are_in_the_new_index(engine: SearchEngine) -> None:
    documents = list(network(20, seed=5))
    engine.rebuild(iter(documents))
    late = offering(title="Nagekomen")

    def overtaken() -> Iterator[OfferingDocument]:
        yield from documents[:10]
        engine.upsert([late, changed(documents[0], title="Bijgewerkt")])
        engine.remove([documents[1].offering_id])
        yield from documents[10:]

    assert engine.rebuild(overtaken()) == 20
    assert (titles(engine, "nagekomen"), titles(engine, "bijgewerkt")) == (1, 1)


def test_a_rebuild_that_fails_leaves_the_old_index_as_it_was(engine: SearchEngine) -> None:
    engine.upsert([offering()])

    def broken() -> Iterator[OfferingDocument]:
        yield from network(5)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        engine.rebuild(broken())
    assert engine.count() == 1
    assert engine.rebuild(network(5)) == 5


def test_a_build_that_was_interrupted_is_gone_on_with(engine: SearchEngine, short_pieces: None) -> None:
    known = sorted(
        (one for tenant in (TENANT, OTHER_TENANT) for one in network(30, seed=tenant.int, tenant=tenant)),
        key=lambda one: (one.tenant_id, one.offering_id),
    )
    assert engine.unfinished() is None

    def interrupted() -> Iterator[OfferingDocument]:
        yield from known[:47]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(interrupted())
    assert engine.count() == 0
    late, gone = offering(title="Nagekomen"), known[3]
    engine.upsert([late])
    engine.remove([gone.offering_id])
    reached = engine.unfinished()
    assert reached is not None
    rest = [one for one in known if (one.tenant_id, one.offering_id) > (reached.tenant_id, reached.offering_id)]
    assert 13 <= len(rest) < 60
    assert engine.rebuild(iter(rest), go_on=True) == 60
    assert engine.unfinished() is None
    assert titles(engine, "nagekomen") == 1


def test_a_build_that_was_interrupted_can_be_begun_anew(engine: SearchEngine, short_pieces: None) -> None:
    def interrupted() -> Iterator[OfferingDocument]:
        yield from network(40)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(interrupted())
    assert engine.rebuild(network(4, seed=2)) == 4
    assert engine.unfinished() is None
