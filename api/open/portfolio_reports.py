"""The insurer's report of a year over JSON, in the counters of SIVI 00703, with small numbers hidden (R62)."""

import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from api.money import Money, money
from billing.cofinancing.insurer_report import Helped, HelpedCount, RequestCounts, portfolio_report
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/portfolio-reports", tags=["reports"])


class RequestsOut(BaseModel):
    """Requests to the insurer: of an open type, of all that is confidential, or of everything."""

    intervention: str | None
    label: str
    asked: int
    approved: int
    partial: int
    declined: int
    waiting: int
    lapsed: int
    amount_asked: Money
    amount_granted: Money
    amount_charged: Money


class HelpedOut(BaseModel):
    """Employees for whom an intervention was begun; suppressed where it would tell of too few."""

    intervention: str | None
    label: str
    persons: int | None
    suppressed: bool


class PublishedOut(BaseModel):
    """What was published of a year that is over."""

    k: int
    published_on: datetime.date
    types: list[HelpedOut]
    open: HelpedOut
    confidential: HelpedOut


class PortfolioOut(BaseModel):
    """The report of a year; nothing is published of one that runs."""

    year: int
    years: list[int]
    requests: list[RequestsOut]
    all_requests: RequestsOut
    helped: PublishedOut | None


@router.get("")
def report(
    work: Annotated[Work, open_side(Permission.SEE_PORTFOLIO)],
    year: Annotated[int | None, Query(ge=1990, le=2200)] = None,
) -> PortfolioOut:
    """Return the caller's report of a year, or of this one."""
    found = portfolio_report(work.session, work.actor, year)
    return PortfolioOut(
        year=found.year,
        years=list(found.years),
        requests=[_requests(each) for each in found.requests],
        all_requests=_requests(found.all_requests),
        helped=_published(found.helped) if found.helped else None,
    )


def _requests(found: RequestCounts) -> RequestsOut:
    return RequestsOut(
        intervention=found.intervention,
        label=found.label,
        asked=found.asked,
        approved=found.approved,
        partial=found.partial,
        declined=found.declined,
        waiting=found.waiting,
        lapsed=found.lapsed,
        amount_asked=money(found.asked_cents),
        amount_granted=money(found.granted_cents),
        amount_charged=money(found.charged_cents),
    )


def _published(found: Helped) -> PublishedOut:
    return PublishedOut(
        k=found.k,
        published_on=found.published_on,
        types=[_helped(each) for each in found.types],
        open=_helped(found.open),
        confidential=_helped(found.confidential),
    )


def _helped(found: HelpedCount) -> HelpedOut:
    return HelpedOut(
        intervention=found.intervention,
        label=found.label,
        persons=found.persons,
        suppressed=found.persons is None,
    )
