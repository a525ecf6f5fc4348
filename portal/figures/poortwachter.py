"""The dates that count most in the 104 weeks of a case, as terms of its ribbon (R65)."""

from collections.abc import Iterator
from datetime import timedelta

from cases.clock import StepView, Timeline
from core.clock import today
from core.language import _
from portal.figures.ribbon import Term, TermState

SOON = timedelta(days=14)
LAST_START_OF_TRACK_2 = 36
FILING_FOR_WIA = 46
LATEST = frozenset({LAST_START_OF_TRACK_2, FILING_FOR_WIA})
"""Steps after which there is no way back."""

FOR_WHOEVER_GUARDS = frozenset({15, 18, 25, 30, 34, LAST_START_OF_TRACK_2, 40, 43, FILING_FOR_WIA})
FOR_WHOEVER_TREATS = frozenset({15, 18, 21, 25, 34, LAST_START_OF_TRACK_2, 37, 40, 44, FILING_FOR_WIA})
"""The steps that a picture has room for, for each side."""


def terms_of(clock: Timeline, shown: frozenset[int] = FOR_WHOEVER_GUARDS) -> Iterator[Term]:
    """Yield the terms of a timeline that a picture shows; each reader's timeline holds only what he may know."""
    names = short_names()
    for step in clock.steps:
        state = term_state(step)
        if step.nr in shown and state is not None and step.due_on is not None and step.week is not None:
            yield Term(step.week - step.before, names[step.nr], step.due_on, state, latest=step.nr in LATEST)


def term_state(step: StepView) -> TermState | None:
    """Return how a step stands; none when its date passed before the case came here, for then nobody here knows."""
    if step.done:
        return TermState.DONE
    if step.overdue:
        return TermState.LATE
    if step.due_on is None or step.due_on < today():
        return None
    return TermState.SOON if step.due_on - today() <= SOON else TermState.COMING


def short_names() -> dict[int, str]:
    """Return names of steps that are short enough to stand in a picture (R65)."""
    return {
        15: _("Probleemanalyse"),
        18: _("Plan van aanpak"),
        21: _("Spreekuur"),
        25: _("Melding UWV"),
        30: _("Arbeidsdeskundig onderzoek"),
        34: _("Eerstejaarsevaluatie"),
        LAST_START_OF_TRACK_2: _("Laatste start spoor 2"),
        37: _("Vervroegde WIA"),
        40: _("Actueel oordeel"),
        43: _("Eindevaluatie"),
        44: _("Re-integratieverslag"),
        FILING_FOR_WIA: _("WIA-aanvraag"),
    }
