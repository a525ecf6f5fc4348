"""How long nonsense is asked: seconds in the suite, minutes by `make fuzz`."""

import os

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
IN_THE_SUITE = not SECONDS
EXAMPLES = 150 if IN_THE_SUITE else 1_000_000
