"""Referrals on their course, as a closed loop: several people at once issue, answer, plan, begin and report."""

import http.client
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

from bench.clients import percentile
from bench.network import MASTER_KEYS, SECRET, Network
from bench.process import Running, running
from bench.referrals import body
from bench.report import Figure
from core.clock import today

CLIENTS = 8
SECONDS = 60
MOST_MS = 400
LEAST_A_SECOND = 8
"""Whole courses; each is five calls. A network of 300 physicians at their busiest makes one in ten seconds."""

Times = defaultdict[str, list[float]]


def measure(made: Network) -> list[Figure]:
    """Return how many courses a second eight people get through together, and how long each call takes."""
    database = made.copy("bench_course")
    with running(
        "serve",
        DATABASE_URL=str(database.owner_url),
        PROVIDERBOOG_SECRET_KEY=SECRET,
        PROVIDERBOOG_MASTER_KEYS=MASTER_KEYS,
        PROVIDERBOOG_DATA_DIR=str(made.settings.data_dir / "course"),
    ) as app:
        _Client(app, made, count(1_000_000)).until(time.monotonic() + 3)  # it reads in what it needs once
        numbers = count()
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [_Client(app, made, numbers) for _client in range(CLIENTS)]
            found = list(pool.map(lambda client: client.until(began + SECONDS), clients))
        took = time.monotonic() - began
    database.dispose()
    times = {act: [each for part in found for each in part[act]] for act in ("issue", "accept", "report")}
    return [
        Figure(
            f"issue, answer and report, {CLIENTS} clients for {SECONDS} s",
            len(times["report"]) / took,
            "/s",
            LEAST_A_SECOND,
            at_most=False,
        ),
        *(
            Figure(f"  {act}, p{part}", percentile(times[act], part / 100), "ms", MOST_MS if part == 95 else None)
            for act in times
            for part in (50, 95)
        ),
    ]


class _Client:
    """Somebody who refers, and the provider who answers him: each with a connection of his own."""

    def __init__(self, app: Running, made: Network, numbers: "count[int]") -> None:
        self._physician, self._provider = app.connect(), app.connect()
        self._made, self._numbers = made, numbers
        self._times: Times = defaultdict(list)

    def until(self, end: float) -> Times:
        """Go through whole courses until a moment has come."""
        while time.monotonic() < end:
            self._once(next(self._numbers))
        return self._times

    def _once(self, number: int) -> None:
        made = self._made
        asked = body(made, made.case_ids[number % len(made.case_ids)]) | {"goal": f"Opbouwen, meting {number}."}
        referral_id = self._ask(self._physician, made.token, "issue", "/api/v1/referrals", asked)["id"]
        for act, said in (
            ("accept", {}),
            ("schedule", {"date": (today() + timedelta(days=1)).isoformat()}),
            ("start", {}),
            ("report", {"functional": "Kan vier uur per dag werken.", "goal_reached": "partly"}),
        ):
            self._ask(self._provider, made.provider_token, act, f"/api/v1/referrals/{referral_id}/{act}", said)

    def _ask(
        self, connection: http.client.HTTPConnection, token: str, act: str, path: str, said: Mapping[str, object]
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        began = time.perf_counter()
        connection.request("POST", path, json.dumps(said), headers)
        answer = connection.getresponse()
        content = answer.read()
        self._times[act].append(time.perf_counter() - began)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{act} was answered with {answer.status}: {content[:300]!r}")
        told: dict[str, Any] = json.loads(content)
        return told
