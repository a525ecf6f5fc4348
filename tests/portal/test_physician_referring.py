"""Searching, referring in three steps, and what comes after, as physician and as delegate."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from cases.tables import ConsentScope
from core.clock import today
from medical.referrals.read import read_referral
from medical.referrals.views import CareReferral
from medical.tables import Referral, ReferralState
from network.tables import Contract, Evidence, MeasuredWait
from tests.medical.stage import CONF_NON_MEDICAL, MEDICAL, OPEN, Stage
from tests.network.offers import add_offering, add_provider
from tests.portal.reading import choices, field, find, main_of, selected, words
from tests.portal.visitors import Visitor

NEW = "/arts/verwijzingen/nieuw"


def filled(stage: Stage, intervention: str = MEDICAL, **changes: object) -> dict[str, object]:
    return {
        "case_id": stage.case_id,
        "offering_id": stage.offering(intervention),
        "goal": "Weer acht uur werken\nin eigen werk",
        "question": "Wat is daarvoor nodig?",
        "units": "8",
        "expected_days_saved": "30",
    } | changes


def referrals(stage: Stage) -> list[Referral]:
    with Session(stage.world.database.owner) as session:
        return list(session.exec(select(Referral).where(col(Referral.case_id) == stage.case_id)))


def read(stage: Stage, referral_id: UUID) -> CareReferral:
    with stage.acting(stage.physician) as session:
        found = read_referral(session, stage.physician, referral_id)
    assert isinstance(found, CareReferral)
    return found


def recipient(page: str, name: str) -> str:
    """Return what the check page says of one recipient."""
    return words(find(page, f'//article[.//h3[contains(., "{name}")]]')[0])


def test_from_a_case_the_search_begins_with_what_is_known_of_it(stage: Stage, physician: Visitor) -> None:
    """R28."""
    stage.judge(medical=True, cause="M01")
    answer = physician.get("/arts/zoeken", dossier=stage.case_id)
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query == {
        "dossier": [str(stage.case_id)],
        "cause": ["M01"],
        "sickness_year": ["1"],
        "week": ["9"],
        "postcode": ["3511"],
        "sort": ["fit"],
    }
    stage.offering(MEDICAL)
    page = physician.get(answer.headers["location"]).text
    without_year = find(page, '//ul[@aria-label="Gekozen filters"]//a[contains(., "ziektejaar")]/@href')
    assert "sickness_year" not in without_year[0]
    assert f"dossier={stage.case_id}" in without_year[0]
    assert selected(physician.get(without_year[0]).text, "sickness_year") == []
    assert f"/arts/zoeken/aanbod/{stage.offering(MEDICAL)}?dossier={stage.case_id}" in page


def test_a_result_says_what_was_stated_beside_what_was_measured(stage: Stage, physician: Visitor) -> None:
    """R32."""
    measured = stage.offering(MEDICAL)
    stage.world.add(
        MeasuredWait(offering_id=measured, tenant_id=stage.world.tenant_id, median_days=23, p80_days=41, n=17)
    )
    stage.offering(OPEN)
    page = physician.get("/arts/zoeken", postcode="3511").text
    hits = {words(hit.xpath(".//h2")[0]): words(hit) for hit in find(page, '//li[contains(@class, "hit")]')}
    assert "10 dagen" in hits["Aanbod PSY"]
    assert "23 dagen 80% binnen 41 dagen, n = 17" in hits["Aanbod PSY"]
    assert "€ 105,00 per sessie" in hits["Aanbod PSY"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Vertrouwelijk" in hits["Aanbod PSY"]
    assert "Alleen bedrijfsarts" in hits["Aanbod PSY"]
    assert "nog niet" in hits["Aanbod ADO"]
    assert len(find(page, '//figure[@class="map"]//*[@class="spot"]')) == 2


def test_a_result_says_how_old_its_wait_is_why_it_stands_there_and_whose_it_is(
    stage: Stage, physician: Visitor
) -> None:
    """R32, R33, R34, R36: an old wait is marked; reasons, evidence and the own organisation are said."""
    own = add_provider(stage.world, "Eigen praktijk")
    with Session(stage.world.database.owner) as session:
        session.exec(select(Contract).where(col(Contract.provider_id) == own)).one().own_organisation = True
        session.commit()
    old = today() - timedelta(days=31)
    add_offering(stage.world, own, title="Van ons", evidence=Evidence.GUIDELINE, stated_on=old)
    add_offering(stage.world, stage.provider_id, title="Van een ander")
    page = physician.get("/arts/zoeken", cause="M01", sickness_year="1").text
    hits = {words(hit.xpath(".//h2")[0]): words(hit) for hit in find(page, '//li[contains(@class, "hit")]')}
    for said in ("Eigen organisatie", "verouderd"):
        assert (said in hits["Van ons"], said in hits["Van een ander"]) == (True, False), said
    assert all("Past bij de oorzaak in ziektejaar 1" in hit for hit in hits.values())
    assert "Richtlijn" in hits["Van ons"]


def test_what_cannot_be_searched_for_is_said_with_the_field_and_kept(stage: Stage, physician: Visitor) -> None:
    stage.offering(OPEN)
    page = physician.get("/arts/zoeken", week="veel", radius_km="25", max_price="duur", dossier=stage.case_id)
    assert page.status_code == 200
    assert "Zo kunnen we niet zoeken" in page.text
    assert "Vul een postcode in" in page.text
    assert (field(page.text, "week"), field(page.text, "max_price")) == ("veel", "duur")
    assert "J. de Wit" in main_of(page.text)
    assert "Aanbod ADO" not in page.text


def test_each_filter_is_taken_away_by_one_click_with_what_needs_it(stage: Stage, physician: Visitor) -> None:
    stage.offering(OPEN)
    query = {"q": "aanbod", "cause": ["M01", "W02"], "postcode": "3511", "radius_km": "25", "sort": "distance"}
    page = physician.get("/arts/zoeken", **query, page="1", max_wait_days="28", online="on").text
    taken = {words(each): str(each.get("href")) for each in find(page, '//ul[contains(@class, "chips")]//a')}
    assert len(taken) == 7
    for label, href in taken.items():
        fewer = physician.get(href).text
        assert "Zo kunnen we niet zoeken" not in fewer, label
        assert label not in {words(each) for each in find(fewer, '//ul[contains(@class, "chips")]//a')}


def test_a_price_is_typed_in_euros(stage: Stage, physician: Visitor) -> None:
    add_offering(stage.world, stage.provider_id, title="Duur", price_cents=12_501)
    add_offering(stage.world, stage.provider_id, title="Betaalbaar", price_cents=12_500)
    page = main_of(physician.get("/arts/zoeken", max_price="125,00").text)
    assert "Betaalbaar" in page
    assert "Duur" not in page


def test_without_a_case_one_is_chosen_at_the_offering(stage: Stage, physician: Visitor) -> None:
    path = f"/arts/zoeken/aanbod/{stage.offering(MEDICAL)}"
    assert f"{path}?dossier={stage.case_id}" in physician.get(path).text
    assert "Geen lopend dossier gevonden" in physician.get(path, q="onbekend").text
    chosen = physician.get(path, dossier=stage.case_id).text
    assert f"case_id={stage.case_id}" in chosen
    assert physician.get(f"/arts/zoeken/aanbod/{uuid4()}").status_code == 404


def test_the_physician_refers_in_three_steps_and_a_second_click_changes_nothing(
    stage: Stage, physician: Visitor
) -> None:
    stage.judge(medical=True)
    stage.consent()
    start = physician.get(NEW, case_id=stage.case_id, offering_id=stage.offering(MEDICAL))
    assert choices(start.text, "consents") == ["insurer", "report_back"]
    checked = physician.send(NEW, **filled(stage), act="check")
    assert checked.status_code == 200
    assert referrals(stage) == []
    hidden = find(checked.text, '//main//form//input[@type="hidden"]')
    carried = {str(each.get("name")): str(each.get("value")) for each in hidden}
    assert carried["goal"] == "Weer acht uur werken\nin eigen werk"
    sent = physician.send(NEW, **carried, act="issue")
    again = physician.send(NEW, **carried, act="issue")
    assert (sent.status_code, again.status_code) == (303, 303)
    assert sent.headers["location"] == again.headers["location"]
    [made] = referrals(stage)
    assert made.state is ReferralState.ISSUED
    assert (made.units, made.request_cofinancing) == (8, False)
    assert read(stage, made.id).goal == "Weer acht uur werken\nin eigen werk"


def test_going_back_keeps_what_was_typed(stage: Stage, physician: Visitor) -> None:
    typed = filled(stage, request_cofinancing="on", consents=["provider", "insurer"])
    page = physician.send(NEW, **typed, act="edit")
    assert page.status_code == 200
    assert field(page.text, "goal").strip() == typed["goal"]
    assert field(page.text, "units") == "8"
    assert choices(page.text, "request_cofinancing", "checked") == ["on"]
    assert choices(page.text, "consents", "checked") == ["provider", "insurer"]


def test_a_question_with_faults_comes_back_whole(stage: Stage, physician: Visitor) -> None:
    """R9."""
    page = physician.send(NEW, **filled(stage, goal="x" * 2001, units="veel", expected_days_saved=""), act="issue")
    assert page.status_code == 422
    summary = main_of(page.text).split('role="alert"')[1].split("</ul>")[0]
    for label in ("Doel", "Aantal sessies", "Verwachte winst in dagen"):
        assert label in summary
    assert field(page.text, "goal").strip() == "x" * 2001
    assert field(page.text, "units") == "veel"
    assert "Wat is daarvoor nodig?" in page.text
    assert "Schrijf hier geen medische gegevens" in page.text
    assert referrals(stage) == []


def test_the_check_says_who_gets_what_and_what_never(stage: Stage, physician: Visitor) -> None:
    confidential = physician.send(NEW, **filled(stage, MEDICAL)).text
    provider, employer = recipient(confidential, "Praktijk De Brug"), recipient(confidential, "Bouwbedrijf Van Dam")
    assert "Uw doel en uw vraag" in provider.split("Krijgt niet")[0]
    assert "De oorzaak en uw oordeel" in provider.split("Krijgt niet")[1]
    assert "Dat het om deze werknemer gaat" in employer.split("Krijgt niet")[1]
    assert "Welke interventie" in employer.split("Krijgt niet")[1]
    assert "u vraagt geen bijdrage" in recipient(confidential, "verzekeraar")
    stage.consent(ConsentScope.EMPLOYER)
    told = recipient(physician.send(NEW, **filled(stage, MEDICAL)).text, "Bouwbedrijf Van Dam")
    assert "Dat er een interventie is" in told.split("Krijgt niet")[0]
    assert "Welke interventie" in told.split("Krijgt niet")[1]
    is_open = recipient(physician.send(NEW, **filled(stage, OPEN)).text, "Bouwbedrijf Van Dam")
    assert "Arbeidsdeskundig onderzoek" in is_open.split("Krijgt niet")[0]


def test_the_insurer_is_asked_only_where_the_employee_agrees(stage: Stage, physician: Visitor) -> None:
    """R25, R57."""
    asked = filled(stage, MEDICAL, request_cofinancing="on")
    assert "toestemming van de werknemer om een verzekeraar" in recipient(
        physician.send(NEW, **asked).text, "verzekeraar"
    )
    ticked = physician.send(NEW, **asked, consents=["insurer"]).text
    assert "de werkgever te laten weten" in recipient(ticked, "verzekeraar")
    without_policy = physician.send(NEW, **filled(stage, OPEN, request_cofinancing="on"), consents=["insurer"]).text
    assert "geen polis" in recipient(without_policy, "verzekeraar")


def test_without_consent_nothing_goes_and_nothing_stays_behind(stage: Stage, physician: Visitor) -> None:
    """R23."""
    page = physician.send(NEW, **filled(stage, MEDICAL))
    assert "Versturen kan nog niet" in page.text
    assert 'value="issue"' not in page.text
    forced = physician.send(NEW, **filled(stage, MEDICAL), act="issue")
    assert forced.status_code == 409
    assert "Leg eerst vast dat de werknemer ermee instemt" in forced.text
    assert "Wat is daarvoor nodig?" in forced.text
    assert referrals(stage) == []
    given = physician.send(NEW, **filled(stage, MEDICAL), consents=["provider", "report_back"], act="issue")
    assert given.status_code == 303
    [made] = referrals(stage)
    assert made.state is ReferralState.ISSUED
    assert made.consent_id is not None
    assert read(stage, made.id).reports_back


def test_the_delegate_prepares_and_reads_why_he_cannot_send(stage: Stage, delegate: Visitor) -> None:
    """R6."""
    stage.judge(medical=True)
    stage.consent()
    page = delegate.send(NEW, **filled(stage, MEDICAL))
    assert "De oorzaak is medisch. Alleen de bedrijfsarts mag verwijzen." in page.text
    assert 'value="issue"' not in page.text
    forced = delegate.send(NEW, **filled(stage, MEDICAL), act="issue")
    assert forced.status_code == 403
    assert "Wat is daarvoor nodig?" in forced.text
    assert referrals(stage) == []
    kept = delegate.send(NEW, **filled(stage, MEDICAL), act="draft")
    assert kept.status_code == 303
    shown = main_of(delegate.get(kept.headers["location"]).text)
    assert "U kunt dit concept niet zelf versturen" in shown
    assert f"{kept.headers['location']}/versturen" not in shown


def test_under_a_mandate_the_delegate_sends_in_the_name_of_the_physician(stage: Stage, delegate: Visitor) -> None:
    """R2, R8."""
    stage.judge(medical=False)
    stage.mandate(CONF_NON_MEDICAL)
    page = delegate.send(NEW, **filled(stage, CONF_NON_MEDICAL), consents=["provider"])
    assert "Verstuur onder mandaat" in page.text
    sent = delegate.send(NEW, **filled(stage, CONF_NON_MEDICAL), consents=["provider"], act="issue")
    assert sent.status_code == 303
    [made] = referrals(stage)
    assert made.state is ReferralState.ISSUED
    assert made.physician_account_id == stage.physician.account_id
    assert "onder mandaat" in main_of(delegate.get(sent.headers["location"]).text)


def test_an_open_request_is_signed_by_the_physician(stage: Stage, physician: Visitor) -> None:
    draft = stage.draft(OPEN)
    path = f"/arts/verwijzingen/{draft.id}"
    assert f'href="{path}/versturen"' in physician.get(path).text
    seen = field(physician.get(f"{path}/versturen").text, "version")
    revised = physician.send(f"{path}/wijzigen", **revision(stage, version=seen))
    assert revised.status_code == 303
    assert read(stage, draft.id).question == "Een andere vraag"
    late = physician.send(f"{path}/versturen", version=seen)
    assert late.status_code == 409
    assert "Iemand was u voor" in late.text
    now = field(physician.get(f"{path}/versturen").text, "version")
    assert physician.send(f"{path}/versturen", version=now).status_code == 303
    assert read(stage, draft.id).header.line.state is ReferralState.ISSUED
    assert physician.send(f"{path}/versturen", version=int(now) + 1).status_code == 409


def revision(stage: Stage, **changes: object) -> dict[str, object]:
    asked = {"goal": "Doel", "question": "Een andere vraag", "units": "1", "expected_days_saved": "0"}
    return asked | changes


def test_a_draft_with_faults_comes_back_whole(stage: Stage, delegate: Visitor) -> None:
    draft = stage.draft(OPEN)
    page = delegate.send(f"/arts/verwijzingen/{draft.id}/wijzigen", **revision(stage, version=1, units="0"))
    assert page.status_code == 422
    assert field(page.text, "units") == "0"
    assert "Een andere vraag" in page.text
    assert read(stage, draft.id).question != "Een andere vraag"


def test_a_referral_is_taken_back_with_a_reason(stage: Stage, physician: Visitor) -> None:
    """R13."""
    path = f"/arts/verwijzingen/{stage.issued().id}"
    version = field(physician.get(f"{path}/intrekken").text, "version")
    assert physician.send(f"{path}/intrekken", version=version).status_code == 422
    assert physician.send(f"{path}/intrekken", version=version, reason="employee_declines").status_code == 303
    page = main_of(physician.get(path).text)
    assert "Ingetrokken" in page
    assert "Werknemer kiest er niet voor" in page
    assert f"{path}/intrekken" not in page


def test_the_report_is_read_and_the_referral_closed(stage: Stage, physician: Visitor, delegate: Visitor) -> None:
    path = f"/arts/verwijzingen/{stage.in_state(ReferralState.REPORTED)}"
    page = main_of(physician.get(path).text)
    assert "Doel deels bereikt" in page
    assert "Kan vier uur per dag werken." in page
    asked = physician.get(f"{path}/afronden").text
    assert choices(asked, "goal_reached", of="checked") == ["partly"]  # as the provider reported
    version = field(asked, "version")
    result = {"version": version, "goal_reached": "partly", "work_resumed": "partly"}
    assert delegate.send(f"{path}/afronden", **result, hours_per_week="16").status_code == 403
    without_hours = physician.send(f"{path}/afronden", **result)
    assert without_hours.status_code == 422
    assert "hoeveel uur per week" in without_hours.text
    assert physician.send(f"{path}/afronden", **result, hours_per_week="16").status_code == 303
    page = main_of(physician.get(path).text)
    assert "Afgerond" in page
    assert "Geholpen" in page
    assert "Werk deels hervat" in page
    assert physician.send(f"{path}/afronden", **result, hours_per_week="16").status_code == 409


def test_a_referral_goes_to_another_offering_and_the_history_stays(stage: Stage, physician: Visitor) -> None:
    """R11."""
    old = stage.issued(OPEN).id
    other = add_offering(
        stage.world, add_provider(stage.world, "Bureau Nieuw"), intervention=OPEN, title="Nieuw aanbod"
    )
    found = physician.get("/arts/zoeken", dossier=stage.case_id, vervangt=old).headers["location"]
    assert f"vervangt={old}" in found
    offered = physician.get(f"/arts/zoeken/aanbod/{other}", dossier=stage.case_id, vervangt=old).text
    path = f"/arts/verwijzingen/{old}/ander-aanbod/{other}"
    assert path in offered
    page = physician.get(path).text
    assert "Uw doel en uw vraag" in recipient(page, "Bureau Nieuw")
    typed = {"version": field(page, "version"), "offering_id": other}
    faulty = physician.send(path, **typed, units="-1")
    assert (faulty.status_code, field(faulty.text, "units")) == (422, "-1")
    sent = physician.send(path, **typed, units="2")
    assert sent.status_code == 303
    replacement = read(stage, UUID(sent.headers["location"].rsplit("/", 1)[1]))
    assert (replacement.header.line.provider_name, replacement.header.units) == ("Bureau Nieuw", 2)
    assert str(replacement.header.line.id) in physician.get(f"/arts/verwijzingen/{old}").text
    assert physician.send(path, **typed, units="2").status_code == 409


def test_the_delegate_does_not_send_elsewhere_what_the_physician_sent(stage: Stage, delegate: Visitor) -> None:
    referral = stage.issued(OPEN).id
    page = main_of(delegate.get(f"/arts/verwijzingen/{referral}").text)
    assert "Kies een ander aanbod" not in page
    assert "/intrekken" not in page
    refused = delegate.send(f"/arts/verwijzingen/{referral}/intrekken", version=1, reason="mistake")
    assert refused.status_code in (403, 409)


def test_the_letter_holds_what_the_provider_may_know_and_no_more(stage: Stage, physician: Visitor) -> None:
    stage.judge(medical=True, cause="M01")
    referral = stage.issued(MEDICAL).id
    letter = main_of(physician.get(f"/arts/verwijzingen/{referral}/brief").text)
    for part in ("J. de Wit", "Praktijk De Brug", "12345678901", "Weer acht uur per dag", "3511"):
        assert part in letter
    assert "burn-out" not in letter
    assert not re.search(r"\b30 dagen\b", letter)
    draft = stage.draft(OPEN, goal="Iets anders").id
    assert "Dit is een concept" in physician.get(f"/arts/verwijzingen/{draft}/brief").text


def test_referrals_are_found_by_state_and_name(stage: Stage, physician: Visitor) -> None:
    stage.issued(OPEN)
    for query in ({"state": "issued"}, {"q": "de wit"}, {"q": "brug", "state": "issued"}):
        assert "Arbeidsdeskundig onderzoek" in main_of(physician.get("/arts/verwijzingen", **query).text)
    assert "Geen verwijzing past" in physician.get("/arts/verwijzingen", state="running").text


def test_a_referral_to_a_case_that_closed_is_refused(stage: Stage, physician: Visitor) -> None:
    physician.send(f"/arts/dossiers/{stage.case_id}/herstel", recovered_on=today())
    assert physician.send(NEW, **filled(stage), act="issue").status_code == 409
    assert physician.get(NEW, case_id="geen", offering_id="iets").status_code == 404
    assert "gesloten" in physician.get(f"/arts/zoeken/aanbod/{stage.offering()}", dossier=stage.case_id).text
