"""An insurer's report of a year: his own requests counted, and what the hatch published of his portfolio (R62).

His requests he knows one by one, so their counts hide nothing and are made when he asks. How many employees were helped
at all he does not know: those numbers stand as they were published, or are hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from billing.insurer_report_tables import PortfolioCount, PortfolioReport
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from billing.tables import CofinancingRequest, CofinancingState
from core.clock import today
from core.errors import NotFound
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from network.taxonomy import Disclosure, interventions

YEARS_SHOWN = 20


class Tally(NamedTuple):
    """Requests of one year, type and state together; cents without VAT."""

    year: int
    intervention: str | None
    state: CofinancingState
    requests: int
    granted_cents: int
    asked_cents: int
    charged_cents: int


@dataclass(frozen=True)
class RequestCounts:
    """Requests to the insurer in a year, of one open type, of the confidential or of all; cents without VAT."""

    intervention: str | None
    label: str
    asked: int
    approved: int
    partial: int
    declined: int
    waiting: int
    lapsed: int
    asked_cents: int
    granted_cents: int
    charged_cents: int


@dataclass(frozen=True)
class HelpedCount:
    """Employees for whom an intervention was begun; None where that is hidden."""

    intervention: str | None
    label: str
    persons: int | None


@dataclass(frozen=True)
class Helped:
    """What was published of a year that is over; `k` is how many the insurer does not know of stand behind a number."""

    k: int
    published_on: date
    types: tuple[HelpedCount, ...]
    open: HelpedCount
    confidential: HelpedCount


@dataclass(frozen=True)
class PortfolioView:
    """The report of a year; `helped` is None while the year runs or nothing was published of it."""

    year: int
    years: tuple[int, ...]  # that can be asked for, the latest first
    requests: tuple[RequestCounts, ...]
    all_requests: RequestCounts
    helped: Helped | None


def portfolio_report(session: Session, actor: Actor, year: int | None = None) -> PortfolioView:
    """Return the insurer's report of a year, this one unless said; raises NotFound for a year without anything."""
    require(actor, Permission.SEE_PORTFOLIO)
    published = session.scalars(
        select(PortfolioReport)
        .where(col(PortfolioReport.insurer_id) == actor.organisation_id)
        .order_by(col(PortfolioReport.year).desc())
        .limit(YEARS_SHOWN)
    ).all()
    tallies = _tallies(session, actor)
    years = {today().year, *(each.year for each in published), *(each.year for each in tallies)}
    chosen = year or today().year
    if chosen not in years:
        raise NotFound(_("Van dat jaar is er geen rapport."))
    mine = [each for each in tallies if each.year == chosen]
    report = next((each for each in published if each.year == chosen), None)
    return PortfolioView(
        year=chosen,
        years=tuple(sorted(years, reverse=True)),
        requests=_by_type(mine),
        all_requests=_counts(None, _("Alle aanvragen"), mine),
        helped=_helped(session, report) if report else None,
    )


def _tallies(session: Session, actor: Actor) -> list[Tally]:
    """Return the requests of all years, added up by year, type and state."""
    year = func.extract("year", func.timezone("Europe/Amsterdam", col(CofinancingRequest.submitted_at)))
    sums = (col(each) for each in (CofinancingRequest.requested_cents, CofinancingRequest.charged_cents))
    granted = func.coalesce(func.sum(CofinancingRequest.decided_cents), 0)
    rows = session.execute(
        select(year, col(CofinancingRequest.intervention), col(CofinancingRequest.state), func.count(), granted)
        .add_columns(*(func.sum(each) for each in sums))
        .where(
            col(CofinancingRequest.tenant_id) == actor.tenant_id,
            col(CofinancingRequest.insurer_id) == actor.organisation_id,
            col(CofinancingRequest.submitted_at).is_not(None),
        )
        .group_by(year, col(CofinancingRequest.intervention), col(CofinancingRequest.state))
    ).all()
    return [Tally(int(row[0]), row[1], row[2], *(int(each) for each in row[3:])) for row in rows]


def _by_type(tallies: Sequence[Tally]) -> tuple[RequestCounts, ...]:
    codes = sorted({each.intervention or "" for each in tallies}, key=lambda code: (not code, code))
    return tuple(
        _counts(
            code or None,
            interventions()[code].name if code else CONFIDENTIAL_TEXT,
            [each for each in tallies if (each.intervention or "") == code],
        )
        for code in codes
    )


def _counts(intervention: str | None, label: str, tallies: Sequence[Tally]) -> RequestCounts:
    def how_many(*states: CofinancingState) -> int:
        return sum(each.requests for each in tallies if each.state in states)

    return RequestCounts(
        intervention=intervention,
        label=label,
        asked=how_many(*CofinancingState),
        approved=how_many(CofinancingState.APPROVED),
        partial=how_many(CofinancingState.PARTIAL),
        declined=how_many(CofinancingState.DECLINED),
        waiting=how_many(CofinancingState.SUBMITTED),
        lapsed=how_many(CofinancingState.LAPSED),
        asked_cents=sum(each.asked_cents for each in tallies),
        granted_cents=sum(each.granted_cents for each in tallies),
        charged_cents=sum(each.charged_cents for each in tallies),
    )


def _helped(session: Session, report: PortfolioReport) -> Helped:
    rows = session.scalars(select(PortfolioCount).where(col(PortfolioCount.report_id) == report.id))
    numbers = {(each.disclosure, each.intervention): each.persons for each in rows}
    types = tuple(
        HelpedCount(code, kind.name, numbers.get((Disclosure.OPEN, code)))
        for code, kind in interventions().items()
        if kind.disclosure is Disclosure.OPEN
    )
    return Helped(
        k=report.k,
        published_on=report.published_on,
        types=types,
        open=HelpedCount(None, _("Alle open interventies"), numbers.get((Disclosure.OPEN, None))),
        confidential=HelpedCount(None, _("Vertrouwelijke interventies"), numbers.get((Disclosure.CONF, None))),
    )
