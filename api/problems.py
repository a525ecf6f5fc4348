"""Refusals of the JSON door as problem documents (RFC 9457)."""

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    Unauthenticated,
    Unavailable,
    WrongKind,
    retry_after,
)
from core.language import _
from core.validation import field_errors

MEDIA_TYPE = "application/problem+json"
JSON = "application/json"
BY_STATUS: dict[int, type[Refusal]] = {401: Unauthenticated, 403: Forbidden, 404: NotFound, 503: Unavailable}


def problem(refusal: Refusal) -> JSONResponse:
    """Return `refusal` as a problem document; one with fields lists them, a conflict lists the possible acts."""
    body: dict[str, Any] = {
        "type": f"urn:providerboog:{refusal.code}",
        "title": title(refusal.status),
        "status": refusal.status,
        "detail": refusal.message,
        "code": refusal.code,
    }
    if isinstance(refusal, Invalid):
        body["errors"] = [{"field": error.field, "message": error.message} for error in refusal.errors]
    if isinstance(refusal, Conflict):
        body["possible"] = list(refusal.possible)
    headers = retry_after(refusal)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status_code=refusal.status, media_type=MEDIA_TYPE, headers=headers)


def title(status: int) -> str:
    """Return in a few words what a status means."""
    return {
        400: _("Dit verzoek is niet te begrijpen"),
        401: _("Niet aangemeld"),
        403: _("Niet toegestaan"),
        404: _("Niet gevonden"),
        405: _("Deze methode bestaat hier niet"),
        409: _("Dit past niet bij de stand van nu"),
        413: _("Te groot"),
        415: _("Dit soort gegevens wordt hier niet gelezen"),
        421: _("Dit adres is niet van hier"),
        422: _("De invoer klopt niet"),
        429: _("Te veel verzoeken"),
        500: _("Er ging iets mis"),
        503: _("Nu niet beschikbaar"),
    }.get(status, _("Geweigerd"))


def invalid(fault: RequestValidationError) -> Invalid:
    """Return what FastAPI found wrong with a request as one refusal with every fault."""
    return Invalid(_("Kijk de gemarkeerde velden na."), field_errors(fault.errors()))


def is_read_here(request: Request) -> bool:
    """Tell whether the route reads the kind of body that was sent, which decides between 415 and 422."""
    body = getattr(request.scope.get("route"), "body_field", None)
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    read = getattr(body.field_info, "media_type", JSON) if body else sent
    return not sent or sent == read or (read == JSON and sent.endswith("+json"))


def wrong_kind() -> WrongKind:
    """Return the refusal of a body of a kind that the route does not read."""
    return WrongKind(_("Dit soort gegevens wordt hier niet gelezen."))


def from_http(fault: HTTPException) -> Refusal:
    """Return a refusal of the framework itself (no such path, no such method) in our own words."""
    refusal = BY_STATUS.get(fault.status_code, Refusal)(title(fault.status_code))
    refusal.status = fault.status_code
    return refusal
