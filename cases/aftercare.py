"""Aftercare: half as long as the absence was, an eye is kept on somebody who has recovered (R67)."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlmodel import Session, col

from cases.cases_read import CaseView, describe_cases, sick_days_on
from cases.tables import AbsenceCase, SickSpell
from core.clock import today
from identity.actor import Actor
from identity.policy import Permission, allows, require

AHEAD = timedelta(weeks=4)
STAYS = timedelta(weeks=2)
"""So long before its last day aftercare stands on a worklist, and so long after it."""

MOST = 200


def aftercare_due(session: Session, actor: Actor) -> tuple[CaseView, ...]:
    """Return the closed cases of the actor of which the aftercare ends about now, the first one first; two queries.

    One that continued as a new spell is no longer closed, and its aftercare is over.
    """
    if not allows(actor.role, Permission.SEE_OWN_STEPS):
        require(actor, Permission.SEE_TIMELINE)
    until = _until()
    found = select(col(AbsenceCase.id)).where(
        col(AbsenceCase.tenant_id) == actor.tenant_id,
        col(AbsenceCase.closed_at).is_not(None),
        until.between(today() - STAYS, today() + AHEAD),
    )
    ids = session.scalars(found.order_by(until, col(AbsenceCase.id)).limit(MOST)).all()
    cases = describe_cases(session, actor, ids)
    return tuple(cases[case_id] for case_id in ids if case_id in cases)


def _until() -> ColumnElement[date | None]:
    """Return the last day of the aftercare of a closed case, as CaseView has it."""
    recovered = (
        select(func.max(col(SickSpell.recovered_on)))
        .where(col(SickSpell.case_id) == col(AbsenceCase.id))
        .correlate(AbsenceCase)
        .scalar_subquery()
    )
    half = cast(func.ceil(sick_days_on(today()) / 2.0), Integer)
    return recovered + half
