"""A mark of everything that decides how the server indexes; an index with another mark is not read."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from network import taxonomy
from search import analysis, ranking
from search.document import TRAVEL_STEPS_KM
from search.remote.entry import VERSION

FILES = (
    Path(__file__).parent / "index.json",
    *(analysis.DATA / name for name in ("stopwords.txt", "compounds.txt")),
    *(taxonomy.DATA / name for name in ("causes.csv", "interventions.csv", "pc4.csv")),
)


@cache
def fingerprint() -> str:
    """Return the mark: 16 hexadecimal digits."""
    digest = sha256(repr((VERSION, ranking.WAIT_POINTS, ranking.OUTCOME_POINTS, TRAVEL_STEPS_KM)).encode())
    for file in FILES:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
