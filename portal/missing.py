"""What the law misses in a case, as a task and as a search; the same for both sides, each with its own addresses."""

from urllib.parse import urlencode

from cases.warnings import Warned
from core.language import _
from portal.blocks import Task
from portal.case_words import missing_until, missing_words

PAGE_SIZE = 50
MOST_ON_WORKLIST = 5


def missing_task(warned: Warned, cases: str) -> Task:
    """Return what is missing as a task that leads to the case, below the address of the cases."""
    case = warned.case
    about = _("%(who)s, %(employer)s, ziekteweek %(week)s. %(until)s") % {
        "who": case.employee_name or case.employee_reference,
        "employer": case.employer_name,
        "week": case.sickness_week,
        "until": missing_until(warned),
    }
    return Task(
        title=missing_words(warned),
        href=f"{cases}/{case.id}",
        act=_("Open dossier"),
        about=about,
        tag=_("Te laat") if warned.late else "",
        tone="bad" if warned.late else "",
    )


def search_for(warned: Warned, **known: object) -> str:
    """Return the query string of a search for what is missing, with what is known of the case and what is added."""
    case = warned.case
    facts = {**known, "week": case.sickness_week, "postcode": case.postcode, "sort": "fit"}
    chosen = [(name, str(value)) for name, value in facts.items() if value is not None]
    return urlencode([*chosen, *(("intervention", code) for code in warned.interventions)])
