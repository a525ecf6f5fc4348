"""Asks every operation of the API as every role: `python -m tests.fuzz.asking` with its task on standard input.

A program of its own, for schemathesis brings more along than the suite wants to load.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LIMIT = 300  # findings that are told
CLOSED = {401, 403, 404}


class Asker:
    """One run: what it asked, and what it found."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task
        self.ids: list[str] = task["ids"]
        self.random = random.Random(task["seed"])
        self.requests = 0
        self.pairs: set[tuple[str, str]] = set()
        self.statuses: Counter[str] = Counter()
        self.findings: dict[str, str] = {}
        self.session = requests.Session()

    def run(self) -> dict[str, Any]:
        """Go through every operation as every role, at least once and until the time is over."""
        document = self.session.get(f"{self.task['address']}/openapi.json", timeout=30).json()
        schema = schemathesis.openapi.from_dict(document)
        schema.config.base_url = self.task["address"]
        operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
        until = time.monotonic() + self.task["seconds"]
        rounds = 0
        while rounds == 0 or time.monotonic() < until:
            for operation in operations:
                self.ask_all(operation)
                if rounds and time.monotonic() > until:
                    break
            rounds += 1
        return {
            "requests": self.requests,
            "pairs": len(self.pairs),
            "operations": len(operations),
            "rounds": rounds,
            "statuses": self.statuses,
            "findings": self.findings,
            "would_see": self.would_see(operations),
        }

    def would_see(self, operations: list[Any]) -> list[str]:
        """Return the kinds of fault that are seen when they are there: an answer is made worse, and judged."""
        operation = next(each for each in operations if each.path.endswith("/me") and each.method == "get")
        case = next(iter(self.cases(operation, 1)))
        seen, kept = set(), self.findings
        for status, body in ((500, b"{}"), (418, b"{}"), (200, b"{}"), (200, b"not json")):
            answer = case.call(headers={}, session=self.session, timeout=30)
            answer.status_code, answer.content = status, body
            answer.headers["content-type"] = ["application/json" if body == b"{}" else "text/plain"]
            self.findings = {}
            self.judge(case, answer, "a worse answer", "nobody", {})
            seen |= {said.split(": ")[1] for said in self.findings.values()}
        self.findings = kept
        return sorted(seen)

    def ask_all(self, operation: Any) -> None:
        """Ask one operation as every role: with made-up input where the policy lets the role in, once elsewhere."""
        name = f"{operation.method.upper()} {operation.path}"
        admitted = [who for who in self.task["tokens"] if who in self.task["policy"][name]]
        cases = list(self.cases(operation, self.task["examples"]))
        for case in cases:
            for who in admitted:
                self.ask(case, name, who, admitted=True)
        for who in self.task["tokens"]:
            if who not in admitted and cases:
                self.ask(cases[0], name, who, admitted=False)

    def cases(self, operation: Any, most: int) -> Iterator[Any]:
        """Yield made-up calls; real ids take the place of most made-up ones, so that more is found than nothing."""
        found: list[Any] = []
        every = list(HealthCheck)

        @hypothesis.seed(self.random.randrange(2**32))
        @hypothesis.settings(
            max_examples=most,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=every,
        )
        @hypothesis.given(operation.as_strategy())
        def collect(case: Any) -> None:
            found.append(case)

        collect()
        for case in found[:most]:
            for parameter in case.path_parameters or {}:
                if self.random.random() < 0.8:
                    case.path_parameters[parameter] = self.random.choice(self.ids)
            yield case

    def ask(self, case: Any, name: str, who: str, *, admitted: bool) -> None:
        """Make one call and judge its answer."""
        token = self.task["tokens"][who]
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        case.headers = {key: value for key, value in (case.headers or {}).items() if key.lower() != "authorization"}
        answer = case.call(headers=headers, session=self.session, timeout=30)
        self.requests += 1
        self.pairs.add((who, name))
        self.statuses[str(answer.status_code)] += 1
        if not admitted and answer.status_code not in CLOSED | {413, 415, 422}:
            self.found(name, who, f"the policy does not let this role in, and it got {answer.status_code}")
        if not admitted and answer.status_code == 422 and "json" not in answer.text.lower():
            self.found(name, who, f"who may not do this is told what is wrong with his input: {answer.text[:200]}")
        self.judge(case, answer, name, who, headers)

    def judge(self, case: Any, answer: Any, name: str, who: str, headers: dict[str, str]) -> None:
        """Hold an answer against what is documented of the call."""
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except FailureGroup as group:
            for each in group.exceptions:
                self.found(name, who, f"{type(each).__name__}: {str(each)[:300]}")
        except Failure as each:
            self.found(name, who, f"{type(each).__name__}: {str(each)[:300]}")

    def found(self, name: str, who: str, said: str) -> None:
        """Keep a finding, once for each operation and kind."""
        key = f"{name} {said.partition(':')[0]}"
        if key not in self.findings and len(self.findings) < LIMIT:
            self.findings[key] = f"{who}: {said}"


if __name__ == "__main__":
    json.dump(Asker(json.load(sys.stdin)).run(), sys.stdout)
