"""The pages of an employee: himself, what runs, his four switches, what was shared, and who looked."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from cases.consents import list_consents
from cases.tables import AbsenceCase, ConsentForm, ConsentScope, SickSpell
from core.clock import now, today
from core.database import Door
from identity.audit import record
from identity.roles import OrganisationKind, Role
from medical.cases.consents_withdrawn import stop_after_withdrawal
from medical.referrals.read import read_referral
from medical.referrals.reports import report_on_referral
from medical.tables import ReferralState
from network.taxonomy import causes
from tests.medical.stage import GOAL, MEDICAL, OPEN, QUESTION, Stage, report_form
from tests.portal.open_pages import (
    assert_forms_need_their_token,
    assert_nobody_else,
    chosen,
    faults_of,
    filled,
    pages,
    rows_of,
    typed,
    words_of,
)
from tests.portal.provider_desk import told
from tests.portal.reading import find
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

HOME = "/werknemer"
INTERVENTIONS, CONSENTS = f"{HOME}/interventies", f"{HOME}/toestemming"
SHARED, LOOKED = f"{HOME}/gedeeld", f"{HOME}/inzage"
LISTS = (HOME, INTERVENTIONS, CONSENTS, SHARED, LOOKED)


@pytest.fixture
def myself(stage: Stage, sign_in: SignIn) -> Visitor:
    return sign_in(stage.employee)


def switch_path(stage: Stage, scope: ConsentScope, act: str) -> str:
    return f"{CONSENTS}/{stage.case_id}/{scope.value}/{act}"


def in_force(stage: Stage) -> dict[ConsentScope, ConsentForm]:
    with stage.acting(stage.employee) as session:
        found = list_consents(session, stage.employee, stage.case_id).items
    return {consent.scope: consent.form for consent in found if consent.in_force}


def recover(stage: Stage) -> None:
    """Let the employee have recovered yesterday."""
    with Session(stage.world.database.owner) as session:
        session.exec(select(SickSpell).where(SickSpell.case_id == stage.case_id)).one().recovered_on = today()
        session.get_one(AbsenceCase, stage.case_id).closed_at = now()
        session.commit()


def test_every_page_is_there(app: FastAPI, stage: Stage, myself: Visitor) -> None:
    known = {"case_id": stage.case_id, "referral_id": stage.in_state(ReferralState.RUNNING)}
    templates = pages(app, HOME)
    assert len(templates) == 9
    for template in templates:
        path = filled(template.replace("{scope}", "provider"), known)
        page = myself.get(path)
        assert page.status_code == 200, (path, words_of(page.text))
        assert len(re.findall("<h1", page.text)) == 1, path
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        assert len(ids) == len(set(ids)), path
        assert len(find(page.text, '//nav[@class="nav"]//a[@aria-current="page"]')) == 1, path


def test_nobody_else_comes_in(app: FastAPI, world: World, stage: Stage, sign_in: SignIn) -> None:
    known = {"referral_id": stage.in_state(ReferralState.RUNNING), "case_id": stage.case_id}
    assert_nobody_else(app, HOME, world, sign_in, {Role.EMPLOYEE}, known)


def test_no_form_works_from_another_site(app: FastAPI, stage: Stage, myself: Visitor) -> None:
    assert_forms_need_their_token(app, HOME, myself, {"case_id": stage.case_id})
    assert in_force(stage) == {}


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_page_says_what_will_be_there(world: World, sign_in: SignIn, path: str) -> None:
    employer = world.organisation(OrganisationKind.EMPLOYER, "Bouwbedrijf Van Dam")
    nobody = world.actor(Role.EMPLOYEE, employer, subject_id=uuid4())
    page = sign_in(nobody).get(path)
    assert page.status_code == 200
    assert len(find(page.text, '//*[@class="empty"]')) == 1


def test_what_is_about_somebody_else_is_not_there(stage: Stage, myself: Visitor) -> None:
    other = stage.elsewhere()
    theirs = other.in_state(ReferralState.RUNNING)
    assert myself.get(f"{INTERVENTIONS}/{theirs}").status_code == 404
    assert myself.get(f"{INTERVENTIONS}/{uuid4()}").status_code == 404
    for act in ("geven", "intrekken"):
        path = switch_path(other, ConsentScope.PROVIDER, act)
        assert myself.get(path).status_code == 404, act
        assert myself.send(path).status_code == 404, act
    assert ConsentScope.PROVIDER in in_force(other)
    assert myself.get(INTERVENTIONS).text.count(str(theirs)) == 0


def test_a_draft_is_not_shown_before_it_is_sent(stage: Stage, myself: Visitor) -> None:
    draft = stage.draft(OPEN)
    assert myself.get(f"{INTERVENTIONS}/{draft.id}").status_code == 404
    assert "U bent nog naar niemand verwezen" in words_of(myself.get(INTERVENTIONS).text)


def test_where_he_lands_he_sees_his_week_and_what_comes(stage: Stage, myself: Visitor) -> None:
    stage.in_state(ReferralState.SCHEDULED)
    page = myself.get(HOME).text
    assert "Dit is ziekteweek 9, in het eerste ziektejaar." in words_of(page)
    days = [str(day) for day in find(page, '//*[@id="stappen"]//time/@datetime')]
    assert days == sorted(days)
    assert days[0] >= today().isoformat()
    planned = today() + timedelta(days=3)
    assert f"is op {planned.day} " in words_of(page, '//*[@id="interventies"]')


def test_after_recovery_nothing_comes_any_more(stage: Stage, myself: Visitor) -> None:
    recover(stage)
    page = myself.get(HOME).text
    assert "U bent hersteld sinds" in words_of(page)
    assert find(page, '//*[@id="stappen"]//time') == []
    consents = myself.get(CONSENTS).text
    assert find(consents, '//main//a[contains(@href, "/geven")]') == []


def test_an_intervention_is_told_in_plain_words_with_everything_in_it(stage: Stage, myself: Visitor) -> None:
    """R27."""
    stage.judge(medical=True, cause="M02")
    referral = stage.in_state(ReferralState.RUNNING, MEDICAL)
    stage.consent(ConsentScope.REPORT_BACK)
    with stage.acting(stage.provider) as session:
        report_on_referral(session, stage.provider, referral, report_form("Slaapt weer door."))
    page = words_of(myself.get(f"{INTERVENTIONS}/{referral}").text)
    for expected in (GOAL, QUESTION, causes()["M02"].name, "Slaapt weer door.", "Kan vier uur per dag werken."):
        assert expected in page, expected
    assert "Praktijk De Brug stuurde een verslag. De bedrijfsarts leest het." in page
    assert "Niet welke interventie dit is, niet wie u helpt en niet waarom." in page


def test_of_an_open_intervention_it_says_what_the_employer_knows(stage: Stage, myself: Visitor) -> None:
    page = words_of(myself.get(f"{INTERVENTIONS}/{stage.issued(OPEN).id}").text)
    assert "Dat dit soort interventie loopt, en hoe ver." in page


def test_he_says_once_what_he_thought_of_it(stage: Stage, myself: Visitor) -> None:
    """R75."""
    path = f"{INTERVENTIONS}/{stage.in_state(ReferralState.COMPLETED)}"
    assert "Wat vond u van deze hulp?" in words_of(myself.get(path).text)
    assert faults_of(myself.send(f"{path}/tevreden").text)
    assert "Dank u" in told(myself, myself.send(f"{path}/tevreden", score="4"))
    page = words_of(myself.get(path).text)
    assert "Tevreden Dit zei u zelf" in page
    assert "Wat vond u van deze hulp?" not in page
    assert myself.send(f"{path}/tevreden", score="1").status_code == 409


@pytest.mark.parametrize("scope", list(ConsentScope))
def test_each_switch_goes_on_and_off_after_a_look(stage: Stage, myself: Visitor, scope: ConsentScope) -> None:
    """R24."""
    give, withdraw = switch_path(stage, scope, "geven"), switch_path(stage, scope, "intrekken")
    look = myself.get(give)
    assert find(look.text, '//*[@class="sending"]//article')
    assert in_force(stage) == {}
    assert "Aan:" in told(myself, myself.send(give, told_of_forwarding="on"))
    assert in_force(stage) == {scope: ConsentForm.WRITTEN}
    assert f"{withdraw}" in find(myself.get(CONSENTS).text, "//main//a/@href")
    assert "Dit gaat meteen in" in words_of(myself.get(withdraw).text)
    assert in_force(stage) == {scope: ConsentForm.WRITTEN}
    assert "Uit:" in told(myself, myself.send(withdraw))
    assert in_force(stage) == {}
    assert myself.send(withdraw).status_code == 303
    assert "Dit staat al uit." in words_of(myself.get(withdraw).text)
    assert "uitgezet op" in words_of(myself.get(CONSENTS).text)


def test_giving_twice_is_once(stage: Stage, myself: Visitor) -> None:
    path = switch_path(stage, ConsentScope.PROVIDER, "geven")
    assert [myself.send(path).status_code for _twice in range(2)] == [303, 303]
    with stage.acting(stage.employee) as session:
        assert list_consents(session, stage.employee, stage.case_id).total == 1


def test_the_employer_may_know_only_when_one_knows_that_he_may_pass_it_on(stage: Stage, myself: Visitor) -> None:
    """R26."""
    path = switch_path(stage, ConsentScope.EMPLOYER, "geven")
    page = myself.send(path)
    assert page.status_code == 422
    assert "Ik weet dat mijn werkgever dit mag doorgeven" in faults_of(page.text)[0]
    assert in_force(stage) == {}


def test_a_scope_that_does_not_exist_is_refused(stage: Stage, myself: Visitor) -> None:
    assert myself.get(f"{CONSENTS}/{stage.case_id}/everybody/geven").status_code == 422


def test_withdrawing_names_who_stops_and_takes_his_view_at_once(stage: Stage, myself: Visitor, sign_in: SignIn) -> None:
    """R24."""
    consent = stage.consent()
    confidential = stage.refer(stage.physician, MEDICAL).id
    provider = sign_in(stage.provider)
    path = switch_path(stage, ConsentScope.PROVIDER, "intrekken")
    assert "Praktijk De Brug" in words_of(myself.get(path).text, '//*[@class="sending"]')
    assert GOAL in provider.get(f"/provider/verwijzingen/{confidential}").text
    myself.send(path)
    assert GOAL not in provider.get(f"/provider/verwijzingen/{confidential}").text
    with stage.acting(stage.system) as session:
        assert stop_after_withdrawal(session, stage.system, consent) == 1
    assert "Dit gaat niet door." in words_of(myself.get(f"{INTERVENTIONS}/{confidential}").text)


def test_an_open_intervention_does_not_stop_with_it(stage: Stage, myself: Visitor) -> None:
    stage.issued(OPEN)
    path = switch_path(stage, ConsentScope.PROVIDER, "intrekken")
    assert "Praktijk De Brug" not in words_of(myself.get(path).text, '//*[@class="sending"]')


def test_what_is_shared_follows_from_referrals_and_consents(stage: Stage, myself: Visitor) -> None:
    """R27."""
    stage.in_state(ReferralState.COMPLETED, MEDICAL)
    stage.issued(OPEN)
    page = myself.get(SHARED).text
    rows = rows_of(page)
    assert [row.split(" nog? ")[-1].rsplit(" ", 1)[-1] for row in rows] == ["Ja", f"{_until():%d-%m-%Y}"]
    assert "Hij stuurde een verslag aan de bedrijfsarts." in rows[1]
    employer = words_of(page, '(//article[contains(@class, "open")])[1]')
    assert "Dat dit loopt, en hoe ver: Arbeidsdeskundig onderzoek" in employer
    assert "Krijgt niet Dat er een interventie is" in employer
    stage.consent(ConsentScope.EMPLOYER)
    now_known = words_of(myself.get(SHARED).text, '(//article[contains(@class, "open")])[1]')
    assert "Een totaalbedrag op een eigen regel" in now_known
    assert "Krijgt niet Dat er een interventie is" not in now_known


def _until() -> object:
    return today() + timedelta(days=30)


def test_a_provider_sees_it_no_more_once_its_time_is_over(stage: Stage, myself: Visitor) -> None:
    referral = stage.in_state(ReferralState.COMPLETED, MEDICAL)
    with Session(stage.world.database.owner) as session:
        session.connection().exec_driver_sql("ALTER TABLE medical.referral DISABLE TRIGGER moves")
        session.connection().exec_driver_sql(
            "UPDATE medical.referral SET state_since = now() - interval '31 days' WHERE id = %s", (referral,)
        )
        session.connection().exec_driver_sql("ALTER TABLE medical.referral ENABLE TRIGGER moves")
        session.commit()
    assert rows_of(myself.get(SHARED).text)[0].endswith("Nee")


def look_at(stage: Stage, referral_id: UUID) -> None:
    with stage.acting(stage.physician) as session:
        read_referral(session, stage.physician, referral_id)


def test_he_sees_who_looked_and_only_at_himself(stage: Stage, myself: Visitor) -> None:
    """R27."""
    referral = stage.issued(MEDICAL).id
    other = stage.elsewhere()
    look_at(stage, referral)
    look_at(other, other.issued(MEDICAL).id)
    with stage.world.acting(Door.CARE, stage.physician) as session:
        record(session, stage.physician, "medical:referral:list")
    with stage.acting(stage.provider) as session:
        read_referral(session, stage.provider, referral)
    rows = rows_of(myself.get(LOOKED).text)
    assert [row.split(" ", 4)[-1] for row in rows[:2]] == [
        "Provider Praktijk De Brug bekeek uw verwijzing",
        "Test physician Bedrijfsarts, Arbodienst bekeek uw verwijzing",
    ]
    assert rows[2].endswith("schatte hoeveel korter uw verzuim wordt")
    assert rows[3].endswith("verwees u")
    assert len(rows) == len([row for row in rows if "Uzelf" not in row])
    assert not any("lijst" in row for row in rows)
    assert sum("verwees u" in row for row in rows) == 1


def test_own_looks_are_called_his_own(stage: Stage, myself: Visitor) -> None:
    referral = stage.issued(MEDICAL).id
    myself.get(f"{INTERVENTIONS}/{referral}")
    assert "Uzelf bekeek uw verwijzing" in rows_of(myself.get(LOOKED).text)[0]


def test_who_looked_is_filtered_and_paged(stage: Stage, myself: Visitor) -> None:
    referral = stage.issued(MEDICAL).id
    for _nth in range(30):
        look_at(stage, referral)
    page = myself.get(LOOKED, role="physician").text
    assert chosen(page, "role") == ["physician"]
    assert len(rows_of(page)) == 25
    following = [str(link) for link in find(page, '//a[@rel="next"]/@href')]
    assert following == [f"{LOOKED}?role=physician&page=2"]
    assert all("Test physician" in row for row in rows_of(myself.get(following[0]).text))
    assert "Niemand keek, met deze filters." in words_of(myself.get(LOOKED, role="secretary").text)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert rows_of(myself.get(LOOKED, since=tomorrow).text) == []


def test_a_period_that_ends_before_it_begins_keeps_what_was_typed(myself: Visitor) -> None:
    days = {"since": today().isoformat(), "until": (today() - timedelta(days=1)).isoformat()}
    page = myself.get(LOOKED, **days)
    assert page.status_code == 422
    assert faults_of(page.text) == ["Tot en met: De periode eindigt voordat zij begint."]
    assert typed(page.text, "since") == days["since"]


def test_every_tag_that_concerns_him_has_a_sentence(stage: Stage, myself: Visitor) -> None:
    """R68."""
    stage.judge(medical=True)
    stage.in_state(ReferralState.COMPLETED, MEDICAL)
    stage.withdraw(stage.consent(ConsentScope.INSURER))
    sentences = [str(cell.text_content()).strip() for cell in find(myself.get(LOOKED).text, "//tbody/tr/td[2]")]
    assert len(sentences) > 8
    assert [sentence for sentence in sentences if ":" in sentence] == []
