"""What the wall costs: the same requests with every keeper and without one of them, taking turns in one process.

A keeper is switched off in a copy of the database that is thrown away, and in this process while its turn lasts.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from statistics import median
from unittest.mock import patch

from pydantic import SecretStr
from sqlalchemy import TextClause, make_url, text
from starlette.testclient import TestClient

import core.database
import identity.authentication
from application import build
from bench.network import SECRET, Network
from bench.referrals import body
from bench.report import Figure
from core.database import Database, Door
from core.settings import Settings

ROUNDS, WARM_UP = 60, 5
MOST = 1.5
SWITCH = "set_config('role', :db_role, true)"
NO_POLICIES = text(
    "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relrowsecurity LOOP"
    " EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', t); END LOOP; END $$"
)
AS_THE_ROLE = (
    f"ALTER ROLE providerboog_care LOGIN PASSWORD '{SECRET}'",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO providerboog_care",
)


@dataclass(frozen=True)
class Without:
    """A set of keepers that are switched off."""

    name: str
    policies: bool = False
    switch: bool = False
    audit: bool = False


WAYS = (
    Without("with every keeper"),
    Without("without row-level security", policies=True),
    Without("without the change of role", switch=True),
    Without("without audit", audit=True),
    Without("without any of them", policies=True, switch=True, audit=True),
)


class Served:
    """The app on a copy of its own, with some keepers switched off."""

    def __init__(self, made: Network, without: Without, nth: int) -> None:
        """Copy the base, and switch off what is in the database."""
        self.made, self.without = made, without
        self.database = made.copy(f"bench_wall_{nth}")
        if without.policies:
            self._do(NO_POLICIES)
        if without.switch:
            for statement in AS_THE_ROLE:
                self._do(text(statement))
            self.database = Database(self._settings(), self.database.owner_url)
        uncounted = made.settings.model_copy(update={"limit_factor": 0})
        self.client = TestClient(
            build(uncounted, self.database),
            base_url="http://127.0.0.1",
            headers={"Authorization": f"Bearer {made.token}"},
        )
        self.cases = count()

    def ask(self, path: str) -> float:
        """Make one request and return how many seconds it took; "referral" issues one."""
        with self.switched_off():
            began = time.perf_counter()
            if path == "referral":
                case_id = self.made.case_ids[next(self.cases)]
                answer = self.client.post("/api/v1/referrals", json=body(self.made, case_id))
            else:
                answer = self.client.get(path)
            took = time.perf_counter() - began
        answer.raise_for_status()
        return took

    @contextmanager
    def switched_off(self) -> Iterator[None]:
        """Switch off what is in this process."""
        with ExitStack() as stack:
            if self.without.audit:
                for name in ("append", "append_all"):
                    stack.enter_context(patch(f"identity.audit.{name}", lambda *_about, **_more: None))
            if self.without.switch:
                for module, name in ((core.database, "ENTER"), (identity.authentication, "BY_TOKEN")):
                    stack.enter_context(patch.object(module, name, _staying(getattr(module, name))))
            yield

    def _settings(self) -> Settings:
        address = make_url(str(self.database.owner_url))
        address = address.set(drivername="postgresql", username=Door.CARE.role, password=SECRET)
        return self.made.settings.model_copy(
            update={"database_care_url": SecretStr(address.render_as_string(hide_password=False))}
        )

    def _do(self, statement: TextClause) -> None:
        with self.database.owner.begin() as connection:
            connection.execute(statement)


def _staying(statement: TextClause) -> TextClause:
    """Return a statement that lets somebody in without a change of role."""
    return text(statement.text.replace(SWITCH, "CAST(:db_role AS text)"))


def measure(made: Network) -> list[Figure]:
    """Return for each kind of request how long it takes beside the same without keepers, one and all of them."""
    served = [Served(made, without, nth) for nth, without in enumerate(WAYS)]
    figures = []
    for name, path in REQUESTS:
        took: list[list[float]] = [[] for _way in WAYS]
        for _round in range(WARM_UP + ROUNDS):
            for each, into in zip(served, took, strict=True):
                into.append(each.ask(path))
        whole, *others = (each[WARM_UP:] for each in took)
        figures.append(Figure(f"{name}, with every keeper", median(whole) * 1000, "ms"))
        for without, other in zip(WAYS[1:], others, strict=True):
            ratio = median(mine / theirs for mine, theirs in zip(whole, other, strict=True))
            goal = MOST if without == WAYS[-1] else None
            figures.append(Figure(f"  of the same {without.name}", ratio, "x", goal))
    for each in served:
        each.database.dispose()
    return figures


REQUESTS = (
    ("cost of the wall: the worklist", "/api/v1/referrals/worklist"),
    ("cost of the wall: all referrals", "/api/v1/referrals"),
    ("cost of the wall: a referral issued", "referral"),
)
