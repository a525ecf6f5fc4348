"""Lets coverage lead the way through one reader: `python -m tests.fuzz.guided READER FOLDER SECONDS`.

A program of its own: the fuzzer changes what it imports and never gives control back. What changes input is the same
as in the suite; half of the time libFuzzer does it, which finds what no mind thinks of.
"""

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["core", "medical", "network", "search", "pypdf"]):
    from tests.fuzz.readers import READERS

LARGEST = 40_000
PATIENCE = 20  # seconds for one input


def main() -> None:
    """Read until the time is over; what is raised ends it, and lies in the folder."""
    name, folder, seconds = sys.argv[1], Path(sys.argv[2]), int(float(sys.argv[3]))
    reader = READERS[name]
    for nth, seed in enumerate(reader.seeds):
        (folder / f"seed-{nth}").write_bytes(seed)

    def read(content: bytes) -> None:
        reader.read(content)

    def change(content: bytes, largest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            changed: bytes = atheris.Mutate(content, largest)
            return changed
        return reader.changed(chance, content)[:largest]

    bounds = (f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-timeout={PATIENCE}", "-rss_limit_mb=2048")
    told = (f"-artifact_prefix={folder}/found-", "-print_final_stats=1")
    atheris.Setup([sys.argv[0], *bounds, *told, str(folder)], read, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
