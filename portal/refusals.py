"""A refusal as a page; who is not signed in is shown the way."""

from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from core.errors import Conflict, Invalid, Refusal, Unauthenticated
from portal.page import refuse


def page_of(request: Request, refusal: Refusal) -> Response:
    """Return the page of `refusal`; somebody who is not signed in goes to sign in and comes back afterwards."""
    if isinstance(refusal, Unauthenticated) and request.method == "GET":
        return RedirectResponse(f"/account/sign-in?{urlencode({'next': request.url.path})}", status_code=303)
    possible = refusal.possible if isinstance(refusal, Conflict) else ()
    faults = refusal.errors if isinstance(refusal, Invalid) else ()
    response = refuse(request, refusal.status, refusal.message, possible=possible, faults=faults)
    if refusal.status == 503:
        response.headers["Retry-After"] = "5"
    return response
