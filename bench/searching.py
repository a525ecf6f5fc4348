"""A page of search results at 10,000 offerings over the API, beside the engine's own time for the same questions."""

import json
import statistics
import time
from itertools import cycle, islice, product
from urllib.parse import urlencode

from bench.network import SECRET, Network
from bench.process import running
from bench.report import Figure
from demo.people import demo_id
from search.engines import engine_for
from search.query import SearchFilters
from worker.open_jobs import rebuild_index

QUESTIONS = 200
TEXTS = ("", "burn-out", "arbeidsdeskundig onderzoek", "tweede spoor", "coachng")
CAUSES = ("", "M01", "X02", "L01")
PLACES = ("", "3511", "9712")


def questions() -> list[dict[str, str]]:
    """Return what people ask: by text, by cause and year, near a place."""
    mixed = product(TEXTS, CAUSES, PLACES)
    asked = [{"q": q, "cause": c, "postcode": p, "sickness_year": "1"} for q, c, p in mixed]
    return [{name: value for name, value in each.items() if value} for each in islice(cycle(asked), QUESTIONS)]


def measure(made: Network) -> list[Figure]:
    """Return the median of a page over the API as a multiple of the engine's own median."""
    database = made.copy("bench_wide")
    settings = made.settings.model_copy(update={"data_dir": made.settings.data_dir / "wide"})
    engine = engine_for(settings)
    rebuild_index(database, engine)
    own, served = [], []
    with running(
        "serve",
        DATABASE_URL=str(database.owner_url),
        PROVIDERBOOG_SECRET_KEY=SECRET,
        PROVIDERBOOG_DATA_DIR=str(settings.data_dir),
    ) as app:
        connection = app.connect()
        for asked in questions():
            query = SearchFilters.model_validate({n: (v,) if n == "cause" else v for n, v in asked.items()}).for_tenant(
                demo_id("organisation:arbo")
            )
            began = time.perf_counter()
            engine.search(query)
            own.append(time.perf_counter() - began)
            began = time.perf_counter()
            connection.request(
                "GET", f"/api/v1/offerings?{urlencode(asked)}", headers={"Authorization": f"Bearer {made.token}"}
            )
            answer = connection.getresponse()
            content = json.loads(answer.read())
            served.append(time.perf_counter() - began)
            if answer.status != 200 or content.get("degraded"):
                raise RuntimeError(f"a search was answered with {answer.status}")
        resident = app.resident_mb()
    database.dispose()
    mine, theirs = statistics.median(served), statistics.median(own)
    return [
        Figure("search page at 10,000 offerings, of the engine's median", mine / theirs, "x", 3),
        Figure("  search page over the API, median", mine * 1000, "ms", 1000),
        Figure("  the engine's own median", theirs * 1000, "ms", 1000),
        Figure("resident memory of the app after searching", resident, "MB", 250),
    ]
