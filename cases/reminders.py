"""Who is reminded today that something of a case waits for him: an account and no more, whatever it is (R65, R67).

For each role only its own timeline counts, so that nothing it may not know can make a message come or stay away.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from cases.cases_read import CaseView, describe_cases
from cases.clock import Done, timeline
from cases.due import GIVE_AFTERCARE, aftercare_is_reminded, is_for, is_reminded
from cases.tables import AbsenceCase
from cases.timelines import steps_done
from core.clock import now, today
from core.working_days import is_working_day
from identity.actor import Actor
from identity.digests import put_digests
from identity.roles import Role
from identity.tables import Assignment, Membership

REMINDED = (Role.PHYSICIAN, Role.DELEGATE, Role.CASE_MANAGER, Role.EMPLOYER)
BY_ASSIGNMENT = (Role.DELEGATE, Role.CASE_MANAGER)
AT_ONCE = 500
LONGEST_AFTERCARE = timedelta(days=3 * 365)  # half of an absence that lasted as long as there is anything to remind of

Reached = dict[Role, set[UUID]]
"""The employers for whose cases each role is reminded."""


def remind(session: Session, actor: Actor) -> int:
    """Put down a digest for everybody of a tenant for whom something comes due; return how many are new.

    Only on a working day, and once on each. Days on which nobody works count with the first one after them.
    """
    if not is_working_day(today()):
        return 0
    return put_digests(session, actor, set(_accounts(session, actor, _reached(session, actor))))


def _reached(session: Session, actor: Actor) -> Reached:
    after, reached = _working_day_before(today()), defaultdict[Role, set[UUID]](set)
    for case_ids in _batches(session, actor):
        done = steps_done(session, case_ids)
        for case in describe_cases(session, actor, case_ids).values():
            for role in REMINDED:
                if case.employer_id not in reached[role] and _concerns(role, case, done[case.id], after):
                    reached[role].add(case.employer_id)
    return reached


def _batches(session: Session, actor: Actor) -> Iterator[Sequence[UUID]]:
    """Yield the cases that are running or in aftercare, some hundreds at a time."""
    current = or_(col(AbsenceCase.closed_at).is_(None), col(AbsenceCase.closed_at) > now() - LONGEST_AFTERCARE)
    last = UUID(int=0)
    while True:
        found = select(AbsenceCase.id).where(AbsenceCase.tenant_id == actor.tenant_id, current, AbsenceCase.id > last)
        batch = session.exec(found.order_by(col(AbsenceCase.id)).limit(AT_ONCE)).all()
        if not batch:
            return
        yield batch
        last = batch[-1]


def _concerns(role: Role, case: CaseView, done: Done, after: date) -> bool:
    if case.aftercare_until is not None:
        return role in GIVE_AFTERCARE and aftercare_is_reminded(case.aftercare_until, after, today())
    open_steps = timeline(case.id, case.course, done, role).deadlines
    return any(is_for(role, step) and is_reminded(step, after, today()) for step in open_steps)


def _accounts(session: Session, actor: Actor, reached: Reached) -> Iterator[UUID]:
    """Yield whose business those employers are: the physicians of the arbodienst, who is assigned, the employer."""
    staff = select(Membership.account_id).where(Membership.tenant_id == actor.tenant_id)
    if reached[Role.PHYSICIAN]:
        yield from session.exec(staff.where(Membership.role == Role.PHYSICIAN))
    at_employers = col(Membership.organisation_id).in_(reached[Role.EMPLOYER])
    yield from session.exec(staff.where(Membership.role == Role.EMPLOYER, at_employers))
    for role in BY_ASSIGNMENT:
        assigned = select(Assignment.account_id).where(
            Assignment.role == role,
            col(Assignment.employer_id).in_(reached[role]),
            col(Assignment.ended_at).is_(None),
        )
        yield from session.exec(assigned)


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
