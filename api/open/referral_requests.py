"""Requests of a case manager for an open intervention, over JSON (R5)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from api.paged import Paged, PageQuery
from cases.requests import (
    NewRequest,
    RequestFilter,
    RequestView,
    get_request,
    list_requests,
    request_intervention,
)
from cases.tables import RequestState
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/referral-requests", tags=["referral requests"])
Asker = Annotated[Work, open_side(Permission.REQUEST_INTERVENTION)]


class RequestOut(BaseModel):
    """A request, and where it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    case_id: UUID
    offering_id: UUID
    intervention: str
    goal: str
    requested_at: datetime
    state: RequestState
    decided_at: datetime | None


class RequestsOut(Paged[RequestOut]):
    """A page of requests, the newest first."""


class RequestsQuery(PageQuery):
    """Which requests."""

    case_id: UUID | None = None
    state: RequestState | None = None


@router.post("", status_code=202)
def asked(work: Asker, body: NewRequest) -> RequestOut:
    """Ask for an open, non-medical intervention; the medical side decides."""
    return _out(request_intervention(work.session, work.actor, body).request)


@router.get("")
def requests(work: Asker, query: Annotated[RequestsQuery, Query()]) -> RequestsOut:
    """Return the requests for the caller's cases."""
    wanted = RequestFilter(query.case_id, query.state)
    found = list_requests(work.session, work.actor, wanted, query.page, query.page_size)
    return RequestsOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_out(view) for view in found.items]
    )


@router.get("/{request_id}")
def request(work: Asker, request_id: UUID) -> RequestOut:
    """Return one request."""
    return _out(get_request(work.session, work.actor, request_id))


def _out(view: RequestView) -> RequestOut:
    return RequestOut.model_validate(view)
