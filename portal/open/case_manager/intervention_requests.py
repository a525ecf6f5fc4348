"""The open interventions that were asked for: of one case or of all, and what became of them (R5)."""

from typing import Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.cases_read import describe_cases, get_case
from cases.requests import RequestFilter, list_requests
from cases.tables import RequestState
from core.routing import Section
from network.taxonomy import interventions
from portal import case_words as words
from portal.forms import parse
from portal.open.case_manager.cases import Manager
from portal.open.case_manager.navigation import HOME
from portal.open.show import show

router = Section(prefix=f"{HOME}/aanvragen")
PAGE_SIZE = 25


class Filters(BaseModel):
    """Which requests, of which case, and which page of them."""

    state: Literal["all", "pending", "granted", "refused"] = "all"
    dossier: UUID | None = None
    page: int = Field(default=1, ge=1, le=100_000)

    @property
    def wanted(self) -> RequestFilter:
        """What the cases room understands."""
        return RequestFilter(self.dossier, None if self.state == "all" else RequestState(self.state))


@router.get("")
def request_list(request: Request, work: Manager) -> Response:
    """List requests, the newest first."""
    chosen = parse(Filters, request.query_params).value or Filters()
    found = list_requests(work.session, work.actor, chosen.wanted, chosen.page, PAGE_SIZE)
    return show(
        request,
        work,
        "open/case_manager/intervention_requests.html",
        chosen=chosen,
        case=get_case(work.session, work.actor, chosen.dossier) if chosen.dossier else None,
        found=found,
        cases=describe_cases(work.session, work.actor, list({each.case_id for each in found.items})),
        interventions=interventions(),
        words=words,
    )
