"""Pages of the employer's budget: kept and answered by him, seen by physician and case manager (R56, R12)."""

import pytest

from billing.budget_tables import BudgetState
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from cases.tables import ConsentScope
from tests.billing.office import CONF, Office
from tests.medical.test_release_budget import Purse
from tests.portal.open_pages import faults_of, tasks_of, words_of
from tests.portal.visitors import SignIn, Visitor

PATH = "/werkgever/budget"
CHANGE = f"{PATH}/wijzigen"


@pytest.fixture
def purse(office: Office) -> Purse:
    return Purse(office)


@pytest.fixture
def employer(purse: Purse, sign_in: SignIn) -> Visitor:
    return sign_in(purse.employer)


def test_a_budget_is_kept_with_its_history(purse: Purse, employer: Visitor) -> None:
    """R56."""
    assert "geen grens gesteld" in words_of(employer.get(PATH).text)
    assert len(faults_of(employer.send(CHANGE, per_case_cents="veel", valid_from="01-01-2020").text)) == 1
    assert len(faults_of(employer.send(CHANGE, per_case_cents="5", valid_from="01-01-2020").text)) == 1
    for cents in ("2.500,00", "3.000,00"):
        day = "01-01-2027"
        assert employer.send(CHANGE, per_case_cents=cents, per_year_cents="10.000", valid_from=day).status_code == 303
    page = words_of(employer.get(PATH).text).replace("\xa0", " ")
    assert page.index("€ 3.000,00") < page.index("€ 2.500,00")


def test_from_the_referral_to_the_refusal(purse: Purse, employer: Visitor, sign_in: SignIn) -> None:
    """R12, R56: the physician sees that it waits, the employer reads nothing of health, both find the refusal again."""
    purse.limit(per_case=0)
    sick = purse.sick(ConsentScope.EMPLOYER)
    done = purse.office.issued(sick, CONF)
    physician, manager = sign_in(purse.office.physician), sign_in(purse.manager)
    referral = f"/arts/verwijzingen/{done.id}"
    assert "Wacht op de werkgever" in words_of(physician.get(referral).text)
    assert "Boven het budget van de werkgever" in words_of(physician.get("/arts").text)
    (asked,) = purse.asked()
    assert tasks_of(employer.get("/werkgever").text)[0] == f"{asked.number}: {CONFIDENTIAL_TEXT}"
    for path in ("/werkgever", PATH, f"{PATH}/{asked.id}"):
        page = words_of(employer.get(path).text, "//html")
        assert "sycholog" not in page
        assert "Zilverberk" not in page
    assert employer.send(f"{PATH}/{asked.id}", agrees="no").status_code == 422
    assert employer.send(f"{PATH}/{asked.id}", agrees="no", reason="not_now").status_code == 303
    assert employer.send(f"{PATH}/{asked.id}", agrees="yes").status_code == 409
    assert "Advies niet opgevolgd" in words_of(physician.get(referral).text)
    assert "Advies niet opgevolgd" in words_of(manager.get(f"/regie/dossiers/{sick.case_id}").text)
    past = physician.get(f"/arts/dossiers/{sick.case_id}/toen?day={asked.asked_on:%d-%m-%Y}")
    assert "Advies niet opgevolgd" in words_of(past.text)
    assert physician.send(f"{referral}/budget").status_code == 303
    assert [each.state for each in purse.asked()] == [BudgetState.ASKED, BudgetState.REFUSED]


def test_what_is_not_there_and_what_is_not_his_is_the_same(purse: Purse, sign_in: SignIn) -> None:
    """R70."""
    purse.limit(per_case=0)
    purse.office.issued(purse.sick(ConsentScope.EMPLOYER), CONF)
    (asked,) = purse.asked()
    stranger = sign_in(purse.office.employer("Andere firma"))
    for path in (f"{PATH}/{asked.id}", f"{PATH}/{purse.office.world.tenant_id}"):
        assert stranger.get(path).status_code == 404
