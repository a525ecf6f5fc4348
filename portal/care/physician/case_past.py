"""A case as it was known at a moment that one picks."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from cases.cases_read import get_case
from core.clock import AMSTERDAM, now, today
from core.routing import Section
from medical.cases.history import CaseThen, case_as_of
from medical.referrals.reasons import state_label
from portal.attempts import attempt
from portal.budget_words import refusal_words
from portal.care.physician.guards import Referrer
from portal.care.physician.words import change_rows, consent_label, state_tone
from portal.care.show import show
from portal.forms import parse
from portal.typed import TypedDay

router = Section(prefix="/dossiers/{case_id}/toen")


class Moment(BaseModel):
    """A day, and a time on it in the Netherlands."""

    day: TypedDay
    at: time = time(23, 59)

    @property
    def instant(self) -> datetime:
        """The same as one moment; without a time the end of the day, and of today what is known by now."""
        typed = datetime.combine(self.day, self.at, AMSTERDAM)
        return min(typed, now()) if self.day == today() else typed


@router.get("")
def past_page(request: Request, work: Referrer, case_id: UUID) -> Response:
    """Ask for a moment, and show the case as it was known then."""
    form: Any = parse(Moment, request.query_params)
    found: CaseThen | None = None
    status = 200
    if request.query_params:
        tried = attempt(work.session, form, lambda typed: case_as_of(work.session, work.actor, case_id, typed.instant))
        form, status, found = tried.form, tried.status, tried.done
    return show(
        request,
        work,
        "care/physician/case_past.html",
        status=status,
        case=get_case(work.session, work.actor, case_id),
        form=form,
        then=found,
        consent_label=consent_label,
        refusal_words=refusal_words,
        state_label=state_label,
        state_tone=state_tone,
        change_rows=change_rows,
    )
