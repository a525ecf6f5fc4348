"""How the installation runs: what waits, what gave up, and when it was last sealed, anchored and backed up."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from core.clock import now
from core.readiness import Readiness
from core.routing import Section
from identity.guard import Work, care
from identity.operation_read import see_operation
from identity.policy import Permission
from portal.care.secretary.navigation import OPERATION
from portal.care.show import show

router = Section(prefix=OPERATION)
LONG_IN_LINE, LONG_UNSEALED = timedelta(minutes=5), timedelta(minutes=2)
LONG_WITHOUT_ANCHOR, LONG_WITHOUT_BACKUP = timedelta(hours=36), timedelta(hours=36)


@router.get("")
def operation(request: Request, work: Annotated[Work, care(Permission.SEE_OPERATION)]) -> Response:
    """Show it, with what needs somebody marked."""
    readiness: Readiness = request.app.state.readiness
    found, at = see_operation(work.session, work.actor), now()
    return show(
        request,
        work,
        "care/secretary/operation.html",
        found=found,
        slow=found.jobs_oldest_seconds > LONG_IN_LINE.total_seconds(),
        unsealed=found.sealing_lag_seconds > LONG_UNSEALED.total_seconds(),
        anchored=moment(at, found.anchor_age_seconds),
        anchor_late=late(found.anchor_age_seconds, LONG_WITHOUT_ANCHOR),
        backed_up=moment(at, found.backup_age_seconds),
        backup_late=late(found.backup_age_seconds, LONG_WITHOUT_BACKUP),
        searches=readiness.searches(),
    )


def moment(at: datetime, age_seconds: float | None) -> datetime | None:
    """Return when something was, from how long ago that is."""
    return None if age_seconds is None else at - timedelta(seconds=age_seconds)


def late(age_seconds: float | None, longest: timedelta) -> bool:
    """Tell whether something is longer ago than it should be, or never was."""
    return age_seconds is None or age_seconds > longest.total_seconds()
