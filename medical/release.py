"""The hatch: the one way by which anything leaves the medical room downwards, and the list of what does.

What it lets out are the values of `medical.hatch.values`: a clean charge, an insurer's share and what is given back
of them, a neutral request for co-financing or to the employer for what is above his budget, the progress of an OPEN
intervention, measured waits and outcomes, and the numbers of a yearly report. Each leaves a trace.
"""

from medical.hatch.answers import release_answers
from medical.hatch.borne import bear_release
from medical.hatch.budget import (
    advice_not_followed,
    ask_employer,
    budget_waiting,
    lapse_budget_requests,
    refuse_above_budget,
    requests_of,
    weigh_budget,
)
from medical.hatch.charges import ReleasedMonth, release_charges
from medical.hatch.cofinancing import release_cofinancing
from medical.hatch.cofinancing_ends import close_ended, lapse_after_withdrawal, lapse_ended
from medical.hatch.experience import release_experience
from medical.hatch.insurer_reports import release_insurer_reports
from medical.hatch.outcomes import release_outcomes
from medical.hatch.preview import charging_preview
from medical.hatch.preview_invoice import preview_release
from medical.hatch.progress import release_progress
from medical.hatch.reports import release_reports
from medical.hatch.run import run_charging
from medical.hatch.waits import release_waits

__all__ = (
    "ReleasedMonth",
    "advice_not_followed",
    "ask_employer",
    "bear_release",
    "budget_waiting",
    "charging_preview",
    "close_ended",
    "lapse_after_withdrawal",
    "lapse_budget_requests",
    "lapse_ended",
    "preview_release",
    "refuse_above_budget",
    "release_answers",
    "release_charges",
    "release_cofinancing",
    "release_experience",
    "release_insurer_reports",
    "release_outcomes",
    "release_progress",
    "release_reports",
    "release_waits",
    "requests_of",
    "run_charging",
    "weigh_budget",
)
