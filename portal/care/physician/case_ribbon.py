"""The 104 weeks of one case as a picture: the dates that count most, and what runs in between."""

from cases.clock import Timeline
from cases.weeks import sickness_week
from core.clock import AMSTERDAM, today
from medical.cases.read import MedicalCase
from medical.referrals.views import ReferralLine
from medical.tables import ReferralState
from portal.figures.poortwachter import FOR_WHOEVER_TREATS, terms_of
from portal.figures.ribbon import Ribbon, Span

RUNS = frozenset({ReferralState.RUNNING, ReferralState.INTERRUPTED, ReferralState.REPORTED})


def ribbon_of(found: MedicalCase, clock: Timeline) -> Ribbon:
    """Return the picture of a case; the list of all its steps stands elsewhere on the page."""
    spans = (_span(found, line) for line in found.referrals.items if line.started_on is not None)
    terms = tuple(terms_of(clock, FOR_WHOEVER_TREATS))
    return Ribbon(now_week=found.case.sickness_week, terms=terms, spans=tuple(spans))


def _span(found: MedicalCase, line: ReferralLine) -> Span:
    """Return an intervention from the day on which it began until it was over, or until now."""
    ended = today() if line.state in RUNS else line.state_since.astimezone(AMSTERDAM).date()
    spells = found.case.spells
    return Span(sickness_week(spells, line.started_on or ended), sickness_week(spells, ended), line.intervention_label)
