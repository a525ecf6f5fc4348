"""Every form proves that it came from a page of ours: a token bound to the cookie of whoever sees the page."""

import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from core.errors import Forbidden, WrongKind
from core.language import _
from identity.authentication import new_secret
from identity.guard import COOKIE, SAFE_METHODS, settings_of
from portal.forms import LARGEST_FIELD, MOST_FIELDS, MOST_FILES

VISITOR = "bezoeker"


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def protect(request: Request) -> None:
    """Give the page its token; refuse a form that another site sent, or whose token does not fit the cookie."""
    expected = token_of(request)
    request.state.csrf_token = expected
    if request.method in SAFE_METHODS:
        return
    if not came_from_here(request):
        raise Forbidden(_("Dit formulier kwam van een andere website."))
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in FORMS:
        raise WrongKind(_("Hier wordt alleen een formulier gelezen."))
    form = await request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES, max_part_size=LARGEST_FIELD)
    sent = form.get("csrf_token")
    if not isinstance(sent, str) or not hmac.compare_digest(sent, expected):
        raise Forbidden(_("Dit formulier is verlopen. Ga terug, laad de pagina opnieuw en verstuur het nog een keer."))


def came_from_here(request: Request) -> bool:
    """Tell whether the browser says that a page of ours sent this; one that says nothing has only its token to show."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def token_of(request: Request) -> str:
    """Return the token for whoever holds the cookie of this request; a first visitor is given one."""
    holder = request.cookies.get(COOKIE) or request.cookies.get(VISITOR)
    if holder is None:
        holder = request.state.new_visitor = new_secret()
    return token_for(request, holder)


def token_for(request: Request, holder: str) -> str:
    """Return the token of forms for whoever holds the cookie `holder`."""
    key = settings_of(request).secret_key.get_secret_value().encode()
    return hmac.new(key, f"form:{holder}".encode(), hashlib.sha256).hexdigest()


def remember_visitor(request: Request, response: Response) -> Response:
    """Let a first visitor keep the cookie to which the token of his form is bound."""
    visitor = getattr(request.state, "new_visitor", None)
    if visitor is not None:
        response.set_cookie(VISITOR, visitor, httponly=True, samesite="lax", secure=settings_of(request).secure_cookies)
    return response
