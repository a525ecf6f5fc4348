"""`make kill`: the ordeal for as many rounds as one likes; prints its seed, so that it can be repeated."""

import argparse
import sys
from pathlib import Path
from secrets import randbelow
from tempfile import TemporaryDirectory

from tests.kill.back_in_time import back_in_time
from tests.kill.ordeal import ordeal


def main() -> None:
    """Go through the ordeal."""
    parser = argparse.ArgumentParser(prog="make kill", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=randbelow(1_000_000))
    parser.add_argument("--back-in-time", action="store_true", help="instead, restore to a point in time")
    options = parser.parse_args()
    if options.back_in_time:
        print(back_in_time())  # noqa: T201 -- the answer itself
        return
    sys.stderr.write(f"seed {options.seed}\n")
    with TemporaryDirectory(prefix="kill-") as folder:
        print(ordeal(Path(folder), options.rounds, options.seed))  # noqa: T201 -- the answer itself


if __name__ == "__main__":
    main()
