"""An arbodienst at work: two employers and the people around their absent employees, for tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from cases.cases_open import NewCase, Opening, open_case
from cases.cases_read import CaseView
from cases.cases_recovery import record_recovery
from core.clock import AMSTERDAM, standing_at, today
from core.database import Door
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from identity.tables import AuditEvent
from tests.world import World

T = TypeVar("T")
JOBS = text("SELECT args FROM jobs.procrastinate_jobs WHERE task_name = :task AND args ->> 'tenant_id' = :tenant")


@dataclass(frozen=True)
class Staff:
    """A physician; a delegate and a case manager who work for one of two employers; that employer itself."""

    world: World
    employer_id: UUID
    other_employer_id: UUID
    physician: Actor
    delegate: Actor
    case_manager: Actor
    employer: Actor

    def doing(self, actor: Actor, act: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Let the actor do one act in a transaction of its own, behind the open door."""
        with self.world.acting(Door.OPEN, actor) as session:
            return act(session, actor, *arguments, **named)

    def report(self, reference: str = "P-100", sick_since: date | None = None, **changes: Any) -> Opening:
        """Report an employee sick, by the delegate unless another is named."""
        actor = changes.pop("by", self.delegate)
        facts = {"employer_id": self.employer_id, "employee_ref": reference, "first_sick_day": sick_since or today()}
        return self.doing(actor, open_case, NewCase.model_validate(facts | changes))

    def case(self, reference: str = "P-100", days_ago: int = 60) -> CaseView:
        """Return a case that was opened on its first sick day, so many days ago."""
        with days_back(days_ago):
            return self.report(reference).case

    def recover(self, case_id: UUID, day: date) -> CaseView:
        """Record recovery, by the delegate."""
        return self.doing(self.delegate, record_recovery, case_id, day)

    def jobs(self, task: str) -> list[dict[str, Any]]:
        """Return what was asked of the worker by `task` for this tenant."""
        with self.world.database.owner.connect() as connection:
            rows = connection.execute(JOBS, {"task": task, "tenant": str(self.world.tenant_id)})
            return [row.args for row in rows]

    def events(self, tag: str) -> list[AuditEvent]:
        """Return the events of this tenant with a tag, the oldest first."""
        with Session(self.world.database.owner) as session:
            found = select(AuditEvent).where(AuditEvent.tenant_id == self.world.tenant_id, AuditEvent.tag == tag)
            return list(session.exec(found.order_by(col(AuditEvent.seq))).all())

    def employee(self, case: CaseView) -> Actor:
        """Return the account of the employee of a case."""
        return self.world.actor(Role.EMPLOYEE, case.employer_id, subject_id=case.employee_id)


def staff_of(world: World) -> Staff:
    """Return the people of a new arbodienst."""
    employer_id = world.organisation(OrganisationKind.EMPLOYER, "Bakkerij Van Dam")
    other_employer_id = world.organisation(OrganisationKind.EMPLOYER, "Drukkerij De Pers")
    management = world.organisation(OrganisationKind.CASE_MANAGEMENT, "Regie BV")
    return Staff(
        world=world,
        employer_id=employer_id,
        other_employer_id=other_employer_id,
        physician=world.actor(Role.PHYSICIAN),
        delegate=world.actor(Role.DELEGATE, employers=(employer_id,)),
        case_manager=world.actor(Role.CASE_MANAGER, management, employers=(employer_id,)),
        employer=world.actor(Role.EMPLOYER, employer_id),
    )


@contextmanager
def days_back(days: int) -> Iterator[None]:
    """Let it be noon so many days ago."""
    with standing_at(datetime.combine(today() - timedelta(days=days), time(12), AMSTERDAM)):
        yield
