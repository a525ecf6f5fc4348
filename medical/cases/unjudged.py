"""Running cases on which the physician has not judged yet: until he has, nobody else can refer there (R3)."""

from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from cases.cases_read import CaseView, describe_cases
from cases.tables import AbsenceCase
from core.paging import Page, offset
from identity import audit
from identity.actor import Actor
from identity.policy import Permission, require
from medical.tables import Assessment


def list_unjudged_cases(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[CaseView]:
    """Return the running cases without a judgement, those that have been here longest first.

    A physician gets all of the arbodienst, a delegate those of his employers: he sees that it is missing, and does
    not judge.
    """
    require(actor, Permission.SEE_MEDICAL_CASE)
    found = unjudged(actor)
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    ids = session.exec(
        found.order_by(col(AbsenceCase.created_at), col(AbsenceCase.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    cases = describe_cases(session, actor, ids)
    audit.record_list(session, actor, "medical:assessment:missing", (case.employee_id for case in cases.values()))
    return Page(tuple(cases[case_id] for case_id in ids), total, page, page_size)


def unjudged(actor: Actor) -> SelectOfScalar[UUID]:
    """Return the query of the running cases without a judgement; row-level security leaves those of the actor."""
    judged = exists().where(col(Assessment.case_id) == AbsenceCase.id)
    return select(AbsenceCase.id).where(
        AbsenceCase.tenant_id == actor.tenant_id, col(AbsenceCase.closed_at).is_(None), ~judged
    )
