"""A refusal as a page; who is not signed in is shown the way."""

from urllib.parse import urlencode, urlsplit

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from core.errors import Conflict, Invalid, Refusal, Unauthenticated, retry_after
from identity.guard import StepUp
from portal.page import refuse

SECOND_STEP = "/account/tweede-stap"


def page_of(request: Request, refusal: Refusal) -> Response:
    """Return the page of `refusal`; somebody who is not signed in, or not lately enough, does so and comes back."""
    if isinstance(refusal, StepUp):
        return RedirectResponse(f"{SECOND_STEP}?{urlencode({'next': _way_back(request)})}", status_code=303)
    if isinstance(refusal, Unauthenticated) and request.method == "GET":
        return RedirectResponse(f"/account/sign-in?{urlencode({'next': request.url.path})}", status_code=303)
    possible = refusal.possible if isinstance(refusal, Conflict) else ()
    faults = refusal.errors if isinstance(refusal, Invalid) else ()
    response = refuse(request, refusal.status, refusal.message, possible=possible, faults=faults)
    response.headers.update(retry_after(refusal))
    return response


def _way_back(request: Request) -> str:
    """Return where somebody comes back to: the page that he asked for, or that from which he sent a form."""
    came_from = urlsplit(request.headers.get("referer", ""))
    asked = request.url if request.method == "GET" else came_from
    return f"{asked.path or '/'}?{asked.query}" if asked.query else asked.path or "/"
