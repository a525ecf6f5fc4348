"""What every request passes before it reaches a route: a limit on its size, and its language."""

from collections.abc import Mapping
from http.cookies import SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import TooLarge
from core.hosts import Refuse
from core.language import LANGUAGES, _, speaking

LARGEST_BODY = 10 * 1024 * 1024
LANGUAGE_COOKIE = "taal"


class AnnouncedLimit:
    """Refuses a body that says beforehand to be over the limit, in the words of the door at which it came.

    One that does not say so is counted by the framework while it comes in.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it unread."""
        length = Headers(scope=scope).get("content-length", "0") if scope["type"] == "http" else "0"
        fits = length.isdigit() and int(length) <= LARGEST_BODY
        answer = self.app if fits else self.refuse(scope, TooLarge(_("Dit is te groot: hooguit 10 MB.")))
        await answer(scope, receive, send)


class SpokenLanguage:
    """Answers in the language of the person: as chosen in the portal, else as the client prefers, else Dutch."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the language for the rest of the request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with speaking(preferred(Headers(scope=scope))):
            await self.app(scope, receive, send)


def preferred(headers: Mapping[str, str]) -> str:
    """Return "nl" or "en" from the cookie of the portal or the header Accept-Language."""
    cookie = SimpleCookie(headers.get("cookie", "")).get(LANGUAGE_COOKIE)
    if cookie is not None and cookie.value in LANGUAGES:
        return cookie.value
    wanted = [part.split(";")[0].strip()[:2].lower() for part in headers.get("accept-language", "").split(",")]
    return next((code for code in wanted if code in LANGUAGES), "nl")
