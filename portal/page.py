"""Pages: one Jinja environment, and the frame (who, where, on which side of the wall) that every page is drawn in."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.errors import FieldError
from core.language import _, language, ngettext, pgettext
from identity.actor import Actor
from portal import flash
from portal.assets import asset_url, script_urls
from portal.figures.bars import share
from portal.figures.netherlands import radius
from portal.presenters import FILTERS
from portal.sides import role_name, sees, side_name, side_of

TEMPLATES = Path(__file__).resolve().parent / "templates"


def content_security_policy(form_targets: Sequence[str] = ()) -> str:
    """Return the policy of every page: nothing is loaded from or sent to anybody else, and nothing inline runs (R73).

    A form may end on a page of `form_targets`, for a browser counts where its answer leads to as well.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            " ".join(("form-action 'self'", *form_targets)),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


# What a page of ours never does, a script that got into it shall not do either; a passkey is asked for by our own.
UNUSED = """
    accelerometer autoplay browsing-topics camera clipboard-read compute-pressure display-capture encrypted-media
    fullscreen gamepad geolocation gyroscope hid idle-detection local-fonts magnetometer microphone midi payment
    picture-in-picture screen-wake-lock serial storage-access usb window-management xr-spatial-tracking
"""
OWN = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY = ", ".join([*(f"{each}=()" for each in UNUSED.split()), *(f"{each}=(self)" for each in OWN)])
# What every answer has beside these stands in `core.headers`.
HEADERS = {
    "Content-Security-Policy": content_security_policy(),
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class NavItem:
    """One place in the navigation of a role; `count` is how much waits there, None where nothing is counted."""

    label: str
    href: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Here:
    """The address of this page, from which the addresses of its neighbours are made."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    def url(self, **changes: str | int | None) -> str:
        """Return this address with parts of the query string replaced; None takes a part away."""
        kept = [(name, value) for name, value in self.query if name not in changes]
        added = [(name, str(value)) for name, value in changes.items() if value is not None]
        return f"{self.path}?{urlencode(kept + added)}" if kept or added else self.path

    def without(self, name: str, value: str) -> str:
        """Return this address without one value of a part that may stand there several times; paging starts again."""
        kept = [pair for pair in self.query if pair != (name, value) and pair[0] != "page"]
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


@dataclass(frozen=True)
class Frame:
    """What every page is drawn in; the macros ask for it with `frame()`."""

    here: Here
    csrf_token: str
    actor: Actor | None
    nav: tuple[NavItem, ...]


_frame: ContextVar[Frame] = ContextVar("frame")


@cache
def environment() -> Environment:
    """Return the one Jinja environment, with every macro of `components/` under the name `ui`."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Looking for changes in some fifty templates for each page would take longer than most of them do.
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.filters.update(FILTERS)
    ui = SimpleNamespace()
    made.globals.update(
        ui=ui,
        frame=_frame.get,
        asset=asset_url,
        scripts=script_urls,
        role_name=role_name,
        share=share,
        map_radius=radius,
    )
    made.install_gettext_callables(_, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    for file in sorted((TEMPLATES / "components").glob("*.html")):
        module = made.get_template(f"components/{file.name}").module
        for name in (name for name in vars(module) if not name.startswith("_")):
            if hasattr(ui, name):
                raise RuntimeError(f"two macros are called {name}")
            setattr(ui, name, getattr(module, name))
    return made


def render(request: Request, template: str | Template, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return the page that `template` draws with `values`, under the headers that keep it safe in the browser.

    The name of the template is relative to `portal/templates`. Raises UndefinedError for a value that was forgotten.
    """
    frame = frame_of(request)
    notice = flash.message_of(request)
    token = _frame.set(frame)
    try:
        html = environment().get_template(template).render(_standing_values(frame, notice) | values)
    finally:
        _frame.reset(token)
    response = HTMLResponse(html, status_code=status, headers=HEADERS | _own_policy(request))
    if notice:
        flash.forget(response)
    return response


def frame_of(request: Request) -> Frame:
    """Return the frame of this request; where the request was stopped early, what it already knew of itself."""
    return Frame(
        here=Here(request.url.path, tuple(request.query_params.multi_items())),
        csrf_token=getattr(request.state, "csrf_token", ""),
        actor=getattr(request.state, "actor", None),
        nav=getattr(request.state, "nav", ()),
    )


def _own_policy(request: Request) -> dict[str, str]:
    app = request.scope.get("app")
    found = getattr(app.state, "page_policy", None) if app else None
    return {"Content-Security-Policy": found} if found else {}


def _standing_values(frame: Frame, notice: flash.Message | None) -> dict[str, object]:
    side = side_of(frame.actor)
    return {
        "actor": frame.actor,
        "nav": frame.nav,
        "csrf_token": frame.csrf_token,
        "here": frame.here,
        "language": language(),
        "side": side,
        "side_name": side_name(side),
        "sees": sees(frame.actor.role) if frame.actor else "",
        "message": notice,
    }


def refuse(
    request: Request,
    status: int,
    reason: str = "",
    possible: Sequence[str] = (),
    faults: Sequence[FieldError] = (),
) -> HTMLResponse:
    """Return the page of a refusal in plain words.

    `possible` are the acts that fit the present state (409), in words; `faults` what is wrong with which field (422).
    """
    known = (TEMPLATES / "errors" / f"{status}.html").is_file()
    template = f"errors/{status}.html" if known else "errors/refused.html"
    return render(request, template, status=status, reason=reason, possible=tuple(possible), faults=tuple(faults))
