"""No redirect leads to somebody else's site, whatever was asked."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.responses import RedirectResponse
from starlette.types import Message

from core.headers import SafeRedirects, stays_within
from identity.roles import Role
from tests.wall.walk import Visitor

EVIL = (
    "https://elsewhere.example",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "javascript:alert(1)",
    "http:elsewhere.example",
)


@pytest.mark.parametrize("evil", EVIL)
def test_signing_in_and_the_choice_of_language_lead_home(visitor: Callable[[Role], Visitor], evil: str) -> None:
    somebody = visitor(Role.PHYSICIAN)
    fields = {"csrf_token": somebody.form_token(), "language": "nl", "next": evil}
    answer = somebody.client.post("/account/language", data=fields)
    assert answer.headers["location"] == "/"


def led(target: str) -> str:
    """Return where a route leads that forgot to look at its target."""
    sent: list[Message] = []
    safe = SafeRedirects(RedirectResponse(target), ("https://portal.example", "https://checkout.stripe.com"))

    async def run() -> None:
        async def send(message: Message) -> None:
            sent.append(message)

        await safe({"type": "http", "headers": []}, None, send)  # type: ignore[arg-type]

    # In a thread of its own: where a browser was driven, a loop runs in this one.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(run())).result()
    location: bytes = dict(sent[0]["headers"])[b"location"]
    return location.decode()


@pytest.mark.parametrize("evil", [*EVIL, "https://portal.example@elsewhere.example", "https://portal.example.nl/"])
def test_a_route_that_forgets_leads_to_the_front_door(evil: str) -> None:
    assert stays_within(led(evil))


@pytest.mark.parametrize("good", ["/arts", "/a?b=c#d", "https://portal.example/x", "https://checkout.stripe.com/c/pay"])
def test_a_route_may_lead_within_and_to_who_works_with_us(good: str) -> None:
    assert led(good) == good
