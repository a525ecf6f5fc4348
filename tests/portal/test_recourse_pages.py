"""A liable party on the pages and over the API: the case manager marks it, the employer reads what to claim back."""

from core.clock import today
from core.database import Database
from identity.actor import Actor
from tests.api.callers import callers
from tests.billing.office import OPEN, PROVIDER_NAME, Office
from tests.portal.open_pages import words_of
from tests.portal.visitors import SignIn


def test_a_claim_is_marked_by_the_case_manager_and_read_by_the_employer(
    office: Office, employer: Actor, sign_in: SignIn
) -> None:
    """R63."""
    sick = office.supplied(employer, intervention=OPEN)
    office.run()
    manager, payer = sign_in(office.case_manager(employer)), sign_in(employer)
    theirs, own = f"/werkgever/stappen/{sick.case_id}", f"/regie/dossiers/{sick.case_id}"
    assert "Kosten die u kunt verhalen" not in payer.get(theirs).text
    assert manager.send(f"{own}/aansprakelijk", liable_party="on").headers["location"] == own
    assert "checked" in manager.get(own).text
    page = payer.get(theirs).text
    refused = manager.send(f"{own}/aansprakelijk", liable_party="misschien")
    assert refused.status_code == 422
    assert "checked" in manager.get(own).text, "what cannot be read is not taken for a no"
    claim = words_of(page).partition("Kosten die u kunt verhalen")[2]
    assert "Samen € 100,00" in claim
    assert PROVIDER_NAME not in page
    file = payer.get(f"{theirs}/verhaal.csv")
    assert file.text.splitlines()[1:] == [f"{today():%Y-%m};100,00", "samen;100,00"]
    assert "verhaalbare-kosten.csv" in file.headers["content-disposition"]
    assert manager.get(f"{theirs}/verhaal.csv").status_code in (403, 404)
    manager.send(f"{own}/aansprakelijk")
    assert "Kosten die u kunt verhalen" not in payer.get(theirs).text


def test_the_same_over_json(office: Office, employer: Actor, database: Database) -> None:
    """R63."""
    sick, call = office.supplied(employer, intervention=OPEN), callers(database, office.world)
    office.run()
    manager, payer = call(office.case_manager(employer)), call(employer)
    path = f"/cases/{sick.case_id}"
    assert payer.get(f"{path}/recourse-costs").status_code == 404
    assert payer.get(f"{path}/recourse-costs.csv").status_code == 404
    assert manager.put(f"{path}/liability", json={"liable_party": True}).json()["liable_party"] is True
    assert manager.put(f"{path}/liability", json={"liable_party": True, "who": "x"}).status_code == 422
    claim = payer.get(f"{path}/recourse-costs").json()
    euros = {"cents": 100_00, "currency": "EUR"}
    assert claim["months"] == [{"month": f"{today():%Y-%m}", "net": euros}]
    assert (claim["net"], claim["employee_ref"]) == (euros, sick.reference)
    assert payer.get(f"{path}/recourse-costs.csv").text.endswith("samen;100,00\r\n")
    assert manager.get(f"{path}/recourse-costs").status_code == 403
