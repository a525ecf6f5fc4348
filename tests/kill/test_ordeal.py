"""The short form of the ordeal; `make kill ARGS="--rounds 100 --seed 7"` is the long one."""

import pytest

from tests.kill.ordeal import ordeal
from tests.kill.town import ACTS

SEED = 20261122


@pytest.mark.timeout(420)
def test_nothing_is_lost_and_nothing_is_doubled(tmp_path_factory: pytest.TempPathFactory) -> None:
    outcome = ordeal(tmp_path_factory.mktemp("kill"), len(ACTS) + 1, SEED, longest_pause=1.0)
    print(outcome)  # noqa: T201 -- the figures, for who runs it with -s
    assert set(outcome.hurt) >= set(ACTS)
    assert outcome.journal.acts["referral"] > 0
    assert outcome.journal.acts["run"] > 0
