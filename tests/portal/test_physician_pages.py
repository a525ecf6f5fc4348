"""The pages of physician and delegate: each one filled and empty, what each may do, and what bad input gets."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from cases.cases_read import get_case
from cases.consents import list_consents
from cases.tables import ConsentScope
from core.clock import today
from identity.roles import Role
from medical.cases.assessments import current_assessment
from medical.referrals.ask import ask_information
from medical.referrals.forms import WordsForm
from medical.tables import ReferralState
from network.tables import SavedSearch
from tests.medical.stage import MEDICAL, OPEN, Stage, set_stage
from tests.network.offers import add_offering
from tests.portal.open_pages import pages
from tests.portal.reading import choices, field, find, main_of, selected, words
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

LISTS = (
    "/arts",
    "/arts/zonder-oordeel",
    "/arts/dossiers",
    "/arts/dossiers?state=all",
    "/arts/zoeken",
    "/arts/zoeken/favorieten",
    "/arts/zoeken/bewaard",
    "/arts/verwijzingen",
    "/arts/mandaten",
)
OUTSIDERS = sorted(set(Role) - {Role.PHYSICIAN, Role.DELEGATE, Role.SYSTEM})


def case_path(stage: Stage, rest: str = "") -> str:
    return f"/arts/dossiers/{stage.case_id}{rest}"


def paths_of(stage: Stage) -> dict[str, str]:
    """Every page there is, by its template of an address, for a case with a referral of each kind."""
    reported, running = stage.in_state(ReferralState.REPORTED), stage.in_state(ReferralState.RUNNING, MEDICAL)
    asked = asked_about(stage)
    draft = stage.draft(OPEN, goal="Iets anders").id
    issued = stage.issued(OPEN, goal="Nog iets anders").id
    other = add_offering(stage.world, stage.provider_id, intervention=OPEN, title="Een ander aanbod")
    saved = saved_search(stage)
    consent, mandate = stage.consent(ConsentScope.INSURER), stage.mandate()
    case, referral = case_path(stage), "/arts/verwijzingen"
    return {
        "/arts": "/arts",
        "/arts/zonder-oordeel": "/arts/zonder-oordeel",
        "/arts/waarschuwingen": "/arts/waarschuwingen",
        "/arts/rapport": "/arts/rapport",
        "/arts/dossiers": "/arts/dossiers",
        "/arts/dossiers/nieuw": "/arts/dossiers/nieuw",
        "/arts/dossiers/{case_id}": case,
        "/arts/dossiers/{case_id}/stappen/{nr}": f"{case}/stappen/7",
        "/arts/dossiers/{case_id}/herstel": f"{case}/herstel",
        "/arts/dossiers/{case_id}/afsluiten": f"{case}/afsluiten",
        "/arts/dossiers/{case_id}/oordeel": f"{case}/oordeel",
        "/arts/dossiers/{case_id}/toestemming": f"{case}/toestemming?scope=employer",
        "/arts/dossiers/{case_id}/toestemming/geschiedenis": f"{case}/toestemming/geschiedenis",
        "/arts/dossiers/{case_id}/toen": f"{case}/toen?day={today():%d-%m-%Y}",
        "/arts/dossiers/{case_id}/gedeeld": f"{case}/gedeeld",
        "/arts/dossiers/{case_id}/bewaren": f"{case}/bewaren",
        "/arts/dossiers/{case_id}/toestemming/{consent_id}/intrekken": f"{case}/toestemming/{consent}/intrekken",
        "/arts/zoeken": "/arts/zoeken?q=aanbod&postcode=3511&sort=distance",
        "/arts/zoeken/vergelijken": f"/arts/zoeken/vergelijken?offering={other}&offering={stage.offering()}&cause=M01",
        "/arts/zoeken/favorieten": "/arts/zoeken/favorieten",
        "/arts/zoeken/bewaard": "/arts/zoeken/bewaard",
        "/arts/zoeken/bewaard/nieuw": f"/arts/zoeken/bewaard/nieuw?cause=M01&week=3&dossier={stage.case_id}",
        "/arts/zoeken/bewaard/{search_id}": f"/arts/zoeken/bewaard/{saved}",
        "/arts/zoeken/bewaard/{search_id}/wijzigen": f"/arts/zoeken/bewaard/{saved}/wijzigen",
        "/arts/zoeken/aanbod/{offering_id}": f"/arts/zoeken/aanbod/{other}?dossier={stage.case_id}",
        "/arts/verwijzingen/nieuw": f"{referral}/nieuw?case_id={stage.case_id}&offering_id={other}",
        "/arts/verwijzingen": f"{referral}?q=V-",
        "/arts/verwijzingen/{referral_id}": f"{referral}/{reported}",
        "/arts/verwijzingen/{referral_id}/brief": f"{referral}/{reported}/brief",
        "/arts/verwijzingen/{referral_id}/bijlagen": f"{referral}/{issued}/bijlagen",
        "/arts/verwijzingen/{referral_id}/versturen": f"{referral}/{draft}/versturen",
        "/arts/verwijzingen/{referral_id}/wijzigen": f"{referral}/{draft}/wijzigen",
        "/arts/verwijzingen/{referral_id}/intrekken": f"{referral}/{issued}/intrekken",
        "/arts/verwijzingen/{referral_id}/terugsturen": f"{referral}/{draft}/terugsturen",
        "/arts/verwijzingen/{referral_id}/beantwoorden": f"{referral}/{asked}/beantwoorden",
        "/arts/verwijzingen/{referral_id}/onderbreken": f"{referral}/{running}/onderbreken",
        "/arts/verwijzingen/{referral_id}/afronden": f"{referral}/{reported}/afronden",
        "/arts/verwijzingen/{referral_id}/ander-aanbod/{offering_id}": f"{referral}/{issued}/ander-aanbod/{other}",
        "/arts/plekken": "/arts/plekken",
        "/arts/plekken/nieuw": f"/arts/plekken/nieuw?dossier={stage.case_id}&offering={other}",
        "/arts/mandaten": "/arts/mandaten",
        "/arts/mandaten/nieuw": "/arts/mandaten/nieuw",
        "/arts/mandaten/{mandate_id}/intrekken": f"/arts/mandaten/{mandate}/intrekken",
    }


def asked_about(stage: Stage) -> UUID:
    """A referral about which the provider asks something."""
    referral_id = stage.issued(OPEN, goal="Met een vraag").id
    with stage.acting(stage.provider) as session:
        ask_information(session, stage.provider, referral_id, WordsForm(words="Mag hij tillen?"))
    return referral_id


def saved_search(stage: Stage) -> UUID:
    """A search that the physician keeps for himself."""
    made = SavedSearch(
        tenant_id=stage.world.tenant_id,
        account_id=stage.physician.account,
        name="Psycholoog",
        filters={"cause": ["M01"], "max_price_cents": 12_550, "online": True},
    )
    stage.world.add(made)
    return made.id


OF_THE_PHYSICIAN_HIMSELF = {"/arts/zoeken/bewaard/{search_id}", "/arts/zoeken/bewaard/{search_id}/wijzigen"}
NOT_TO_BE_DONE_BY_HIM = {
    f"/arts/verwijzingen/{{referral_id}}/{act}" for act in ("terugsturen", "onderbreken", "afronden")
}
FOR_PHYSICIANS = {
    "/arts/dossiers/{case_id}/oordeel",
    "/arts/mandaten/nieuw",
    "/arts/mandaten/{mandate_id}/intrekken",
    "/arts/rapport",
}


def routes_of(app: FastAPI, method: str) -> set[str]:
    routes = iter_route_contexts(app.routes)
    return {str(r.path) for r in routes if str(r.path).startswith("/arts") and method in (r.methods or ())}


def test_every_page_is_there_for_the_physician_and_for_the_delegate_what_is_his(
    app: FastAPI, stage: Stage, physician: Visitor, delegate: Visitor
) -> None:
    stage.judge(medical=False)
    paths = paths_of(stage)
    # These are there while one is waited for or held; test_physician_estimates.py, test_emergency_pages.py and
    # test_keeping_pages.py hold them.
    elsewhere = pages(app, "/arts/noodtoegang") | {"/arts/verwijzingen/{referral_id}/dagen"}
    elsewhere |= {"/arts/dossiers/{case_id}/bewaren/einde"}
    assert set(paths) == pages(app, "/arts") - elsewhere
    for template, path in paths.items():
        page = physician.get(path)
        if page.status_code == 303:
            page = physician.get(page.headers["location"])
        assert page.status_code == 200, path
        assert len(re.findall("<h1", page.text)) == 1, path
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        assert len(ids) == len(set(ids)), path
        refused = 403 if template in FOR_PHYSICIANS else 404 if template in OF_THE_PHYSICIAN_HIMSELF else 200
        refused = 409 if template in NOT_TO_BE_DONE_BY_HIM else refused
        assert delegate.get(path).status_code == refused, path


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.DELEGATE])
@pytest.mark.parametrize("path", LISTS)
def test_an_empty_page_says_what_will_be_there(world: World, sign_in: SignIn, role: Role, path: str) -> None:
    page = sign_in(world.actor(role)).get(path)
    assert page.status_code == 200
    assert 'class="empty"' in page.text
    assert '<p class="empty-what">' in page.text


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nobody_else_comes_in(app: FastAPI, stage: Stage, sign_in: SignIn, role: Role) -> None:
    organisation = stage.employer_id if role in (Role.EMPLOYER, Role.EMPLOYEE) else None
    subject = stage.employee_id if role is Role.EMPLOYEE else None
    employers = (stage.employer_id,) if role is Role.CASE_MANAGER else ()
    visitor = sign_in(stage.world.actor(role, organisation, employers=employers, subject_id=subject))
    expected = 404 if role in (Role.EMPLOYER, Role.INSURER) else 403
    known = {"case_id": stage.case_id, "offering_id": stage.offering(), "nr": 7, "week": 9}
    for method in ("GET", "POST"):
        for template in routes_of(app, method):
            path = re.sub(r"{(\w+)}", lambda found: str(known.get(found[1], uuid4())), template)
            answer = visitor.get(path) if method == "GET" else visitor.send(path)
            assert answer.status_code == expected, (method, path)
            assert "J. de Wit" not in answer.text


def test_what_is_of_another_employer_is_not_there_for_the_delegate(stage: Stage, delegate: Visitor) -> None:
    """R17."""
    stage.judge(medical=False)
    other = stage.elsewhere()
    referral = other.issued().id
    for path in (case_path(other), case_path(other, "/toestemming"), f"/arts/verwijzingen/{referral}"):
        assert delegate.get(path).status_code == 404
    start = f"/arts/verwijzingen/nieuw?case_id={other.case_id}&offering_id={stage.offering(OPEN)}"
    assert delegate.get(start).status_code == 404
    assert delegate.get(f"/arts/dossiers/{uuid4()}").status_code == 404


def test_a_form_without_its_token_does_nothing(stage: Stage, physician: Visitor) -> None:
    answer = physician.send_bare(case_path(stage, "/oordeel"), cause="M01", medical="yes")
    assert answer.status_code == 403
    with stage.acting(stage.physician) as session:
        assert current_assessment(session, stage.physician, stage.case_id) is None


def test_a_case_is_opened_and_the_same_report_again_leads_to_it(stage: Stage, physician: Visitor) -> None:
    report = {"employer_id": stage.employer_id, "employee_ref": "A-17", "first_sick_day": today(), "postcode": "3511AB"}
    first = physician.send("/arts/dossiers/nieuw", **report)
    again = physician.send("/arts/dossiers/nieuw", **report)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    page = physician.get(first.headers["location"]).text
    assert "A-17" in page
    assert "Ziekteweek 1," in page


def test_a_report_with_faults_comes_back_with_what_was_typed(stage: Stage, physician: Visitor) -> None:
    typed = {"employee_ref": "111222333", "first_sick_day": today() + timedelta(days=3), "postcode": "0000"}
    page = physician.send("/arts/dossiers/nieuw", employer_id=stage.employer_id, employee_name="Ada", **typed)
    assert page.status_code == 422
    assert "burgerservicenummer" in page.text
    assert "moet nog komen" in page.text
    assert field(page.text, "employee_name") == "Ada"
    for name, value in typed.items():
        assert field(page.text, name) == str(value)
    assert selected(page.text, "employer_id") == [str(stage.employer_id)]


def test_a_report_that_does_not_fit_leaves_nothing_behind(stage: Stage, physician: Visitor) -> None:
    report = {"employer_id": stage.employer_id, "employee_ref": "A-18", "first_sick_day": today()}
    path = physician.send("/arts/dossiers/nieuw", **report).headers["location"]
    earlier = report | {"first_sick_day": today() - timedelta(days=4), "employee_name": "Niet bewaren"}
    page = physician.send("/arts/dossiers/nieuw", **earlier)
    assert page.status_code == 409
    assert "al ziek gemeld" in page.text
    assert "Niet bewaren" not in physician.get(path).text


def test_cases_are_filtered_from_the_address(stage: Stage, physician: Visitor) -> None:
    with stage.acting(stage.physician) as session:
        reference = get_case(session, stage.physician, stage.case_id).employee_reference
    assert reference in main_of(physician.get("/arts/dossiers", q=reference[2:6].lower(), year="1").text)
    assert "Geen dossier past" in physician.get("/arts/dossiers", year="2").text
    assert "Geen dossier past" in physician.get("/arts/dossiers", state="closed").text
    assert physician.get("/arts/dossiers", page="nul").status_code == 200


def test_the_physician_judges_and_there_is_no_default(stage: Stage, physician: Visitor) -> None:
    """R3."""
    page = physician.get(case_path(stage)).text
    assert choices(page, "medical") == ["yes", "no"]
    assert choices(page, "medical", "checked") == []
    faulty = physician.send(case_path(stage, "/oordeel"), cause="W02")
    assert faulty.status_code == 422
    assert selected(faulty.text, "cause") == ["W02"]
    assert physician.send(case_path(stage, "/oordeel"), cause="ZZ9", medical="no").status_code == 422
    assert physician.send(case_path(stage, "/oordeel"), cause="W02", medical="no").status_code == 303
    assert "Niet medisch" in main_of(physician.get(case_path(stage)).text)


def test_the_delegate_does_not_judge_and_reads_why(stage: Stage, delegate: Visitor) -> None:
    """R3."""
    page = main_of(delegate.get(case_path(stage)).text)
    assert 'name="medical"' not in page
    assert "Alleen de bedrijfsarts beoordeelt de oorzaak" in page
    assert delegate.send(case_path(stage, "/oordeel"), cause="W02", medical="no").status_code == 403
    with stage.acting(stage.physician) as session:
        assert current_assessment(session, stage.physician, stage.case_id) is None


def test_consents_are_given_together_and_withdrawn_one_by_one(stage: Stage, delegate: Visitor) -> None:
    path = case_path(stage, "/toestemming")
    faulty = delegate.send(path, scopes=["provider", "employer"], form="oral", given_on=today())
    assert faulty.status_code == 422
    assert choices(faulty.text, "scopes", "checked") == ["provider", "employer"]
    assert consents(stage) == []
    given = delegate.send(path, scopes=["provider", "employer"], form="oral", given_on=today(), told_of_forwarding="on")
    assert given.status_code == 303
    assert consents(stage) == [ConsentScope.EMPLOYER, ConsentScope.PROVIDER]
    withdraw = re.findall(rf'href="({path}/[^"]+/intrekken)"', delegate.get(case_path(stage)).text)
    assert len(withdraw) == 2
    assert "Vertrouwelijke verwijzingen die nog lopen, stoppen" in delegate.get(withdraw[0]).text
    assert delegate.send(withdraw[0]).status_code == 303
    assert consents(stage) == [ConsentScope.EMPLOYER]
    assert delegate.get(f"{path}/{uuid4()}/intrekken").status_code == 404


def consents(stage: Stage) -> list[ConsentScope]:
    with stage.acting(stage.physician) as session:
        found = list_consents(session, stage.physician, stage.case_id).items
    return sorted(consent.scope for consent in found if consent.in_force)


def test_a_step_is_ticked_off_today_or_on_an_earlier_day(stage: Stage, physician: Visitor) -> None:
    page = main_of(physician.get(case_path(stage)).text)
    nr = re.findall(rf'action="{case_path(stage)}/stappen/(\d+)"', page)[0]
    faulty = physician.send(case_path(stage, f"/stappen/{nr}"), done_on=today() + timedelta(days=1))
    assert faulty.status_code == 422
    assert field(faulty.text, "done_on") == str(today() + timedelta(days=1))
    done = physician.send(case_path(stage, f"/stappen/{nr}"), done_on=today() - timedelta(days=1))
    assert done.status_code == 303
    assert done.headers["location"].endswith("#stappen")
    assert "Gedaan (1)" in physician.get(case_path(stage)).text
    (undo,) = undoings(physician.get(case_path(stage)).text)
    assert physician.send(undo).status_code == 303
    assert physician.send(undo).status_code == 303
    page = physician.get(case_path(stage)).text
    assert undoings(page) == []
    assert f'action="{case_path(stage)}/stappen/{nr}"' in page
    assert physician.send(case_path(stage, f"/stappen/{nr}/99/ongedaan")).status_code == 404
    assert physician.get(case_path(stage, "/stappen/999")).status_code == 404


def undoings(page: str) -> list[str]:
    """Return where the buttons lead that take a step back."""
    return [str(action) for action in find(page, '//form[contains(@action, "/ongedaan")]/@action')]


def test_the_picture_shows_what_is_to_come_and_what_runs(world: World, sign_in: SignIn) -> None:
    stage = set_stage(world, sick_for_days=41 * 7)
    stage.in_state(ReferralState.RUNNING)
    page = sign_in(stage.physician).get(case_path(stage)).text
    terms = {words(each.xpath(".//strong")[0]): each for each in find(page, '//*[contains(@class, "terms")]/li')}
    assert "Probleemanalyse" not in terms  # its date passed before the case came here
    assert terms["Melding UWV"].get("class") == "soon"
    assert terms["Laatste start spoor 2"].get("class") == "coming"
    assert "week 58" in words(terms["Laatste start spoor 2"])
    assert "week 42 tot en met 42" in words(terms["Arbeidsdeskundig onderzoek"])


def test_recovery_closes_the_case_and_its_acts(stage: Stage, physician: Visitor) -> None:
    """R67."""
    early = physician.send(case_path(stage, "/herstel"), recovered_on=today() - timedelta(days=90))
    assert early.status_code == 422
    assert field(early.text, "recovered_on") == str(today() - timedelta(days=90))
    assert physician.send(case_path(stage, "/herstel"), recovered_on=today()).status_code == 303
    page = main_of(physician.get(case_path(stage)).text)
    assert "Hersteld op" in page
    assert "Nazorg tot" in page
    assert "Zoek een interventie" not in page
    assert physician.send(case_path(stage, "/oordeel"), cause="W02", medical="no").status_code == 409
    assert "Hersteld op" in physician.get("/arts/dossiers?state=closed").text
