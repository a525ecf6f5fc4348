"""One sentence that survives a redirect ("De verwijzing is verstuurd"), in a cookie that the next page takes away.

The sentence stands in the browser until then, so it never holds anything about somebody's health.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import RedirectResponse, Response

COOKIE = "melding"
LONGEST = 300
WELL, NOT_WELL = "+", "-"


@dataclass(frozen=True)
class Message:
    """What the last act left behind: a sentence, and whether the act went well."""

    text: str
    went_well: bool = True

    @property
    def kind(self) -> str:
        """The kind of notice in which it stands."""
        return "success" if self.went_well else "warning"


def redirect(request: Request, url: str, message: str = "", *, went_well: bool = True) -> RedirectResponse:
    """Send the person to `url` with GET (303) and let the page there show `message` once."""
    response = RedirectResponse(url, status_code=303)
    if message:
        said = (WELL if went_well else NOT_WELL) + message[:LONGEST]
        text = urlsafe_b64encode(said.encode()).decode()
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, text, max_age=60, httponly=True, samesite="lax", secure=secure)
    return response


def message_of(request: Request) -> Message | None:
    """Return what the last act left behind, or nothing; a tampered cookie counts as nothing."""
    text = request.cookies.get(COOKIE, "")
    try:
        said = urlsafe_b64decode(text.encode()).decode()
    except ValueError:
        return None
    return Message(said[1 : LONGEST + 1], said.startswith(WELL)) if said else None


def forget(response: Response) -> None:
    """Take the sentence away, now that it has been shown."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
