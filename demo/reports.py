"""The yearly reports of the demo: what was begun in the two years before, by people who have recovered since."""

from datetime import date
from random import Random
from uuid import UUID

from core.clock import today
from core.database import Door
from demo.people import demo_id
from demo.stage import Stage
from identity.actor import system
from medical.hatch.reports import Begun, publish_report, report
from network.settings import arbodienst_settings
from network.taxonomy import interventions

EMPLOYERS = {"zonneveld": 70, "duinwijk": 6}
"""How many people began something in a year."""

USUAL = ("ADO", "ADO", "ADO", "WPO", "WPO", "SP2", "SP2", "MED", "LPB", "LWO", "PSY", "PSY", "FYS", "BMW", "COA")


def publish_years(stage: Stage) -> None:
    """Publish the reports of the last two years that are over, as they would have been."""
    actor = system(demo_id("organisation:arbo"))
    for year in (today().year - 2, today().year - 1):
        with stage.acting(actor, (today() - date(year + 1, 1, 1)).days, Door.SYSTEM_CARE) as act:
            k = arbodienst_settings(act.session, actor).suppression_k
            begun = [
                each for key, count in EMPLOYERS.items() for each in _begun(demo_id(f"organisation:{key}"), count, year)
            ]
            for employer_id in (None, *(demo_id(f"organisation:{key}") for key in EMPLOYERS)):
                own = [each for each in begun if employer_id in (None, each.employer_id)]
                publish_report(act.session, actor, employer_id, year, k, report(own, k))


def _begun(employer_id: UUID, count: int, year: int) -> list[Begun]:
    random = Random(f"report-{employer_id}-{year}")  # noqa: S311 -- the same demo every time, no secret
    made = []
    for nth in range(count):
        code = random.choice(USUAL)
        disclosure = interventions()[code].disclosure
        sickness_year = 2 if code in ("SP2", "LWO") or random.random() < 0.2 else 1
        made.append(Begun(year, employer_id, UUID(int=nth), disclosure, code, sickness_year))
    return made
