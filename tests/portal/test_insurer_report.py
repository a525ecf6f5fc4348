"""The insurer's report of a year as a person and as a program read it (R62)."""

from core.clock import today
from core.database import Database
from tests.api.callers import callers
from tests.billing.office import CONF, Office
from tests.medical.test_release_insurer_reports import asked_for, insured, published, sick
from tests.medical.test_release_reports import YEAR, begin
from tests.portal.open_pages import words_of
from tests.portal.visitors import SignIn

REPORT = "/verzekeraar/rapport"


def test_the_report_of_a_year_on_the_page_and_over_json(office: Office, sign_in: SignIn, database: Database) -> None:
    """R62."""
    employer = office.employer()
    insurer = insured(office, employer)
    asked_for(office, employer, CONF)
    begin(office, sick(office, employer, 6), CONF)
    published(office)
    visitor, api = sign_in(insurer), callers(database, office.world)(insurer)
    running = words_of(visitor.get(REPORT).text)
    assert "Alle aanvragen 1 0 0 0 1 0" in running
    assert "als het jaar voorbij is" in running
    over = words_of(visitor.get(REPORT, jaar=str(YEAR)).text)
    assert "Vertrouwelijke interventies 6" in over
    assert "Alle open interventies niet getoond" in over
    found = api.get("/portfolio-reports", params={"year": YEAR}).json()
    assert found["helped"]["confidential"] == {
        "intervention": None,
        "label": "Vertrouwelijke interventies",
        "persons": 6,
        "suppressed": False,
    }
    assert found["helped"]["open"]["suppressed"] is True
    now = api.get("/portfolio-reports").json()
    assert (now["year"], now["helped"], now["all_requests"]["asked"]) == (today().year, None, 1)
    assert now["all_requests"]["amount_asked"]["cents"] == 500_00
    assert api.get("/portfolio-reports", params={"year": 1999}).status_code == 404
    for stranger in (employer, office.case_manager(employer), office.physician):
        assert callers(database, office.world)(stranger).get("/portfolio-reports").status_code in (403, 404)
