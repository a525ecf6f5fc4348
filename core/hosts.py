"""Under which names the house answers: a request for another host is for somebody else."""

from collections.abc import Callable, Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import Misdirected, Refusal
from core.language import _

Refuse = Callable[[Scope, Refusal], ASGIApp]
"""Makes the answer to a request that is refused before it reaches a route."""

PROBES = frozenset({"/healthz", "/readyz"})
"""Whoever watches over the process asks by its address; these two say nothing that depends on the host."""


class KnownHosts:
    """Refuses a request that names no host, several, or one that is not ours, whatever a proxy let through."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], refuse: Refuse) -> None:
        self.app = app
        self._hosts = frozenset(hosts)
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it unread."""
        known = scope["type"] != "http" or scope["path"] in PROBES or self._names_us(scope)
        refusal = Misdirected(_("Onder dit adres is hier niets te vinden."))
        answer = self.app if known else self._refuse(scope, refusal)
        await answer(scope, receive, send)

    def _names_us(self, scope: Scope) -> bool:
        named = [value for name, value in scope["headers"] if name == b"host"]
        return len(named) == 1 and host_in(named[0].decode("latin-1")) in self._hosts


def host_in(authority: str) -> str:
    """Return the name or address in `host:port`, in small letters and without the brackets of IPv6."""
    if authority.startswith("["):
        return authority[1:].partition("]")[0].lower()
    return authority.partition(":")[0].lower()
