"""The web application: both doors in one house, with the same refusals and the same safe headers."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Scope

import api.routes
import portal.routes
from api.documented import document
from api.problems import from_http, invalid, is_read_here, problem, wrong_kind
from billing.paying.gateways import pages_outside
from core.database import Database
from core.errors import Refusal, Unavailable
from core.gate import Gate, Line
from core.headers import GuardedCookies, SafeHeaders, SafeRedirects, complete, origin_of
from core.hosts import KnownHosts
from core.http import LARGEST_BODY, AnnouncedLimit, SpokenLanguage
from core.language import _
from core.leaving import in_good_order
from core.outward import Outward
from core.readiness import Readiness
from core.settings import Settings
from core.tracing import FRAMEWORK
from core.watching import Watched
from identity.allowances import Allowances
from identity.guard import public
from identity.once import Answered
from identity.provider_directory import Directory
from portal.page import content_security_policy
from portal.refusals import page_of
from search.engines import engine_for

log = structlog.get_logger()


def build(settings: Settings, database: Database) -> FastAPI:
    """Return the application that serves `database` as `settings` say."""
    app = FastAPI(
        title="Providerboog",
        version="0.1.0",
        description="The provider network of Dutch occupational health: referral, invoicing and the wall between.",
        docs_url=None,
        redoc_url=None,
        telemetry=FRAMEWORK,
        lifespan=in_good_order,
    )
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    app.state.settings = settings
    app.state.database = database
    app.state.search = engine_for(settings)
    app.state.readiness = Readiness(database, app.state.search.is_ready)
    key = settings.secret_key.get_secret_value()
    app.state.allowances = Allowances(lambda: database.counting, key, settings.limit_factor)
    app.state.directory = Directory(settings.oidc, Outward(loopback=settings.oidc_loopback))
    app.include_router(api.routes.router)
    portal.routes.install(app)
    app.add_api_route("/healthz", healthz, include_in_schema=False)
    app.add_api_route("/readyz", readyz, include_in_schema=False)
    for fault, handler in HANDLERS.items():
        app.add_exception_handler(fault, handler)
    # The limit of FastAPI itself would stand outside of these, and answer in plain text without the safe headers.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(Gate, line=Line(settings.room, settings.line_length, settings.line_seconds), refuse=refuse_early)
    app.add_middleware(AnnouncedLimit, refuse=refuse_early)
    app.add_middleware(KnownHosts, hosts=settings.known_hosts, refuse=refuse_early)
    app.add_middleware(SpokenLanguage)
    if settings.secure_cookies:
        app.add_middleware(GuardedCookies)
    outside = pages_outside(settings)
    app.state.page_policy = content_security_policy(outside)
    elsewhere = (origin_of(each.issuer) for each in settings.oidc)
    app.add_middleware(SafeRedirects, origins=(origin_of(settings.base_url), *outside, *elsewhere))
    app.add_middleware(SafeHeaders, over_tls=settings.over_tls)
    app.add_middleware(Watched)
    return app


@public
def healthz() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "ok"}


@public
def readyz(request: Request) -> Response:
    """Say whether requests can be served, and what that waits for; without its index search asks the database."""
    readiness: Readiness = request.app.state.readiness
    waits_for = readiness.waits_for()
    if waits_for is not None:
        log.warning("not_ready", waiting_for=waits_for)
        return JSONResponse({"status": "unavailable", "waiting_for": waits_for}, 503, {"Retry-After": "2"})
    return JSONResponse({"status": "ready", "search": "index" if readiness.searches() else "database"})


def answer(request: Request, refusal: Refusal) -> Response:
    """Return a refusal in the form of the door at which it was asked."""
    if request.url.path.startswith("/api/"):
        return problem(refusal)
    return page_of(request, refusal)


def refuse_early(scope: Scope, refusal: Refusal) -> ASGIApp:
    """Refuse a request before any route has seen it."""
    return answer(Request(scope), refusal)


def on_refusal(request: Request, fault: Exception) -> Response:
    """A room refused."""
    if not isinstance(fault, Refusal):
        raise fault
    return answer(request, fault)


def on_invalid(request: Request, fault: Exception) -> Response:
    """The input does not have the form that the route asks for."""
    if not isinstance(fault, RequestValidationError):
        raise fault
    return answer(request, invalid(fault) if is_read_here(request) else wrong_kind())


def on_answered(_request: Request, fault: Exception) -> Response:
    """The same act was done before; its client gets the answer that got lost."""
    if not isinstance(fault, Answered):
        raise fault
    headers = {"Idempotent-Replayed": "true"}
    return Response(fault.answer.body, fault.answer.status, headers, media_type="application/json")


def on_http(request: Request, fault: Exception) -> Response:
    """The framework itself refused: no such path or method."""
    if not isinstance(fault, HTTPException):
        raise fault
    response = answer(request, from_http(fault))
    response.headers.update(fault.headers or {})
    return response


def on_busy(request: Request, fault: Exception) -> Response:
    """The database does not answer, or every connection is in use."""
    log.warning("database_unavailable", kind=type(fault).__name__)
    return answer(request, Unavailable(_("Het systeem is even niet bereikbaar. Probeer het zo weer.")))


def on_fault(request: Request, fault: Exception) -> Response:
    """A mistake of ours: the log gets its kind and place, never its words, for these may hold what was typed."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    log.error(
        "fault",
        kind=type(fault).__name__,
        file=place.tb_frame.f_code.co_filename if place else None,
        line=place.tb_lineno if place else None,
        route=getattr(request.scope.get("route"), "path", None),
    )
    refusal = Refusal(_("Er ging iets mis bij ons. Er is niets opgeslagen."), code="fault")
    refusal.status = 500
    response = answer(request, refusal)
    # What catches everything stands around the rest, where nobody else completes its answer.
    complete(response.headers, request.app.state.settings.over_tls)
    return response


HANDLERS: dict[Any, Any] = {
    Refusal: on_refusal,
    Answered: on_answered,
    RequestValidationError: on_invalid,
    HTTPException: on_http,
    OperationalError: on_busy,
    PoolTimeout: on_busy,
    Exception: on_fault,
}
