"""The pages of a provider about referrals: filled and empty, every act, and what bad input gets."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from cases.tables import ConsentScope
from core.clock import today
from identity.roles import Role
from medical.tables import ProviderReport, ReferralState
from network.tables import RegistrationKind
from network.taxonomy import causes
from tests.medical.stage import CONF_NON_MEDICAL, GOAL, MEDICAL, OPEN, QUESTION, Stage
from tests.network.offers import add_provider, registration
from tests.portal.open_pages import (
    addresses,
    assert_forms_need_their_token,
    assert_nobody_else,
    chosen,
    faults_of,
    filled,
    pages,
    rows_of,
    tasks_of,
    typed,
    words_of,
)
from tests.portal.provider_desk import (
    INVOICES,
    REFERRALS,
    dispute,
    hidden,
    invoice_for,
    invoices_of,
    on,
    path_of,
    told,
    typed_invoice,
)
from tests.portal.reading import field, find
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

CAUSE = "L04"


@pytest.fixture
def provider(stage: Stage, sign_in: SignIn) -> Visitor:
    return sign_in(stage.provider)


def state_of(stage: Stage, referral_id: UUID) -> ReferralState:
    return stage.row(referral_id).state


def paths_of(stage: Stage) -> dict[str, str]:
    """Every page on the medical side, by its template of an address, with a referral on which it is possible."""
    issued = stage.issued(MEDICAL, goal="Nieuw").id
    scheduled, running = stage.in_state(ReferralState.SCHEDULED), stage.in_state(ReferralState.RUNNING, MEDICAL)
    reported = stage.in_state(ReferralState.REPORTED, CONF_NON_MEDICAL)
    invoice = invoice_for(stage, reported)
    each = f"{REFERRALS}/{{referral_id}}"
    return {
        "/provider": "/provider",
        REFERRALS: f"{REFERRALS}?state=issued&q=V-",
        each: path_of(reported),
        f"{each}/afwijzen": path_of(issued, "afwijzen"),
        f"{each}/inplannen": path_of(scheduled, "inplannen"),
        f"{each}/beginnen": path_of(scheduled, "beginnen"),
        f"{each}/verslag": path_of(running, "verslag"),
        f"{each}/vraag": path_of(running, "vraag"),
        f"{each}/onderbreken": path_of(running, "onderbreken"),
        f"{each}/factuur": path_of(running, "factuur"),
        f"{each}/sessies": path_of(running, "sessies"),
        INVOICES: f"{INVOICES}?state=checking",
        f"{INVOICES}/ubl": f"{INVOICES}/ubl",
        f"{INVOICES}/{{invoice_id}}": f"{INVOICES}/{invoice}",
    }


def test_every_page_is_there_and_says_nothing_of_the_cause(app: FastAPI, stage: Stage, provider: Visitor) -> None:
    stage.judge(medical=True, cause=CAUSE)
    paths = paths_of(stage)
    other_side = {"/provider/aanbod", "/provider/registraties", "/provider/cijfers"}
    other_side |= {"/provider/specificaties", "/provider/uitbetalingen", f"{INVOICES}/{{invoice_id}}/creditnota"}
    other_side |= {f"{REFERRALS}/{{referral_id}}/sessies/factuur"}  # each with tests of its own
    other_side |= {"/provider/plekken"}  # of nobody yet; tests/portal/test_slot_pages.py holds those
    ours = {p for p in pages(app, "/provider") if not any(p.startswith(start) for start in other_side)}
    assert set(paths) == ours
    cause = causes()[CAUSE]
    for template, path in paths.items():
        page = provider.get(path)
        assert page.status_code == 200, (template, words_of(page.text))
        assert len(re.findall("<h1", page.text)) == 1, template
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        assert len(ids) == len(set(ids)), template
        assert 'aria-current="page"' in page.text, template
        assert not {word for word in (CAUSE, cause.label, cause.label_en) if word in page.text}, template


def test_nobody_else_comes_in(app: FastAPI, world: World, stage: Stage, sign_in: SignIn) -> None:
    known = {"referral_id": stage.in_state(ReferralState.RUNNING)}
    assert_nobody_else(app, "/provider", world, sign_in, {Role.PROVIDER}, known)


def test_no_form_works_from_another_site(app: FastAPI, stage: Stage, provider: Visitor) -> None:
    referral = stage.issued().id
    assert_forms_need_their_token(app, "/provider", provider, {"referral_id": referral})
    assert state_of(stage, referral) is ReferralState.ISSUED


def test_what_was_sent_to_another_provider_is_not_there(
    app: FastAPI, stage: Stage, world: World, sign_in: SignIn
) -> None:
    """R20."""
    running = stage.in_state(ReferralState.RUNNING)
    known = {"referral_id": running, "invoice_id": invoice_for(stage, running), "offering_id": stage.offering(OPEN)}
    stranger = sign_in(world.actor(Role.PROVIDER, add_provider(world, "Een andere praktijk")))
    places = [p for p in addresses(app, "/provider", "GET") | addresses(app, "/provider", "POST") if "{" in p]
    assert len(places) > 12
    for place in places:
        path = filled(place, known)
        sent = typed_invoice(version=1, reason="other", date=today().isoformat(), days="3", act="send")
        if place in addresses(app, "/provider", "GET"):
            assert stranger.get(path).status_code == 404, path
        if place in addresses(app, "/provider", "POST"):
            sent |= {"functional": "Kan werken", "goal_reached": "reached"}
            answer = stranger.send(path, **sent)
            assert answer.status_code == 404, path
    assert state_of(stage, running) is ReferralState.RUNNING
    assert len(invoices_of(stage)) == 1


@pytest.mark.parametrize("act", ["aannemen", "afwijzen", "inplannen", "beginnen", "verslag", "factuur"])
def test_no_act_works_on_what_is_not_there(stage: Stage, provider: Visitor, act: str) -> None:
    fields = typed_invoice(version=1, reason="other", date=today().isoformat(), act="send")
    fields |= {"functional": "Kan werken", "goal_reached": "reached"}
    assert provider.send(path_of(uuid4(), act), **fields).status_code == 404


@pytest.mark.parametrize("path", ["/provider", REFERRALS, f"{REFERRALS}?q=V-1", INVOICES, f"{INVOICES}?state=approved"])
def test_an_empty_page_says_what_will_be_there(provider: Visitor, path: str) -> None:
    page = provider.get(path)
    assert page.status_code == 200
    assert len(find(page.text, '//*[@class="empty"]')) == 1


def test_the_worklist_holds_everything_that_waits_the_oldest_term_first(
    stage: Stage, provider: Visitor, world: World
) -> None:
    world.add(registration(world, stage.provider_id, RegistrationKind.NIP, days=-2))
    world.add(registration(world, stage.provider_id, RegistrationKind.SRA, days=200))
    running, issued = stage.in_state(ReferralState.RUNNING), stage.issued(MEDICAL).id
    dispute(stage, invoice_for(stage, running, "F-9", cents=200_00))
    page = provider.get("/provider").text
    assert [title.split(":")[0] for title in tasks_of(page)] == [
        "Psychologen (NIP) is verlopen",
        "J. de Wit",
        "J. de Wit",
        "Factuur F-9 is teruggestuurd",
    ]
    links = [str(link) for link in find(page, '//li[contains(@class, "task")]/a/@href')]
    assert links[1:3] == [path_of(issued), path_of(running)]
    assert "Er wachten 4 taken" in words_of(page)
    counts = [" ".join(each.text_content().split()) for each in find(page, '//nav[@class="nav"]//a')]
    assert counts == [
        "Werklijst 4 open",
        "Verwijzingen",
        "Plekken 0 open",
        "Facturen 1 open",
        "Uitbetalingen",
        "Specificaties",
        "Aanbod 0 open",
        "Registraties 1 open",
        "Cijfers",
    ]


def test_first_appointments_stand_on_the_worklist(stage: Stage, provider: Visitor) -> None:
    scheduled = stage.in_state(ReferralState.SCHEDULED)
    links = find(provider.get("/provider").text, '//*[@id="afspraken"]//a/@href')
    assert links == [path_of(scheduled)]


def test_a_wait_is_confirmed_with_one_click(stage: Stage, provider: Visitor) -> None:
    """R32."""
    offering = stage.offering(MEDICAL)
    with Session(stage.world.database.owner) as session:
        session.connection().exec_driver_sql(
            "UPDATE network.offering SET stated_on = current_date - 40 WHERE id = %s", (offering,)
        )
        session.commit()
    page = provider.get("/provider").text
    action = str(find(page, '//*[@id="wachttijden"]//form/@action')[0])
    answer = provider.send(action, next="/provider")
    assert answer.headers["location"] == "/provider"
    assert "klopt nog" in told(provider, answer)
    assert find(provider.get("/provider").text, '//*[@id="wachttijden"]//form') == []


def test_the_list_is_found_by_number_name_and_state(stage: Stage, provider: Visitor) -> None:
    running, issued = stage.in_state(ReferralState.RUNNING), stage.issued(MEDICAL).id
    assert len(rows_of(provider.get(REFERRALS).text)) == 2
    number = stage.row(issued).number
    assert number in rows_of(provider.get(REFERRALS, q=number).text)[0]
    assert len(rows_of(provider.get(REFERRALS, q="de wit").text)) == 2
    only = provider.get(REFERRALS, state="running").text
    assert [stage.row(running).number in row for row in rows_of(only)] == [True]
    assert chosen(only, "state") == ["running"]
    assert words_of(only, '//*[@class="total"]') == "1 verwijzing"
    assert provider.get(REFERRALS, state="broken").status_code == 422


def test_a_referral_says_what_is_asked_for_whom_and_by_whom(stage: Stage, provider: Visitor) -> None:
    page = words_of(provider.get(path_of(stage.issued(MEDICAL).id)).text)
    assert GOAL in page
    assert QUESTION in page
    for expected in ("J. de Wit", "3511", "Bedrijfsarts Test physician", "12345678901", "8 sessies", "€ 105,00"):
        assert expected in page, expected
    assert "Neem aan" in page
    assert "Neem niet aan" in page


def test_taking_a_referral_is_one_click_and_twice_is_once(stage: Stage, provider: Visitor) -> None:
    referral = stage.issued().id
    version = stage.row(referral).version
    first = provider.send(path_of(referral, "aannemen"), version=version)
    assert "Aangenomen. Plan de eerste afspraak uiterlijk op" in told(provider, first)
    second = provider.send(path_of(referral, "aannemen"), version=version)
    assert second.status_code == 409
    assert "Iemand was u voor" in words_of(second.text)
    assert state_of(stage, referral) is ReferralState.ACCEPTED


def test_declining_says_first_who_hears_what(stage: Stage, provider: Visitor) -> None:
    """R10."""
    referral = stage.issued(MEDICAL).id
    path = path_of(referral, "afwijzen")
    nothing = provider.send(path, version=1)
    assert (nothing.status_code, faults_of(nothing.text)) == (422, ["Waarom niet: Vul dit in."])
    look = provider.send(path, version=stage.row(referral).version, reason="no_capacity")
    assert look.status_code == 200
    assert "Geen plaats" in words_of(look.text)
    assert "Bedrijfsarts Test physician" in words_of(look.text, '//*[@class="sending"]')
    assert "Dat naar u is verwezen" in words_of(look.text, "(//article)[last()]")
    again = on(provider, path, look, "edit")
    assert chosen(again.text, "reason") == ["no_capacity"]
    assert state_of(stage, referral) is ReferralState.ISSUED

    done = on(provider, path, look, "send")
    assert "niet aangenomen" in told(provider, done)
    assert state_of(stage, referral) is ReferralState.DECLINED
    gone = provider.get(path_of(referral)).text
    assert GOAL not in gone
    assert "J. de Wit" not in words_of(gone)
    assert "Geen plaats" in words_of(gone)


def test_of_an_open_referral_the_employer_hears_that_it_stopped(stage: Stage, provider: Visitor) -> None:
    referral = stage.issued(OPEN).id
    look = provider.send(path_of(referral, "afwijzen"), version=stage.row(referral).version, reason="other")
    assert "Dat de aanvraag is gestopt" in words_of(look.text, "(//article)[last()]")


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (ReferralState.ACCEPTED, "afwijzen"),
        (ReferralState.ISSUED, "inplannen"),
        (ReferralState.ACCEPTED, "beginnen"),
        (ReferralState.SCHEDULED, "verslag"),
        (ReferralState.REPORTED, "verslag"),
        (ReferralState.ISSUED, "factuur"),
    ],
)
def test_what_cannot_be_done_now_says_what_can(stage: Stage, provider: Visitor, state: ReferralState, act: str) -> None:
    referral = stage.in_state(state)
    page = provider.get(path_of(referral, act))
    assert page.status_code == 409
    possible = [each.text_content().strip() for each in find(page.text, "//main//li")]
    assert all(" " in words for words in possible), "in words, not in codes"
    assert bool(possible) == (state is not ReferralState.REPORTED)
    assert state_of(stage, referral) is state


def test_the_first_appointment_is_planned_and_moved(stage: Stage, provider: Visitor) -> None:
    referral = stage.in_state(ReferralState.ACCEPTED)
    path = path_of(referral, "inplannen")
    early = (today() - timedelta(days=1)).isoformat()
    refused = provider.send(path, version=stage.row(referral).version, date=early)
    assert (refused.status_code, typed(refused.text, "date")) == (422, early)
    assert "vóór de verwijzing" in faults_of(refused.text)[0]
    for days in (3, 5):
        day = today() + timedelta(days=days)
        assert provider.send(path, version=stage.row(referral).version, date=f"{day:%d-%m-%Y}").status_code == 303
        assert stage.row(referral).scheduled_for == day


def test_it_begins_after_a_look_at_who_hears_it(stage: Stage, provider: Visitor) -> None:
    referral = stage.in_state(ReferralState.SCHEDULED, OPEN)
    path = path_of(referral, "beginnen")
    look = provider.get(path)
    assert "Dat dit soort interventie loopt" in words_of(look.text, "(//article)[last()]")
    assert "Stuur uw verslag uiterlijk op" in told(provider, provider.send(path, **hidden(look.text)))
    assert (state_of(stage, referral), stage.row(referral).started_on) == (ReferralState.RUNNING, today())


def report_of(stage: Stage, referral_id: UUID) -> ProviderReport:
    with stage.acting(stage.physician) as session:
        return session.exec(select(ProviderReport).where(ProviderReport.referral_id == referral_id)).one()


def test_a_report_with_consent_has_a_part_for_the_physician(stage: Stage, provider: Visitor) -> None:
    """R75."""
    referral = stage.in_state(ReferralState.RUNNING, MEDICAL)
    stage.consent(ConsentScope.REPORT_BACK)
    path = path_of(referral, "verslag")
    page = provider.get(path).text
    assert "Schrijf hier geen medische gegevens." in page
    assert find(page, '//textarea[@name="clinical"]')
    words = {"clinical": "Slaapt weer door.\nMinder spanning.", "functional": "Kan vier uur werken."}
    look = provider.send(path, version=stage.row(referral).version, goal_reached="partly", **words)
    assert look.status_code == 200
    shown = words_of(look.text)
    assert "Slaapt weer door." in shown
    assert "Doel deels bereikt" in shown
    assert "Uw inhoudelijke verslag" in words_of(look.text, "(//article)[1]")
    assert "Uw verslag" in words_of(look.text, '//article[contains(@class, "open")]')
    back = on(provider, path, look, "edit").text
    assert field(back, "clinical").replace("\r", "") == words["clinical"]
    assert chosen(back, "goal_reached") == ["partly"]
    assert "Uw verslag is verstuurd" in told(provider, on(provider, path, look, "send"))
    kept = report_of(stage, referral)
    assert (kept.clinical, kept.functional) == (words["clinical"], words["functional"])
    assert words["functional"] in words_of(provider.get(path_of(referral)).text)
    assert on(provider, path, look, "send").status_code == 409


def test_without_consent_no_clinical_word_is_asked_shown_or_kept(stage: Stage, provider: Visitor) -> None:
    referral = stage.in_state(ReferralState.RUNNING, MEDICAL)
    path = path_of(referral, "verslag")
    page = provider.get(path).text
    assert find(page, '//textarea[@name="clinical"]') == []
    assert "niet goed dat u de bedrijfsarts inhoudelijk terugschrijft" in words_of(page)
    fields = {"clinical": "Kanarieklacht", "functional": "Kan werken.", "goal_reached": "reached"}
    look = provider.send(path, version=stage.row(referral).version, **fields)
    assert "Kanarieklacht" not in words_of(look.text)
    assert "niet verstuurd en niet bewaard" in words_of(look.text)
    assert "Het medische deel is niet bewaard" in told(provider, on(provider, path, look, "send"))
    assert report_of(stage, referral).clinical == ""


def test_a_report_that_is_refused_keeps_every_word(stage: Stage, provider: Visitor) -> None:
    referral = stage.in_state(ReferralState.RUNNING, MEDICAL)
    stage.consent(ConsentScope.REPORT_BACK)
    fields = {"clinical": "woord " * 800, "functional": "", "version": stage.row(referral).version}
    page = provider.send(path_of(referral, "verslag"), **fields)
    assert page.status_code == 422
    assert [fault.split(":")[0] for fault in faults_of(page.text)] == [
        "Is het doel bereikt",
        "Functioneel verslag",
        "Inhoudelijk verslag voor de bedrijfsarts",
    ]
    assert field(page.text, "clinical") == fields["clinical"]


def test_nothing_is_seen_any_more_once_consent_is_withdrawn(stage: Stage, provider: Visitor) -> None:
    """R24."""
    consent = stage.consent()
    referral = stage.refer(stage.physician, MEDICAL).id
    assert GOAL in provider.get(path_of(referral)).text
    stage.withdraw(consent)
    page = provider.get(path_of(referral)).text
    assert GOAL not in page
    assert QUESTION not in page
    assert "de werknemer heeft de toestemming ingetrokken" in words_of(page)


def test_every_reading_is_recorded(stage: Stage, provider: Visitor) -> None:
    """R68."""
    referral = stage.issued(MEDICAL).id
    provider.get(path_of(referral))
    seen = [event for event in stage.trail(referral) if event.tag == "medical:referral:read"]
    assert [(event.account_id, event.data_subject_id) for event in seen] == [
        (stage.provider.account_id, stage.employee_id)
    ]
