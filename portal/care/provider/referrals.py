"""What was referred to the provider: the list of it."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.routing import Section
from core.validation import OneLine
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.terms import NOT_SENT
from medical.tables import ReferralState
from portal.care.provider.words import state_tone, state_words
from portal.care.provider.work import Provider
from portal.care.show import show
from portal.forms import parse
from portal.open.provider.navigation import REFERRALS

router = Section(prefix=REFERRALS)
PAGE_SIZE = 25
SENT = tuple(state for state in ReferralState if state not in NOT_SENT)


class ReferralFilters(BaseModel):
    """What the address bar says of which referrals to list."""

    q: Annotated[OneLine, Field(max_length=60)] | None = None
    state: ReferralState | None = None
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def referral_list(request: Request, work: Provider) -> Response:
    """List what was referred to the provider, the newest first."""
    form = parse(ReferralFilters, request.query_params)
    chosen = form.value or ReferralFilters()
    wanted = ReferralFilter(state=chosen.state, q=chosen.q)
    return show(
        request,
        work,
        "care/provider/referrals.html",
        status=200 if form.value else 422,
        form=form,
        chosen=chosen,
        referrals=list_referrals(work.session, work.actor, wanted, chosen.page, PAGE_SIZE),
        states=[(state.value, state_words(state).capitalize()) for state in SENT],
        state_words=state_words,
        state_tone=state_tone,
    )
