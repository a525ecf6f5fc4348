"""A portal of nothing but components, to look at and to hold against the accessibility rules."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from uuid import uuid4

from fastapi import FastAPI, Request
from jinja2 import ChoiceLoader, FileSystemLoader
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.clock import today
from core.errors import FieldError
from core.validation import OneLine, Prose
from identity.actor import Actor
from identity.roles import Role
from portal import flash
from portal.assets import Assets
from portal.blocks import Crossing, Event, Recipient, Task, by_term
from portal.figures.bars import Amount, Bars, Part
from portal.figures.netherlands import Spot
from portal.figures.ribbon import Ribbon, Span, Term, TermState
from portal.forms import FormFields, blank, parse
from portal.page import TEMPLATES, NavItem, environment, refuse, render
from portal.typed import Euros, TypedDay

PARTS = ("worklist", "form", "case", "review", "search")
REFUSALS = (403, 404, 409, 413, 422, 500, 503, 405)


class Line(BaseModel):
    """A row of the form."""

    description: Annotated[OneLine, Field(max_length=100)]
    quantity: Annotated[int, Field(ge=1, le=500)]


class Referral(BaseModel, extra="forbid"):
    """A form with a field of every kind."""

    goal: Annotated[OneLine, Field(max_length=200)]
    question: Annotated[Prose, Field(max_length=600)]
    units: Annotated[int, Field(ge=1, le=40)]
    price: Euros
    start: TypedDay | None = None
    cause: Literal["P01", "W02", "W06"]
    medical: Literal["yes", "no"]
    disclosure: Literal["open", "conf"]
    days: list[Literal["mo", "tu", "we"]] = []
    agreed: bool = False
    lines: list[Line]


def actor(role: Role) -> Actor:
    """Return somebody in a role, with a name and an organisation of the length that they have in life."""
    return Actor(
        role=role,
        tenant_id=uuid4(),
        organisation_id=uuid4(),
        email="ba@demo.test",
        name="Fatma Yılmaz-de Vries",
        organisation_name="Arbodienst Noorderlicht",
    )


def sink() -> FastAPI:
    """Return the application: each part for each side of the wall, the refusals, and a form that comes back."""
    environment().loader = ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(Path(__file__).parent / "sink")])
    app = FastAPI()
    app.mount("/static", Assets())

    @app.get("/refused/{status}")
    def refused(request: Request, status: int) -> Response:
        _stand(request, Role.PHYSICIAN)
        possible = ("De verwijzing intrekken", "Een nieuwe afspraak plannen") if status == 409 else ()
        faults = (FieldError("page", "Geef een heel getal, bijvoorbeeld 12."),) if status == 422 else ()
        return refuse(request, status, possible=possible, faults=faults)

    @app.get("/visitor")
    def visitor(request: Request) -> Response:
        return refuse(request, 404)

    @app.get("/done")
    def done(request: Request) -> Response:
        return flash.redirect(request, "/physician/worklist", "De verwijzing is verstuurd.")

    @app.get("/{role}/{part}")
    def show(request: Request, role: Role, part: str) -> Response:
        return _draw(request, role, part)

    @app.post("/{role}/{part}")
    def send(request: Request, role: Role, part: str, data: FormFields) -> Response:
        form = parse(Referral, data)
        return _draw(request, role, part, status=200 if form.value else 422, form=form)

    return app


def _stand(request: Request, role: Role) -> None:
    request.state.actor = actor(role)
    request.state.csrf_token = "token-of-the-test"
    request.state.nav = (
        NavItem("Werklijst", f"/{role}/worklist", 7, current=True),
        NavItem("Zoeken", f"/{role}/search"),
        NavItem("Dossiers", f"/{role}/case", 41),
        NavItem("Verwijzingen", f"/{role}/review", 12),
        NavItem("Rapportages", f"/{role}/form", 0),
        NavItem("Mandaten", f"/{role}/mandates"),
    )


def _draw(request: Request, role: Role, part: str, status: int = 200, **values: object) -> Response:
    _stand(request, role)
    title = {"form": "Doel en vraag", "search": "Zoek een interventie"}.get(part, "Werklijst")
    return render(request, "page.html", status=status, part=f"{part}.html", title=title, **(_values() | values))


def _values() -> dict[str, object]:
    first_day = today() - timedelta(days=7 * 33 + 2)
    return {
        "form": blank(goal="Terug naar 24 uur per week in eigen werk", units=8, cause="W02", days=["mo"]),
        "first_day": first_day,
        "causes": [
            ("P01", "Financiële zorgen of schulden"),
            ("W02", "Werkdruk / te hoge taakeisen"),
            ("W06", "Zware belasting"),
        ],
        "tasks": by_term(_tasks()),
        "events": _events(),
        "ribbon": _ribbon(first_day),
        "bars": _bars(),
        "recipients": _recipients(),
        "crossings": _crossings(),
        "spots": [
            Spot(52.09, 5.12, "Praktijk Utrecht", 1),
            Spot(51.92, 4.48, "Praktijk Rotterdam", 2),
            Spot(52.16, 5.38, "Postcode van de werknemer"),
            Spot(53.22, 6.57, "Praktijk Groningen", 3),
            Spot(50.85, 5.69, "Praktijk Maastricht", 12),
        ],
        "results": [
            ("Coaching bij werkdruk", 12, 3.4, 12500),
            ("Loopbaanbegeleiding: van zwaar naar licht werk", 42, 31.0, 129700),
        ],
    }


def _tasks() -> list[Task]:
    day = today()
    return [
        Task(
            "Beoordeel het advies van de casemanager",
            "/a",
            "Beoordeel",
            "Dossier 2026-0417, Bouwbedrijf Vesting BV",
            since=day - timedelta(days=9),
            due=day - timedelta(days=2),
            tag="Verwijzing in concept",
            tone="side",
        ),
        Task(
            "Rapportage van Praktijk De Brug",
            "/b",
            "Lees",
            "Verwijzing V-2026-0098",
            since=day - timedelta(days=3),
            due=day + timedelta(days=1),
        ),
        Task("Probleemanalyse, week 6", "/c", "Open dossier", since=day, due=day + timedelta(days=20)),
        Task("Vraag van het secretariaat", "/d", "Beantwoord", since=day - timedelta(days=30)),
    ]


def _events() -> tuple[Event, ...]:
    now = datetime(2026, 11, 12, 13, 5, tzinfo=UTC)
    return (
        Event(now, "Geaccepteerd door de provider", "Praktijk De Brug", "Intake op 19 november"),
        Event(now - timedelta(days=1), "Verstuurd aan de provider", "F. Yılmaz-de Vries"),
        Event(now - timedelta(days=4), "Voorbereid", "J. Jansen, casemanager taakdelegatie"),
    )


def _ribbon(first_day: object) -> Ribbon:
    def term(week: int, label: str, state: TermState = TermState.COMING, latest: bool = False) -> Term:
        return Term(week, label, today() + timedelta(weeks=week - 34), state, latest)

    return Ribbon(
        now_week=34,
        terms=(
            term(6, "Probleemanalyse", TermState.DONE),
            term(8, "Plan van aanpak", TermState.DONE),
            term(33, "Bijstelling plan van aanpak", TermState.LATE),
            term(36, "Spreekuur", TermState.SOON),
            term(42, "Melding bij UWV"),
            term(52, "Eerstejaarsevaluatie"),
            term(58, "Laatste start spoor 2", latest=True),
            term(88, "Actueel oordeel vragen"),
            term(91, "Eindevaluatie"),
            term(93, "WIA-aanvraag", latest=True),
        ),
        spans=(
            Span(12, 24, "Coaching"),
            Span(22, 25, "Werkplekonderzoek"),
            Span(30, 44, "Training werkvloer"),
            Span(96, 101, "Begeleiding naar werk"),
        ),
    )


def _bars() -> Bars:
    months = ("juli 2026", "augustus 2026", "september 2026", "oktober 2026", "november 2026")
    values: tuple[tuple[int | None, int | None], ...] = (
        (412000, 90000),
        (129700, 0),
        (618050, 155000),
        (240000, None),
        (None, None),
    )
    parts = (Part("Werkgever", 1), Part("Verzekeraar", 2))
    return Bars(parts, tuple(Amount(m, v, "/maand") for m, v in zip(months, values, strict=True)))


def _recipients() -> tuple[Recipient, ...]:
    return (
        Recipient(
            "Praktijk De Brug",
            "care",
            ("Doel en vraag", "Kenmerk van de werknemer"),
            ("BSN", "Diagnose"),
            "Per beveiligd bericht",
        ),
        Recipient(
            "Bouwbedrijf Vesting BV",
            "open",
            ("Eén regel met een vaste tekst en een bedrag",),
            ("Naam van de provider", "Oorzaak"),
        ),
        Recipient("Verzekeraar Zeker", "open", (), ("Alles: er is geen aanvraag",)),
    )


def _crossings() -> tuple[Crossing, ...]:
    return (
        Crossing("Nummer", "F-2026-118 van Praktijk De Brug", "Wordt het volgende nummer van de arbodienst"),
        Crossing("Omschrijving", "EMDR, 3 sessies met mevr. A.", None),
        Crossing("Periode", "3, 10 en 17 november 2026", "november 2026", "Alleen de maand"),
        Crossing("Regel", None, "Interventies volgens overeenkomst", "Vaste tekst"),
        Crossing("Bedrag", "€ 375,00", "€ 375,00"),
    )
