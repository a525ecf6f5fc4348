"""Somebody with a token, who expects the answer that the documentation promises."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from httpx2 import Client, Response

T = TypeVar("T")
PATIENCE = 20  # seconds that a job may take


@dataclass(frozen=True)
class Caller:
    """Calls the API as one person; every call names the status that it expects and returns the JSON of the answer."""

    client: Client

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """Read."""
        return self._said(self.client.get(path, params=query or None), status)

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        """Act."""
        return self._said(self.client.post(path, json=body), status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        """Replace."""
        return self._said(self.client.put(path, json=body), status)

    def delete(self, path: str, status: int = 204) -> Any:
        """Take back."""
        return self._said(self.client.delete(path), status)

    def send(self, path: str, content: bytes | str, kind: str, status: int = 201) -> Any:
        """Send something that need not be JSON."""
        return self._said(self.client.post(path, content=content, headers={"Content-Type": kind}), status)

    def file(self, path: str) -> Response:
        """Fetch a file."""
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return response

    def _said(self, response: Response, status: int) -> Any:
        assert response.status_code == status, f"{response.status_code} {response.request.url} {response.text}"
        assert response.headers["cache-control"] == "no-store"
        return response.json() if response.content else None


def fields_of(problem: dict[str, Any]) -> set[str]:
    """Return the fields that a problem document names."""
    return {error["field"] for error in problem["errors"]}


def eventually(found: Callable[[], T | None]) -> T:
    """Return what `found` finds once the worker has done its job; fails when it takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        value = found()
        if value is not None:
            return value
        time.sleep(0.25)
    raise AssertionError("the worker did not come to it")
