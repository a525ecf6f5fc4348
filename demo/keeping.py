"""Of the demo: an employment that has ended, and a file that is kept beyond its term because of a dispute (R71)."""

from cases.cases_read import CaseFilter, list_cases
from cases.employment import Employment, end_employment
from cases.holds import Hold, hold_file
from cases.tables import OwnRisk
from core.clock import today
from core.database import Door
from demo.stage import Stage
from identity.retention_tables import HoldReason

RECOVERED = "Z-113"


def keep_longer(stage: Stage) -> None:
    """Let the case manager write down an end of employment, and the physician hold that file."""
    with stage.acting(stage.actors["cm"], 3, Door.OPEN) as act:
        (case,) = list_cases(act.session, act.actor, CaseFilter(q=RECOVERED)).items
        ended = Employment(employed_until=today(), own_risk=OwnRisk.ZW)
        end_employment(act.session, act.actor, case.id, ended)
    with stage.acting(stage.actors["ba"], 2) as act:
        hold_file(act.session, act.actor, case.id, Hold(reason=HoldReason.DISPUTE))
