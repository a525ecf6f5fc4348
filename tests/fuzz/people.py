"""The ten roles around one employee, each asking over HTTP; every word that they write is one of ours to look for."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx2 import Response

from cases.tables import AbsenceCase
from core.clock import today
from core.database import Database
from identity.roles import Role
from tests.billing.office import PRICE, Office
from tests.fuzz.model import ACTS, MANDATED, About, Issued, Referral, Sent
from tests.wall.walk import TAXONOMY, Call, Visitor, calls, looked_through
from tests.wall.written import Needles
from tests.world import World
from worker.medical_jobs import consent_withdrawn

OPEN_ROLES = (Role.EMPLOYER, Role.INSURER, Role.CASE_MANAGER, Role.NETWORK_MANAGER, Role.AUDITOR)
PLACE = re.compile(r"\{[^}]+\}")
UNITS = 2


class People:
    """One arbodienst with everybody who has to do with it, signed in; employees come one by one."""

    def __init__(self, database: Database, app: FastAPI) -> None:
        self.database, self.app, self.office = database, app, Office(World(database))
        office = self.office
        self.employer = office.employer()
        mine = (self.employer.organisation_id,)
        self.delegate = office.world.actor(Role.DELEGATE, employers=mine)
        actors = (
            office.physician, self.delegate, office.secretary, office.provider, self.employer,
            office.insurer(self.employer), office.case_manager(self.employer),
            office.world.actor(Role.NETWORK_MANAGER), office.world.actor(Role.AUDITOR),
        )  # fmt: skip
        self.visitors = {actor.role: Visitor(app, actor) for actor in actors}
        self.rooms = {role: self._rooms(role) for role in OPEN_ROLES}

    def _rooms(self, role: Role) -> list[str]:
        found = {call.route for call in calls(self.app, (uuid4(),), role, refused=False) if call.method == "GET"}
        return sorted(found - {*TAXONOMY, "", "/account/demo"})

    def say(self, role: Role, method: str, path: str, body: Any = None) -> Response:
        """Make a call of the API."""
        visitor = self.visitors[role]
        return visitor.client.request(method, f"/api/v1{path}", headers=visitor.token, json=body)

    def is_billed(self, invoice_id: str) -> bool:
        """Tell whether an invoice is the employer's."""
        return self.say(Role.EMPLOYER, "GET", f"/invoices/{invoice_id}").status_code == 200

    def without_mandates(self) -> None:
        """Take back what an earlier example left."""
        for each in self.say(Role.PHYSICIAN, "GET", "/mandates?in_force=true").json()["results"]:
            assert self.say(Role.PHYSICIAN, "DELETE", f"/mandates/{each['id']}").status_code == 204


class Employee:
    """Somebody who is ill, and what is said about him."""

    def __init__(self, people: People) -> None:
        self.people = people
        people.without_mandates()
        body = {"employer_id": str(people.employer.organisation_id), "employee_ref": uuid4().hex[:12]}
        begun = people.say(Role.PHYSICIAN, "POST", "/cases", body | {"first_sick_day": _day(-150), "postcode": "3511"})
        assert begun.status_code == 201, begun.text
        self.case_id: str = begun.json()["id"]
        with people.office.care(people.office.physician) as session:
            case = session.get_one(AbsenceCase, UUID(self.case_id))
            employee_id = case.employee_id
        actor = people.office.world.actor(Role.EMPLOYEE, people.employer.organisation_id, subject_id=employee_id)
        people.visitors[Role.EMPLOYEE] = Visitor(people.app, actor)
        self.words: set[str] = set()
        self.ids = [self.case_id]

    def word(self) -> str:
        """Return a word that nobody wrote before, and that no open role may ever read."""
        word = f"Kanarie-{uuid4().hex[:10]}"
        self.words.add(word)
        return word

    def do(self, name: str, role: Role, about: About) -> Response:
        """Let `role` do something; the job that follows a withdrawal is done as well."""
        method, path = ACTS[name].route.split()
        of = about.id if isinstance(about, Referral | Sent | Issued) else about
        body, place = self._body(name, about), self.case_id if "{case_id}" in path else str(of)
        answer = self.people.say(role, method, PLACE.sub(place, path), body)
        if name == "withdraw consent" and answer.status_code == 204:
            tenant = str(self.people.office.world.tenant_id)
            consent_withdrawn(self.people.database, consent_id=place, tenant_id=tenant)
        if answer.status_code in (200, 201) and answer.content and "id" in answer.json():
            self.ids.append(answer.json()["id"])
        return answer

    def _body(self, name: str, about: About) -> dict[str, Any] | None:
        if name == "refer":
            assert isinstance(about, str)
            offering = str(self.people.office.offering(about))
            asked = {"goal": self.word(), "question": self.word(), "abilities": self.word()}
            return {"case_id": self.case_id, "offering_id": offering, "units": UNITS, "expected_days_saved": 9} | asked
        if name == "invoice":
            assert isinstance(about, Referral)
            line = {"description": self.word(), "date": _day(), "quantity": UNITS, "unit_price_cents": PRICE}
            numbers = {"referral_number": about.number, "invoice_number": self.word(), "invoice_date": _day()}
            return numbers | {"lines": [line | {"vat_rate": self.people.office.vat_rate}]}
        if name == "report":
            return {"clinical": self.word(), "functional": self.word(), "goal_reached": "reached"}
        if name in ("ask", "answer"):
            return {"words": self.word()}
        return self._codes(about).get(name)

    def _codes(self, about: About) -> dict[str, dict[str, Any]]:
        mandate = {"account_email": self.people.delegate.email, "interventions": MANDATED}
        mandate |= {"employer_id": str(self.people.employer.organisation_id)}
        return {
            "judge": {"cause": "M01" if about else "X02", "medical": about},
            "consent": {"scope": about, "form": "written", "given_on": _day()},
            "mandate": mandate | {"valid_from": _day(), "valid_until": _day(30)},
            "decline": {"reason": "contraindication"},
            "schedule": {"date": _day()},
            "complete": {"goal_reached": "reached", "work_resumed": "fully"},
            "withdraw": {"reason": "mistake"},
            "charge": {"month": _day()[:7]},
        }

    def look(self, role: Role, room: str, of: str) -> None:
        """Let an open role open a page or make a call, about one of the things that there are: no word stands in it."""
        call = Call("GET", PLACE.sub(of, room), room)
        answer = self.people.visitors[role].ask(call)
        assert answer.status_code < 500, call
        assert looked_through(answer, Needles(self.words), call.url) == set(), call


def _day(later: int = 0) -> str:
    return (today() + timedelta(days=later)).isoformat()
