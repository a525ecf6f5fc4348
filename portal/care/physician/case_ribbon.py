"""The 104 weeks of one case as a picture: the dates that count most, and what runs in between."""

from collections.abc import Iterator
from datetime import timedelta

from cases.clock import StepView, Timeline
from cases.weeks import sickness_week
from core.clock import AMSTERDAM, today
from core.language import _
from medical.cases_read import MedicalCase
from medical.referral_views import ReferralLine
from medical.tables import ReferralState
from portal.figures.ribbon import Ribbon, Span, Term, TermState

SOON = timedelta(days=14)
LAST_START_OF_TRACK_2 = 36
LATEST = frozenset({LAST_START_OF_TRACK_2, 46})
"""Steps after which there is no way back: starting track 2, and filing for the WIA."""


RUNS = frozenset({ReferralState.RUNNING, ReferralState.REPORTED})


def ribbon_of(found: MedicalCase, clock: Timeline) -> Ribbon:
    """Return the picture of a case; the list of all its steps stands elsewhere on the page."""
    spans = (_span(found, line) for line in found.referrals.items if line.started_on is not None)
    return Ribbon(now_week=found.case.sickness_week, terms=tuple(_terms(clock)), spans=tuple(spans))


def _span(found: MedicalCase, line: ReferralLine) -> Span:
    """Return an intervention from the day on which it began until it was over, or until now."""
    ended = today() if line.state in RUNS else line.state_since.astimezone(AMSTERDAM).date()
    spells = found.case.spells
    return Span(sickness_week(spells, line.started_on or ended), sickness_week(spells, ended), line.intervention_label)


def _terms(clock: Timeline) -> Iterator[Term]:
    names = _names()
    for step in clock.steps:
        state = _state(step)
        if step.nr in names and state is not None and step.due_on is not None and step.week is not None:
            yield Term(step.week - step.before, names[step.nr], step.due_on, state, latest=step.nr in LATEST)


def _state(step: StepView) -> TermState | None:
    """Return how a step stands; none when its date passed before the case came here, for then nobody here knows."""
    if step.done:
        return TermState.DONE
    if step.overdue:
        return TermState.LATE
    if step.due_on is None or step.due_on < today():
        return None
    return TermState.SOON if step.due_on - today() <= SOON else TermState.COMING


def _names() -> dict[int, str]:
    """Return the steps that the picture shows, under names that are short enough to stand in it (R65)."""
    return {
        15: _("Probleemanalyse"),
        18: _("Plan van aanpak"),
        21: _("Spreekuur"),
        25: _("Melding UWV"),
        34: _("Eerstejaarsevaluatie"),
        LAST_START_OF_TRACK_2: _("Laatste start spoor 2"),
        37: _("Vervroegde WIA"),
        40: _("Actueel oordeel"),
        44: _("Re-integratieverslag"),
        46: _("WIA-aanvraag"),
    }
