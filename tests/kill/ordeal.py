"""One ordeal: people work, and at random moments something is killed, cut, stalled or soured, round after round."""

import http.client
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Thread

from tests.kill.holds import everything_holds, settle
from tests.kill.load import Journal, People
from tests.kill.town import ACTS, FULL, Town, small_disk, town


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
    with small_disk() as disk, town(disk or folder) as place:
        acts = (*ACTS, FULL) if disk else ACTS
        journal = Journal()
        people = People(place, journal)
        people.start()
        time.sleep(1)
        for number in range(rounds):
            place.hurt(acts[number] if number < len(acts) else chance.choice(acts), chance)
            time.sleep(chance.uniform(0.1, longest_pause))
        assert people.finish(60), f"seed {seed}: somebody never got an answer"
        left = settle(place, 60)
        assert left == [], f"seed {seed}: {left}"
        everything_holds(place, journal)
        leaves_in_good_order(place)
        return Outcome(seed, Counter(place.done), journal, place.letters.taken)


def leaves_in_good_order(place: Town) -> None:
    """Ask app and worker to stop: what is under way is answered first, and both end within their time."""
    answers: list[int] = []
    asking = [Thread(target=lambda: answers.append(ask(place, "/account/sign-in"))) for _each in range(8)]
    for each in asking:
        each.start()
    time.sleep(0.02)
    assert place.stop(place.app) < 25
    for each in asking:
        each.join(15)
    assert set(answers) <= {0, 200}  # 0: it came when the door was shut already, and knows so
    assert place.stop(place.worker) < 25
    assert (place.app.returncode, place.worker.returncode) == (0, 0) if place.app and place.worker else False


def ask(place: Town, path: str) -> int:
    """Return with which status a page was answered; 0 where nobody listened, -1 for an answer that broke off."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=20)
    try:
        connection.request("GET", path)
    except OSError:
        return 0
    try:
        answer = connection.getresponse()
        answer.read()
    except (http.client.RemoteDisconnected, ConnectionResetError):
        return 0
    except (OSError, http.client.HTTPException):
        return -1
    finally:
        connection.close()
    return answer.status
