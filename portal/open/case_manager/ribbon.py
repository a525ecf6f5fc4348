"""The 104 weeks of a case as the employer's side may see them: the steps, and the open interventions."""

from collections.abc import Iterator, Sequence

from cases.cases_read import CaseView
from cases.clock import Timeline
from cases.progress import ProgressView
from cases.tables import ProgressState
from cases.weeks import sickness_week
from network.taxonomy import interventions
from portal.figures.poortwachter import terms_of
from portal.figures.ribbon import Ribbon, Span

GOES_ON = frozenset({ProgressState.REQUESTED, ProgressState.RUNNING})


def ribbon_of(case: CaseView, clock: Timeline, progress: Sequence[ProgressView]) -> Ribbon:
    """Return the picture of a case; what goes on reaches until now, what is over stands in its last week."""
    return Ribbon(now_week=case.sickness_week, terms=tuple(terms_of(clock)), spans=tuple(_spans(case, progress)))


def _spans(case: CaseView, progress: Sequence[ProgressView]) -> Iterator[Span]:
    for each in progress:
        if each.state is not ProgressState.STOPPED and each.changed_on >= case.first_sick_day:
            week = sickness_week(case.spells, each.changed_on)
            until = case.sickness_week if each.state in GOES_ON else week
            yield Span(week, until, interventions()[each.intervention].name)
