"""The yearly report of interventions as it was published: every number stands as it was let out, or is hidden (R76)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from cases.tables import InterventionCount, InterventionReport
from core.errors import NotFound
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, allows, require
from network.taxonomy import Disclosure, interventions

YEARS_SHOWN = 20

Numbers = Mapping[tuple[Disclosure, str | None, int | None], int]


@dataclass(frozen=True)
class Line:
    """Employees in each year of sickness and in both together; None where that is hidden."""

    intervention: str | None
    label: str
    first_year: int | None
    second_year: int | None
    together: int | None

    @property
    def is_hidden(self) -> bool:
        """Tell whether there is no number of it at all."""
        return self.first_year is None and self.second_year is None and self.together is None


@dataclass(frozen=True)
class ReportView:
    """The report of one year; `k` is the number of persons behind the smallest number that could stand in it."""

    employer_id: UUID | None
    year: int
    years: tuple[int, ...]  # of which there is a report, the latest first
    k: int
    published_on: date
    types: tuple[Line, ...]
    rest: Line  # the open types that are hidden, together
    open: Line
    confidential: Line

    @property
    def types_shown(self) -> tuple[Line, ...]:
        """The types of which there is any number."""
        return tuple(line for line in self.types if not line.is_hidden)

    @property
    def is_empty(self) -> bool:
        """Tell whether not one number could be shown."""
        return self.open.together is None and self.confidential.together is None


def intervention_report(
    session: Session, actor: Actor, employer_id: UUID | None = None, year: int | None = None
) -> ReportView | None:
    """Return the report of a year, or the latest; None while no year has been published.

    An employer gets his own; a physician that of `employer_id`, and without one that of the arbodienst as a whole.
    Raises NotFound for a year without one.
    """
    if allows(actor.role, Permission.SEE_REPORTS):
        whose = employer_id
    else:
        require(actor, Permission.SEE_OWN_REPORT)
        whose = actor.organisation_id
    found = session.exec(
        select(InterventionReport)
        .where(InterventionReport.tenant_id == actor.tenant_id, col(InterventionReport.employer_id) == whose)
        .order_by(col(InterventionReport.year).desc())
        .limit(YEARS_SHOWN)
    ).all()
    if not found and year is None:
        return None
    report = next((each for each in found if year in (None, each.year)), None)
    if report is None:
        raise NotFound(_("Van dat jaar is er geen rapport."))
    counts = session.exec(select(InterventionCount).where(InterventionCount.report_id == report.id))
    numbers = {(each.disclosure, each.intervention, each.sickness_year): each.persons for each in counts}
    return _view(report, tuple(each.year for each in found), numbers)


def _view(report: InterventionReport, years: tuple[int, ...], numbers: Numbers) -> ReportView:
    types = tuple(
        _line(numbers, Disclosure.OPEN, code, kind.name)
        for code, kind in interventions().items()
        if kind.disclosure is Disclosure.OPEN
    )
    opened = _line(numbers, Disclosure.OPEN, None, _("Alle open interventies"))
    return ReportView(
        employer_id=report.employer_id,
        year=report.year,
        years=years,
        k=report.k,
        published_on=report.published_on,
        types=types,
        rest=_rest(types, opened),
        open=opened,
        confidential=_line(numbers, Disclosure.CONF, None, _("Vertrouwelijke interventies")),
    )


def _line(numbers: Numbers, disclosure: Disclosure, code: str | None, label: str) -> Line:
    first, second, both = (numbers.get((disclosure, code, year)) for year in (1, 2, None))
    if both is None and first is not None and second is not None:
        both = first + second
    return Line(code, label, first, second, both)


def _rest(types: tuple[Line, ...], total: Line) -> Line:
    """Return what is left of each total once the types that are shown are taken off."""

    def left(name: str) -> int | None:
        whole = getattr(total, name)
        shown = [getattr(line, name) for line in types if getattr(line, name) is not None]
        return None if whole is None else whole - sum(shown)

    return Line(None, _("Overige open interventies samen"), left("first_year"), left("second_year"), left("together"))
