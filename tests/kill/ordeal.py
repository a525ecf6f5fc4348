"""One ordeal: people work, and at random moments something is killed, cut, stalled or soured, round after round."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.kill.holds import everything_holds, settle
from tests.kill.load import Journal, People
from tests.kill.town import ACTS, town


@dataclass(frozen=True)
class Outcome:
    """What was done to the house, and what people got done meanwhile."""

    seed: int
    hurt: Counter[str]
    journal: Journal
    letters: Counter[str]

    def __str__(self) -> str:
        done, journal = ", ".join(f"{name} {n}" for name, n in sorted(self.hurt.items())), self.journal
        twice = sum(n - 1 for n in self.letters.values())
        return (
            f"seed {self.seed}: {self.hurt.total()} rounds ({done}); asked {journal.asked}, lost {journal.lost}, busy"
            f" {journal.busy}; resets {journal.resets}; acts {dict(journal.acts)}; "
            f" letters {len(self.letters)} (+{twice} again, same name)"
        )


def ordeal(folder: Path, rounds: int, seed: int, longest_pause: float = 2.0) -> Outcome:
    """Go through it, and see that everything holds; raises AssertionError with the seed when it does not."""
    chance = Random(seed)
    with town(folder) as place:
        journal = Journal()
        people = People(place, journal)
        people.start()
        time.sleep(1)
        for number in range(rounds):
            place.hurt(_next(number, chance), chance)
            time.sleep(chance.uniform(0.1, longest_pause))
        assert people.finish(60), f"seed {seed}: somebody never got an answer"
        left = settle(place, 60)
        assert left == [], f"seed {seed}: {left}"
        everything_holds(place, journal)
        return Outcome(seed, Counter(place.done), journal, place.letters.taken)


def _next(number: int, chance: Random) -> str:
    """Do everything once first, so that a short ordeal leaves nothing out, and then as it comes."""
    return ACTS[number] if number < len(ACTS) else chance.choice(ACTS)
