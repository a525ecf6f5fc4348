"""The public page of the order is made of the weights: none is left out, and a change of one changes what it says."""

import pytest

from core.language import speaking
from search import ranking
from search.ranking_explained import Part, parts

# How many orders of equals there are stands on the page itself, the age of a wait comes from the network, and how
# finely equals are cut says nothing to anybody.
ELSEWHERE = {"ROTATIONS", "TIE_BITS", "STALE_AFTER_DAYS"}


def weights() -> set[str]:
    return {name for name, value in vars(ranking).items() if name.isupper() and isinstance(value, int | float | tuple)}


def told(part: Part) -> str:
    return " ".join((part.title, part.why, *(f"{step.when} {step.worth}" for step in part.steps)))


def test_every_weight_is_explained_and_none_that_is_not_there() -> None:
    """R33."""
    explained = [name for part in parts() for name in part.weights]
    assert len(explained) == len(set(explained))
    assert set(explained) == weights() - ELSEWHERE


@pytest.mark.parametrize("name", sorted(weights() - ELSEWHERE))
def test_what_is_said_follows_the_weight(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = next(part for part in parts() if name in part.weights)
    value = getattr(ranking, name)
    other = ((77, 99),) * len(value) if isinstance(value, tuple) and isinstance(value[0], tuple) else 77
    monkeypatch.setattr(ranking, name, (77,) * len(value) if name == "CAUSE_POINTS" else other)
    after = next(part for part in parts() if name in part.weights)
    assert told(before) != told(after)
    assert "77" in told(after)


def test_nobody_gets_points_for_belonging_to_the_house() -> None:
    """R36: the own organisation is labelled; it weighs nothing, either way."""
    assert not {name for name in ranking.Facts.__dataclass_fields__ if "own" in name or "paid" in name}


def test_it_speaks_english_too() -> None:
    with speaking("en"):
        assert "20 points" in " ".join(map(told, parts()))
