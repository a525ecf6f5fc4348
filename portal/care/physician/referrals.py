"""The list of referrals."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.routing import Section
from core.validation import OneLine
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.reasons import state_label
from medical.tables import ReferralState
from portal.care.physician.guards import Referrer
from portal.care.physician.words import state_tone
from portal.care.show import show
from portal.forms import parse

router = Section()
PAGE_SIZE = 25


class Filters(BaseModel):
    """What the address bar says of which referrals to list."""

    q: Annotated[OneLine, Field(max_length=60)] | None = None
    state: ReferralState | None = None
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("/verwijzingen")
def referral_list(request: Request, work: Referrer) -> Response:
    """List the referrals of everybody for whom the actor works."""
    form = parse(Filters, request.query_params)
    chosen = form.value or Filters()
    wanted = ReferralFilter(state=chosen.state, q=chosen.q)
    return show(
        request,
        work,
        "care/physician/referrals.html",
        form=form,
        referrals=list_referrals(work.session, work.actor, wanted, chosen.page, PAGE_SIZE),
        states=[(state.value, state_label(state).capitalize()) for state in ReferralState],
        state_label=state_label,
        state_tone=state_tone,
    )
