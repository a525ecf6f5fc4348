"""Keeps the Poortwachter steps of the demo up to date, but for what came due in the last days."""

from datetime import timedelta
from uuid import UUID

from cases.cases_read import get_case
from cases.tables import StepDone
from cases.timelines import get_timeline
from core.clock import today
from demo.stage import Acting

STILL_OPEN = timedelta(days=10)


def keep_up(act: Acting, case_id: UUID) -> None:
    """Let every step that came due some days ago or before have been done, on its last day."""
    case, last = get_case(act.session, act.actor, case_id), today() - STILL_OPEN
    for step in get_timeline(act.session, act.actor, case_id).deadlines:
        if step.week is None or step.due_on is None or step.due_on > last:
            continue
        done = StepDone(
            tenant_id=act.actor.tenant_id,
            case_id=case_id,
            employer_id=case.employer_id,
            step=step.nr,
            week=step.week,
            done_on=step.due_on,
            done_by=act.actor.account,
        )
        act.session.add(done)
