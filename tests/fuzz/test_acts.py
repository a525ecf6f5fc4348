"""Ten roles who do whatever comes to mind, in any order, over HTTP, held against a small model of who may do what."""

import sys
import time
from collections import Counter
from typing import Any, ClassVar
from uuid import uuid4

import hypothesis.strategies as st
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from application import build
from core.database import Database
from identity.roles import Role
from tests.fuzz.budget import IN_THE_SUITE, SECONDS
from tests.fuzz.model import ACTS, About, Issued, Model
from tests.fuzz.people import OPEN_ROLES, Employee, People
from tests.wall.walk import lets_in, looked_through
from tests.wall.written import Needles

pytestmark = pytest.mark.timeout(7_200)

PEOPLE = [role for role in Role if role is not Role.SYSTEM]
STEPS, EXAMPLES, LOOKS = (55, 3, 1) if IN_THE_SUITE else (60, 20, 4)


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    """The whole application."""
    return build(database.settings, database)


@pytest.fixture(scope="module")
def people(database: Database, app: FastAPI) -> People:
    """Everybody, once: what one example does must not decide what another may."""
    return People(database, app)


class Acts(RuleBasedStateMachine):
    """One employee, and everything that can be done about him."""

    people: ClassVar[People]
    done: ClassVar[Counter[tuple[str, bool]]]

    def __init__(self) -> None:
        super().__init__()
        self.employee, self.model = Employee(self.people), Model()

    @rule(data=st.data())
    def somebody_goes_on(self, data: st.DataObject) -> None:
        """Do what the model says can be done, as somebody who may."""
        fitting = {name: found for name in ACTS if (found := self._fitting(name))}
        name = data.draw(st.sampled_from([*fitting]), "act")
        self._do(name, *data.draw(st.sampled_from(fitting[name]), "who, about what"), data)

    @rule(data=st.data())
    def somebody_tries(self, data: st.DataObject) -> None:
        """Do what cannot be done now, as somebody who may at other times; or what can, and changes nothing."""
        trying = {name: found for name in ACTS if (found := self._fitting(name, well=False))}
        name = data.draw(st.sampled_from([*trying]), "act")
        self._do(name, *data.draw(st.sampled_from(trying[name]), "who, about what"), data)

    def _fitting(self, name: str, *, well: bool = True) -> list[tuple[Role, About]]:
        who = [role for role in PEOPLE if role in ACTS[name].who]
        pairs = [(role, about) for about in self.model.subjects(name) for role in who]
        return [(role, about) for role, about in pairs if self._goes_on(name, role, about) is well]

    def _goes_on(self, name: str, role: Role, about: About) -> bool:
        return max(self.model.expected(name, role, about)) < 400 and self.model.changes(name, about)

    def _do(self, name: str, role: Role, about: About, data: st.DataObject) -> None:
        expected = self.model.expected(name, role, about)
        answer = self.employee.do(name, role, about)
        assert answer.status_code in expected, (name, role, about, expected, answer.status_code, answer.text)
        self.done[name, answer.status_code < 400] += 1
        if answer.status_code < 400:
            said: Any = answer.json() if answer.content else None
            self.model.happened(name, role, about, said)
            if name == "charge":
                self.model.issued += [Issued(each) for each in said["invoices"] if self.people.is_billed(each)]
        for _nth in range(LOOKS):
            looker = data.draw(st.sampled_from(OPEN_ROLES), "who looks")
            room = data.draw(st.sampled_from(self.people.rooms[looker]), "where")
            self.employee.look(looker, room, data.draw(st.sampled_from(self.employee.ids), "of what"))


def run(people: People, done: Counter[tuple[str, bool]], *, by_chance: bool) -> None:
    """Play some examples; those of the suite are the same each time."""
    run_state_machine_as_test(
        type("Here", (Acts,), {"people": people, "done": done}),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            derandomize=not by_chance,
            phases=[Phase.generate] if IN_THE_SUITE else [Phase.generate, Phase.shrink],
            suppress_health_check=[*HealthCheck],
        ),
    )


def test_whoever_does_whatever(people: People) -> None:
    """R1, R2, R7, R18, R23, R24, R39: refusals are those of the model, and no word crosses."""
    done: Counter[tuple[str, bool]] = Counter()
    until = time.monotonic() + SECONDS
    run(people, done, by_chance=not IN_THE_SUITE)
    while time.monotonic() < until:
        run(people, done, by_chance=True)
    sys.stdout.write(
        f"\n{sum(done.values())} acts, {sum(count for (_name, well), count in done.items() if well)} done\n"
    )
    assert len({name for name, well in done if well}) >= len(ACTS) * 3 // 4  # chance leaves some out, in the suite
    assert len({name for name, well in done if not well}) >= len(ACTS) // 3


def test_everybody_tries_everything(people: People) -> None:
    """R70."""
    employee, model = Employee(people), Model()
    for name in ("consent", "mandate", "refer", "accept", "invoice"):
        role = next(role for role in PEOPLE if role in ACTS[name].who)
        about = model.subjects(name)[0]
        model.happened(name, role, about, employee.do(name, role, about).json())
    model.issued.append(Issued(str(uuid4())))
    tried = 0
    for name, act in ACTS.items():
        for role in PEOPLE:
            about = next(iter(model.subjects(name)), str(uuid4()))
            if role not in act.who:
                answer = employee.do(name, role, about)
                assert answer.status_code in model.expected(name, role, about), (name, role, answer.text)
                tried += 1
    assert tried > 150


def test_the_model_lets_nobody_do_what_the_guard_refuses(app: FastAPI) -> None:
    routes = {
        f"{method} {str(route.path).removeprefix('/api/v1')}": route
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and str(route.path).startswith("/api/v1/")
        for method in route.methods or ()
    }
    for name, act in ACTS.items():
        assert act.who <= {role for role in PEOPLE if lets_in(routes[act.route], role)}, name


def test_a_word_would_be_found(people: People) -> None:
    employee = Employee(people)
    made = employee.do("refer", Role.PHYSICIAN, "ADO").json()
    read = people.say(Role.PHYSICIAN, "GET", f"/referrals/{made['id']}")
    assert len(looked_through(read, Needles(employee.words), "")) == len(employee.words)
