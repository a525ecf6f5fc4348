"""One sentence that survives a redirect ("De verwijzing is verstuurd"), in a cookie that the next page takes away.

The sentence stands in the browser until then, so it never holds anything about somebody's health.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

COOKIE = "melding"
LONGEST = 300


def redirect(request: Request, url: str, message: str = "") -> RedirectResponse:
    """Send the person to `url` with GET (303) and let the page there show `message` once."""
    response = RedirectResponse(url, status_code=303)
    if message:
        text = urlsafe_b64encode(message[:LONGEST].encode()).decode()
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, text, max_age=60, httponly=True, samesite="lax", secure=secure)
    return response


def message_of(request: Request) -> str:
    """Return the sentence that the last act left behind, or nothing; a tampered cookie counts as nothing."""
    text = request.cookies.get(COOKIE, "")
    try:
        return urlsafe_b64decode(text.encode()).decode()[:LONGEST]
    except ValueError:
        return ""


def forget(response: Response) -> None:
    """Take the sentence away, now that it has been shown."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
