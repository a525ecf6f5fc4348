"""The insurer's policies, with what is left of this year's budget of each."""

from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.cofinancing.policies_read import list_policies
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.forms import parse
from portal.open.cofinancing_words import policy_words
from portal.open.insurer.navigation import POLICIES
from portal.open.policy_terms import policy_facts
from portal.open.show import show

router = Section(prefix=POLICIES)
PAGE_SIZE = 20
Insurer = Annotated[Work, open_side(Permission.SEE_POLICY_BUDGET)]


class Place(BaseModel):
    """Which page of the policies."""

    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def policies(request: Request, work: Insurer) -> Response:
    """Show the policies that hold today, with their budgets."""
    place = parse(Place, request.query_params).value or Place()
    found = list_policies(work.session, work.actor, running=True, page=place.page, page_size=PAGE_SIZE)
    return show(
        request,
        work,
        "open/insurer/policies.html",
        found=found,
        policies=[(policy, policy_facts(policy)) for policy in found.items],
        policy_words=policy_words,
    )
