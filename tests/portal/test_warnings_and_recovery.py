"""Warnings and recovery in the portal: what is missing, what still goes on, and aftercare on the worklists."""

import pytest

from cases.cases_recovery import record_recovery
from core.clock import today
from core.database import Door
from identity.roles import Role
from medical.tables import ReferralState
from tests.medical.stage import Stage, set_stage
from tests.portal.open_pages import tasks_of, words_of
from tests.portal.visitors import SignIn
from tests.world import World

WEEK_45 = 44 * 7


@pytest.fixture
def stage(world: World) -> Stage:
    """Somebody in the forty-fifth week of his absence."""
    return set_stage(world, sick_for_days=WEEK_45)


def recover(stage: Stage) -> None:
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        record_recovery(session, stage.case_manager, stage.case_id, today())


def test_physician_and_case_manager_are_told_what_is_missing_and_where_to_find_it(
    sign_in: SignIn, stage: Stage
) -> None:
    """R66."""
    for actor, home, search in (
        (stage.physician, "/arts", f"/arts/zoeken?dossier={stage.case_id}&amp;week=45"),
        (stage.case_manager, "/regie", f"/regie/dossiers/{stage.case_id}/zoeken?week=45"),
    ):
        visitor = sign_in(actor)
        assert "Nog geen arbeidsdeskundig onderzoek" in tasks_of(visitor.get(home).text)
        case = visitor.get(f"{home}/dossiers/{stage.case_id}").text
        assert "Het hoort er te zijn voor het einde van week 51" in words_of(case)
        assert search in case
        assert visitor.get(search.replace("&amp;", "&") + "&intervention=ADO&sort=fit").status_code == 200
        assert "1 waarschuwing" in words_of(visitor.get(f"{home}/waarschuwingen").text)


def test_without_warnings_the_page_says_what_will_come(sign_in: SignIn, world: World) -> None:
    early = set_stage(world)
    for actor, home in ((early.physician, "/arts"), (early.case_manager, "/regie")):
        assert "Er mist nu niets." in words_of(sign_in(actor).get(f"{home}/waarschuwingen").text)


def test_after_recovery_what_goes_on_is_offered_at_once(sign_in: SignIn, stage: Stage) -> None:
    """R67."""
    first = stage.issued("ADO").id
    left = stage.refer(stage.physician, "MED").id
    visitor = sign_in(stage.physician)
    path = f"/arts/dossiers/{stage.case_id}"
    assert visitor.send(f"{path}/herstel", recovered_on=today()).headers["location"] == f"{path}/afsluiten"
    page = visitor.get(f"{path}/afsluiten").text
    assert page.count("checked") == 2
    assert visitor.send(f"{path}/afsluiten", referral=[str(first)]).headers["location"] == path
    assert (stage.row(first).state, stage.row(left).state) == ("withdrawn", "issued")
    assert "Er loopt nog 1 verwijzing" in words_of(visitor.get(path).text)


def test_recovery_that_the_case_manager_records_comes_to_the_physicians_worklist(sign_in: SignIn, stage: Stage) -> None:
    """R67."""
    stage.in_state(ReferralState.RUNNING)
    visitor = sign_in(stage.physician)
    assert "Hersteld, maar" not in visitor.get("/arts").text
    recover(stage)
    assert "Arbeidsdeskundig onderzoek: loopt nog na herstel" in tasks_of(visitor.get("/arts").text)


def test_a_report_is_offered_to_read_and_not_to_take_back(sign_in: SignIn, stage: Stage) -> None:
    referral_id = stage.in_state(ReferralState.REPORTED)
    recover(stage)
    page = sign_in(stage.physician).get(f"/arts/dossiers/{stage.case_id}/afsluiten").text
    assert "Eerst nog te lezen" in words_of(page)
    assert f"/arts/verwijzingen/{referral_id}" in page
    assert "checkbox" not in page


def test_a_delegate_is_refused_what_the_physician_sent_and_keeps_his_page(sign_in: SignIn, stage: Stage) -> None:
    referral_id = stage.issued().id
    recover(stage)
    answer = sign_in(stage.delegate).send(f"/arts/dossiers/{stage.case_id}/afsluiten", referral=[str(referral_id)])
    assert answer.status_code == 403
    assert "De bedrijfsarts gaat hierover." in words_of(answer.text)
    assert stage.row(referral_id).state == "issued"


def test_without_anything_open_recovery_leads_back_to_the_case(sign_in: SignIn, stage: Stage) -> None:
    visitor = sign_in(stage.physician)
    path = f"/arts/dossiers/{stage.case_id}"
    assert visitor.send(f"{path}/herstel", recovered_on=today()).headers["location"] == path
    assert "Er loopt niets meer voor dit dossier." in words_of(visitor.get(f"{path}/afsluiten").text)


def test_aftercare_stands_on_the_worklists_of_employer_and_case_manager(sign_in: SignIn, world: World) -> None:
    """R67."""
    stage = set_stage(world, sick_for_days=40)
    recover(stage)
    employer = world.actor(Role.EMPLOYER, stage.employer_id)
    for actor, home in ((employer, "/werkgever"), (stage.case_manager, "/regie")):
        assert "Nazorg: vraag hoe het gaat" in tasks_of(sign_in(actor).get(home).text)
