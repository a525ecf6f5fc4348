"""The hatch: the one way by which anything leaves the medical room downwards, and the list of what does.

What it lets out are the values of `medical.release_values`: a clean charge, an insurer's share and what is given back
of them, a neutral request for co-financing or to the employer for what is above his budget, the progress of an OPEN
intervention, measured waits and outcomes, and the numbers of a yearly report. Each leaves a trace.
"""

from medical.release_answers import release_answers
from medical.release_borne import bear_release
from medical.release_budget import (
    advice_not_followed,
    ask_employer,
    budget_waiting,
    lapse_budget_requests,
    refuse_above_budget,
    requests_of,
    weigh_budget,
)
from medical.release_charges import ReleasedMonth, release_charges
from medical.release_cofinancing import release_cofinancing
from medical.release_cofinancing_ends import close_ended, lapse_after_withdrawal, lapse_ended
from medical.release_insurer_reports import release_insurer_reports
from medical.release_outcomes import release_outcomes
from medical.release_preview import charging_preview
from medical.release_preview_invoice import preview_release
from medical.release_progress import release_progress
from medical.release_reports import release_reports
from medical.release_run import run_charging
from medical.release_waits import release_waits

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
    "release_insurer_reports",
    "release_outcomes",
    "release_progress",
    "release_reports",
    "release_waits",
    "requests_of",
    "run_charging",
    "weigh_budget",
)
