"""Reading absence cases: who is absent, since when, in which week; nothing about health."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, true
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import Session, col, func, or_, select

from cases.clock import Course
from cases.tables import AbsenceCase, Employee, SickSpell
from cases.weeks import DAYS_IN_WEEK, WEEKS_IN_YEAR, Spell, sick_days, sickness_week, sickness_year
from core.clock import AMSTERDAM, today
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from core.rows import ask
from identity.actor import Actor
from identity.policy import Permission, allows, require
from identity.roles import Role
from identity.tables import Organisation

FIRST_DAY_OF_YEAR_2 = WEEKS_IN_YEAR * DAYS_IN_WEEK


@dataclass(frozen=True)
class CaseView:
    """An absence case as it stands today. To the employer its number is empty: a number on an invoice would tell
    him whose it is (R25)."""

    id: UUID
    number: str
    employer_id: UUID
    employer_name: str
    employee_id: UUID
    employee_reference: str
    employee_name: str
    postcode: str | None
    first_sick_day: date
    sickness_week: int
    sickness_year: int
    closed: bool
    opened_on: date
    liable_party: bool  # an accident for which somebody else is liable, so that cost can be claimed back (R63)
    spells: tuple[Spell, ...]

    @property
    def recovered_on(self) -> date | None:
        """The day of recovery, when the case is closed."""
        return self.spells[-1].recovered_on

    @property
    def aftercare_until(self) -> date | None:
        """Until when there is aftercare: half of the absence, counted from recovery (R67)."""
        if self.recovered_on is None:
            return None
        return self.recovered_on + timedelta(days=-(-sick_days(self.spells, self.recovered_on) // 2))

    @property
    def course(self) -> Course:
        """What the Poortwachter clock needs."""
        return Course(self.spells, self.opened_on, self.closed, today())


@dataclass(frozen=True)
class CaseFilter:
    """What to look for: an employer, a part of the employee's reference or the case number, a year of sickness."""

    employer_id: UUID | None = None
    q: str | None = None
    year: int | None = None
    closed: bool | None = None


def get_case(session: Session, actor: Actor, case_id: UUID) -> CaseView:
    """Return a case of an employer for whom the actor works, or his own; raises NotFound for any other (R17, R70)."""
    row = ask(session, _select_one(actor.role), case_id=case_id).first()
    if row is None:
        raise not_found()
    return _view(row, actor)


def list_cases(
    session: Session, actor: Actor, wanted: CaseFilter | None = None, page: int = 1, page_size: int = 50
) -> Page[CaseView]:
    """Return a page of the cases that the actor may see, running ones first and then the newest; two queries."""
    if not any(allows(actor.role, may) for may in (Permission.SEE_OWN_STEPS, Permission.GIVE_CONSENT)):
        require(actor, Permission.SEE_CASES)
    conditions = [_of(actor.role), *_conditions(wanted or CaseFilter(), actor)]
    total = session.exec(select(func.count(col(AbsenceCase.id))).where(*conditions)).one()
    order = (col(AbsenceCase.closed_at).is_not(None), col(AbsenceCase.created_at).desc(), col(AbsenceCase.id))
    # Names are looked up for one page, not for every case that could stand on it.
    on_page = select(AbsenceCase.id).where(*conditions).order_by(*order)
    ids = on_page.limit(page_size).offset(offset(page, page_size)).subquery()
    rows = session.execute(_select_cases(actor.role).join(ids, ids.c.id == AbsenceCase.id).order_by(*order)).all()
    return Page(tuple(_view(row, actor) for row in rows), total, page, page_size)


def describe_cases(session: Session, actor: Actor, case_ids: Sequence[UUID]) -> Mapping[UUID, CaseView]:
    """Return cases by id, as far as they are the actor's business; one query."""
    rows = session.execute(_select_cases(actor.role).where(col(AbsenceCase.id).in_(case_ids)))
    return {row.id: _view(row, actor) for row in rows}


def not_found() -> NotFound:
    """Return the one answer to a case that is not there, or not for this actor (R70)."""
    return NotFound(_("Dit dossier is niet gevonden."))


def hold_case(session: Session, case_id: UUID) -> AbsenceCase:
    """Return the row of a case that was found before, and keep others from changing it until this transaction ends."""
    found = select(AbsenceCase).where(AbsenceCase.id == case_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).one()


@cache
def _select_one(role: Role) -> Select[*tuple[Any, ...]]:
    return _select_cases(role).where(col(AbsenceCase.id) == bindparam("case_id"))


