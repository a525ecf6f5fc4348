"""Every page and call of the medical side that shows something of an employee's health leaves an event about him.

The routes are walked, so that a new one is covered by itself: it fails here until it records, or until the walk knows
what to put into its address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from sqlalchemy import text

from application import build
from cases.tables import ConsentScope
from core.clock import today
from core.database import Database, Door
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.reports import report_on_referral
from medical.referrals.run import schedule_referral, start_referral
from tests.billing.office import DESCRIPTION, OPEN, PROVIDER_NUMBER, Office, Sick
from tests.house.test_routes import dependants
from tests.medical.stage import report_form
from tests.wall.walk import Call, Visitor, found_in, lets_in
from tests.world import World

FEWEST = {Role.PHYSICIAN: 15, Role.DELEGATE: 12, Role.SECRETARY: 4, Role.PROVIDER: 8, Role.EMPLOYEE: 5}
"""How many routes show each role something of the employee at the least, or the walk has lost its way."""

PLACE = re.compile(r"{(\w+)[^}]*}")
ELSEWHERE = "00000000-0000-4000-8000-000000000000"
SINCE = text("SELECT coalesce(max(seq), 0) FROM identity.audit_event")
ABOUT = text("SELECT count(*) FROM identity.audit_event WHERE seq > :since AND data_subject_id = :employee")
CONTENT = text("SELECT to_jsonb(e)::text FROM identity.audit_event e WHERE tenant_id = :tenant")


@dataclass
class Known:
    """An employee of whom something of everything is known, and the words that tell it."""

    office: Office
    sick: Sick
    actors: dict[Role, Actor]
    places: dict[str, str]
    needles: frozenset[str] = field(default_factory=frozenset)


@pytest.fixture
def known(world: World) -> Known:
    """An employee who was judged and referred twice, with a report and two invoices: one to judge, one released."""
    office = Office(world)
    employer = office.employer()
    sick = office.sick(employer, ConsentScope.REPORT_BACK)
    referred = office.referred(sick)
    waiting = office.send(office.invoice(referred)).id
    office.supply(referred)
    with office.care(office.provider) as session:
        schedule_referral(session, office.provider, referred.id, today() + timedelta(days=2))
        start_referral(session, office.provider, referred.id)
        report_on_referral(session, office.provider, referred.id, report_form("Kanarie-klacht"))
    other = office.issued(sick, OPEN)
    actors = {
        Role.PHYSICIAN: office.physician,
        Role.DELEGATE: world.actor(Role.DELEGATE, employers=(employer.organisation_id,)),
        Role.SECRETARY: office.secretary,
        Role.PROVIDER: office.provider,
        Role.EMPLOYEE: sick.actor,
    }
    places = {
        "referral_id": str(referred.id),
        "case_id": str(sick.case_id),
        "invoice_id": str(waiting),
        "number": referred.number,
        "scope": "provider",
        "nr": "1",
    }
    words = {referred.number, other.number, "Kanarie-doel", "Kanarie-vraag", "Kanarie-klacht", DESCRIPTION}
    return Known(office, sick, actors, places, frozenset(words | {PROVIDER_NUMBER}))


def routes(app: FastAPI, role: Role) -> Iterator[RouteContext]:
    """Yield the routes of the medical side that `role` may read."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and "GET" in (route.methods or ()):
            doors = {getattr(each.call, "door", None) for each in dependants(route.dependant)}
            if Door.CARE in doors and lets_in(route, role):
                yield route


@pytest.mark.parametrize("role", FEWEST)
def test_whatever_shows_health_leaves_an_event_about_the_employee(database: Database, known: Known, role: Role) -> None:
    """R27, R68: who, when, on what ground, about whom; and never the content."""
    app = build(database.settings, database)
    visitor, shown, silent = Visitor(app, known.actors[role]), 0, []
    with database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        for route in routes(app, role):
            path = PLACE.sub(lambda place: known.places.get(place[1], ELSEWHERE), route.path_format or "")
            since = owner.execute(SINCE).scalar_one()
            answer = visitor.ask(Call("GET", path))
            assert answer.status_code < 500, path
            if answer.status_code != 200 or not found_in(answer, known.needles, path):
                continue
            shown += 1
            employee = {"since": since, "employee": known.sick.employee_id}
            if not owner.execute(ABOUT, employee).scalar_one():
                silent.append(path)
        events = "\n".join(owner.execute(CONTENT, {"tenant": known.office.world.tenant_id}).scalars())
    assert silent == []
    assert shown >= FEWEST[role]
    assert [needle for needle in known.needles if needle in events] == []
