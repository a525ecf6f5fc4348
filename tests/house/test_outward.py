"""Whoever calls out of the house is on this list, with where the address comes from: never from what somebody typed."""

import ast
from collections.abc import Iterator

from tests.house.sources import ROOT, modules

CAN_CALL = (
    "aiohttp", "ftplib", "http.client", "httpx", "httpx2", "imaplib", "meilisearch", "paramiko", "poplib", "requests",
    "smtplib", "socket", "stripe", "urllib.request", "urllib3", "webbrowser", "xmlrpc", "opentelemetry.exporter",
)  # fmt: skip
CALLERS = {
    "core/mail.py": "SMTP_URL",
    "core/tracing.py": "PROVIDERBOOG_TRACES_URL",
    "search/remote/server.py": "MEILISEARCH_URL",
    "billing/paying/gateway_stripe.py": "Stripe, or PROVIDERBOOG_STRIPE_API_URL",
    "billing/paying/gateway_events.py": "nowhere: it checks signatures",
    "core/outward.py": "the identity providers that an arbodienst set, each looked at before it is called",
}
OUTSIDE = ("bench", "demo")
"""Not part of what serves people."""


def called(tree: ast.Module) -> Iterator[str]:
    """Yield every module that is imported, also by its name as a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{each.name}" for each in node.names))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def test_whoever_can_call_out_is_on_the_list() -> None:
    found = {
        file.relative_to(ROOT).as_posix()
        for file, tree in modules().items()
        for name in called(tree)
        if any(name == each or name.startswith(f"{each}.") for each in CAN_CALL)
    }
    found = {name for name in found if name.partition("/")[0] not in OUTSIDE}
    assert found - set(CALLERS) == set()
    assert len(found) >= 5


def test_nobody_on_the_list_takes_an_address_from_a_request() -> None:
    for name in CALLERS:
        if (ROOT / name).exists():
            tree = modules()[ROOT / name]
            assert [each for each in called(tree) if each.startswith(("fastapi", "starlette"))] == [] or (
                name == "core/tracing.py"
            ), name