@cache
def _select_cases(role: Role) -> Select[*tuple[Any, ...]]:
    spells = _spells()
    return (
        select_columns(
            col(AbsenceCase.id),
            col(AbsenceCase.number),
            col(AbsenceCase.employer_id),
            col(Organisation.name).label("employer_name"),
            col(AbsenceCase.employee_id),
            col(Employee.reference).label("employee_reference"),
            col(Employee.name).label("employee_name"),
            col(AbsenceCase.postcode),
            col(AbsenceCase.closed_at),
            col(AbsenceCase.created_at),
            col(AbsenceCase.liable_party),
            spells.c.began,
            spells.c.ended,
        )
        .join(Employee, col(Employee.id) == col(AbsenceCase.employee_id))
        .join(Organisation, col(Organisation.id) == col(AbsenceCase.employer_id))
        .join(spells, true())
        .where(_of(role))
    )


def _spells() -> LateralFromClause:
    """Return the first and last days of the spells of a case, the first spell first."""
    by_day = col(SickSpell.first_sick_day)
    return (
        select_columns(
            func.array_agg(aggregate_order_by(by_day, by_day)).label("began"),
            func.array_agg(aggregate_order_by(col(SickSpell.recovered_on), by_day)).label("ended"),
        )
        .where(col(SickSpell.case_id) == col(AbsenceCase.id))
        .correlate(AbsenceCase)
        .lateral("spells")
    )


def _of(role: Role) -> ColumnElement[bool]:
    """Return whether a case is an actor's business: row-level security says the same, and who is assigned."""
    mine = col(AbsenceCase.tenant_id) == func.app.tenant()
    if role == Role.EMPLOYER:
        return mine & (col(AbsenceCase.employer_id) == func.app.organisation())
    if role == Role.EMPLOYEE:
        return mine & (col(AbsenceCase.employee_id) == func.app.subject())
    return mine


def _conditions(wanted: CaseFilter, actor: Actor) -> Iterable[ColumnElement[bool]]:
    if wanted.employer_id:
        yield col(AbsenceCase.employer_id) == wanted.employer_id
    if wanted.closed is not None:
        yield col(AbsenceCase.closed_at).is_not(None) if wanted.closed else col(AbsenceCase.closed_at).is_(None)
    if wanted.q:
        meant = select(Employee.id).where(col(Employee.reference).icontains(wanted.q, autoescape=True))
        by_reference = col(AbsenceCase.employee_id).in_(meant)
        by_number = col(AbsenceCase.number).icontains(wanted.q, autoescape=True)
        yield by_reference if actor.role == Role.EMPLOYER else or_(by_reference, by_number)
    if wanted.year:
        in_year_2 = sick_days_on(today()) >= FIRST_DAY_OF_YEAR_2
        yield in_year_2 if wanted.year == 2 else ~in_year_2


def sick_days_on(day: date | ColumnElement[date]) -> ColumnElement[int]:
    """Return the sick days of a case before a day, as weeks.sick_days counts them: its spells are one absence (R64)."""
    until = func.least(func.coalesce(SickSpell.recovered_on, day), day)
    days = func.greatest(until - col(SickSpell.first_sick_day), 0)
    return (
        select(func.coalesce(func.sum(days), 0))
        .where(col(SickSpell.case_id) == AbsenceCase.id)
        .correlate(AbsenceCase)
        .scalar_subquery()
    )


def _view(row: Row[Any], actor: Actor) -> CaseView:
    opened_on = row.created_at.astimezone(AMSTERDAM).date()
    spells = tuple(map(Spell, row.began, row.ended)) if row.began else (_of_head(opened_on, row.closed_at),)
    week = sickness_week(spells, today())
    return CaseView(
        id=row.id,
        number="" if actor.role == Role.EMPLOYER else row.number,
        employer_id=row.employer_id,
        employer_name=row.employer_name,
        employee_id=row.employee_id,
        employee_reference=row.employee_reference,
        employee_name=row.employee_name,
        postcode=row.postcode,
        first_sick_day=spells[0].first_sick_day,
        sickness_week=week,
        sickness_year=sickness_year(week),
        closed=row.closed_at is not None,
        opened_on=opened_on,
        liable_party=row.liable_party,
        spells=spells,
    )


def _of_head(opened_on: date, closed_at: datetime) -> Spell:
    """Return what the head of a case still tells of when it was, once its spells left at the end of their term."""
    return Spell(opened_on, max(closed_at.astimezone(AMSTERDAM).date(), opened_on + timedelta(days=1)))
