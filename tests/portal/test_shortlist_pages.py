"""Comparing, favourites and saved searches in the portal, and the page that explains the order; without scripts."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, col, select, update

from application import build
from core.clock import today
from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from network.tables import Contract, MeasuredWait, SavedSearch
from search import ranking
from search.engines import engine_for
from tests.medical.stage import Stage, set_stage
from tests.network.offers import add_offering, add_provider
from tests.portal.reading import field, find, main_of, words
from tests.portal.visitors import SignIn, Visitor
from tests.world import World
from worker.open_jobs import rebuild_index
from worker.search_jobs import watch_searches

NOWHERE = UUID(int=7)
RESULTS = "/arts/zoeken?cause=M01&sickness_year=1&postcode=3511&sort=fit"


@pytest.fixture(scope="module")
def database(database_apart: Database) -> Database:
    """Of this module alone: an index that is built goes past everything that other tests made as well."""
    return database_apart


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    """The whole application, on it."""
    return build(database.settings, database)


@pytest.fixture
def stage(world: World) -> Stage:
    return set_stage(world)


@pytest.fixture
def physician(stage: Stage, sign_in: SignIn) -> Visitor:
    return sign_in(stage.physician)


@pytest.fixture
def offerings(world: World) -> list[UUID]:
    """Four offerings that can be found: one of the own organisation, one that was measured."""
    own, other = add_provider(world, "De Eigen Praktijk"), add_provider(world, "Praktijk Verder")
    made = [
        add_offering(world, own, title="Eigen aanbod", price_cents=9_000, stated_on=today() - timedelta(days=40)),
        add_offering(world, other, title="Gemeten aanbod", price_cents=10_000, postcode="9711"),
        add_offering(world, other, title="Online aanbod", price_cents=12_500, online=True, programme_weeks=4),
        add_offering(world, other, title="Vierde aanbod", price_cents=20_000),
    ]
    with Session(world.database.owner) as session:
        session.exec(update(Contract).where(col(Contract.provider_id) == own).values(own_organisation=True))
        session.commit()
    world.add(MeasuredWait(offering_id=made[1], tenant_id=world.tenant_id, median_days=14, p80_days=22, n=8))
    rebuild_index(world.database, engine_for(world.database.settings))
    return made


def comparison(*offering_ids: UUID, more: str = "") -> str:
    return "/arts/zoeken/vergelijken?" + "&".join([f"offering={one}" for one in offering_ids]) + more


def row(page: str, label: str) -> list[str]:
    """Return what the cells of a row of the comparison say."""
    (found,) = [one for one in find(page, "//tbody/tr") if words(one[0]).removesuffix(" verschilt") == label]
    return [words(cell) for cell in found[1:]]


def differs(page: str, label: str) -> bool:
    (found,) = [one for one in find(page, "//tbody/tr") if words(one[0]).removesuffix(" verschilt") == label]
    return words(found[0]).endswith("verschilt") and found.get("class") == "differs"


def stars(page: str, title: str) -> str:
    """Return what the star beside an offering would do: `yes` keeps it, `no` lets it go."""
    (found,) = [one for one in find(page, '//button[@name="keep"]') if words(one).endswith(f": {title}")]
    return str(found.get("value"))


def test_results_have_a_box_to_tick_and_the_page_they_lead_to_stands_side_by_side(
    physician: Visitor, offerings: list[UUID]
) -> None:
    page = physician.get(RESULTS).text
    boxes = find(page, '//input[@name="offering"][@form="compare"]/@value')
    assert set(boxes) == set(map(str, offerings))
    carried = find(page, '//form[@id="compare"]//input[@type="hidden"]')
    assert {(one.get("name"), one.get("value")) for one in carried} == {
        ("cause", "M01"),
        ("sickness_year", "1"),
        ("postcode", "3511"),
        ("sort", "fit"),
    }
    address = comparison(*offerings[:3], more="&cause=M01&sickness_year=1&postcode=3511&sort=fit&week=9")
    page = physician.get(address).text
    assert row(page, "Aanbod")[1:] == ["Gemeten aanbod", "Online aanbod"]
    assert row(page, "Wachttijd, opgegeven")[0].endswith("verouderd")
    assert row(page, "Wachttijd, gemeten")[1] == "14 dagen8 van de 10 binnen 22 dagen, n = 8"
    assert row(page, "Prijs")[0] == "€ 90,00 per sessievrij van btw"
    assert row(page, "Naast het midden") == [
        "20% eronderhet midden is € 112,50",
        "11% eronderhet midden is € 112,50",
        "11% erbovenhet midden is € 112,50",
    ]
    assert row(page, "Afstand")[1].endswith(" km")
    assert row(page, "Online") == ["Nee", "Nee", "Ja"]
    assert row(page, "Registraties en keurmerken")[0] == "BIG-register"
    assert "Past bij de oorzaak in ziektejaar 1" in row(page, "Voor uw vraag")[0]
    assert (differs(page, "Prijs"), differs(page, "Interventie")) == (True, False)
    assert find(page, '//a[@class="back"]/@href') == [
        "/arts/zoeken?cause=M01&sickness_year=1&postcode=3511&sort=fit&week=9"
    ]


def test_without_a_postcode_no_distance_is_made_up(physician: Visitor, offerings: list[UUID]) -> None:
    page = physician.get(comparison(*offerings[:2])).text
    assert all(cell.startswith("Onbekend") for cell in row(page, "Afstand"))


def test_the_own_organisation_is_labelled_everywhere(physician: Visitor, offerings: list[UUID]) -> None:
    """R36."""
    (hit,) = find(physician.get(RESULTS).text, f'//li[.//h2[@id="aanbod-{offerings[0]}"]]')
    assert "Eigen organisatie" in words(hit)
    page = physician.get(comparison(*offerings[:2])).text
    assert [("Eigen organisatie" in cell) for cell in row(page, "Aanbod")] == [True, False]
    physician.send(f"/arts/zoeken/favorieten/{offerings[0]}", keep="yes")
    assert "Eigen organisatie" in physician.get("/arts/zoeken/favorieten").text


def test_a_fourth_is_refused_in_a_clear_sentence_with_a_way_on(physician: Visitor, offerings: list[UUID]) -> None:
    page = physician.get(comparison(*offerings, more="&cause=M01"))
    assert page.status_code == 422
    assert "U kunt 3 aanbiedingen naast elkaar zetten, en u koos er 4. Haal er een paar weg." in page.text
    (fewer,) = find(page.text, '//a[contains(., "de eerste drie")]/@href')
    assert parse_qs(urlsplit(fewer).query) == {"cause": ["M01"], "offering": [str(one) for one in offerings[:3]]}
    assert physician.get(fewer).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("?offering=x", 422),
        (f"?offering={NOWHERE}", 404),
        ("?" + "&".join(f"offering={UUID(int=number)}" for number in range(60)), 422),
        (f"?offering={NOWHERE}&postcode=0000", 422),
        (f"?offering={NOWHERE}&terug=%00%0a", 404),
    ],
)
def test_bad_input_is_refused_as_a_page(physician: Visitor, query: str, status: int) -> None:
    page = physician.get(f"/arts/zoeken/vergelijken{query}")
    assert (page.status_code, "<h1" in page.text) == (status, True)


def test_what_is_gone_is_said(world: World, physician: Visitor, offerings: list[UUID]) -> None:
    with Session(world.database.owner) as session:
        session.execute(text("UPDATE network.offering SET state = 'withdrawn' WHERE id = :id"), {"id": offerings[1]})
        session.commit()
    page = physician.get(comparison(*offerings[:3])).text
    assert "1 aanbod dat u koos, is nu niet meer te vinden." in page
    assert len(row(page, "Aanbod")) == 2


def test_each_column_begins_a_referral_for_the_case(stage: Stage, physician: Visitor, offerings: list[UUID]) -> None:
    asked = f"cause=M01&postcode=3511&dossier={stage.case_id}&sort=fit"
    page = physician.get(comparison(*offerings[:2], more=f"&{asked}")).text
    hrefs = find(page, '//a[contains(@class, "button")][contains(., "Verwijzen")]/@href')
    assert len(hrefs) == 2
    form = physician.get(hrefs[1])
    assert form.status_code == 200
    assert field(form.text, "offering_id") == str(offerings[1])
    (back,) = find(form.text, '//a[@class="back"]/@href')
    (results,) = find(physician.get(back).text, '//a[@class="back"]/@href')
    known = parse_qs(urlsplit(results).query)
    assert known == {"cause": ["M01"], "postcode": ["3511"], "sort": ["fit"], "dossier": [str(stage.case_id)]}
    assert physician.get(results).status_code == 200


def test_without_a_case_one_is_chosen_first_and_the_way_back_stays(
    stage: Stage, physician: Visitor, offerings: list[UUID]
) -> None:
    page = physician.get(comparison(offerings[0], more="&cause=M01&sort=wait")).text
    (href,) = find(page, '//a[contains(@class, "button")][contains(., "Verwijzen")]/@href')
    chooser = physician.get(href).text
    (chosen,) = [one for one in find(chooser, "//main//a/@href") if f"dossier={stage.case_id}" in one]
    (results,) = find(physician.get(chosen).text, '//a[@class="back"]/@href')
    assert parse_qs(urlsplit(results).query) == {"cause": ["M01"], "sort": ["wait"], "dossier": [str(stage.case_id)]}


def test_a_choice_that_replaces_a_referral_goes_on_replacing_it(
    stage: Stage, physician: Visitor, offerings: list[UUID]
) -> None:
    replaced = uuid4()
    page = physician.get(comparison(offerings[0], more=f"&vervangt={replaced}")).text
    (href,) = find(page, '//a[contains(@class, "button")][contains(., "Verwijzen")]/@href')
    assert href == f"/arts/verwijzingen/{replaced}/ander-aanbod/{offerings[0]}"
    referral = stage.issued(goal="Een ander").id
    results = physician.get(f"{RESULTS}&vervangt={referral}&dossier={stage.case_id}").text
    (href,) = [one for one in find(results, '//a[contains(., "Verwijzen")]/@href') if str(offerings[0]) in one]
    (back,) = find(physician.get(href).text, '//a[@class="back"]/@href')
    assert parse_qs(urlsplit(back).query) == parse_qs(urlsplit(RESULTS).query) | {
        "vervangt": [str(referral)],
        "dossier": [str(stage.case_id)],
    }


def test_a_star_is_the_persons_own(stage: Stage, sign_in: SignIn, physician: Visitor, offerings: list[UUID]) -> None:
    before = physician.get(RESULTS).text
    assert stars(before, "Vierde aanbod") == "yes"
    answer = physician.send(f"/arts/zoeken/favorieten/{offerings[3]}", keep="yes", next=RESULTS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{RESULTS}#aanbod-{offerings[3]}")
    after = physician.get(RESULTS).text
    assert stars(after, "Vierde aanbod") == "no"
    assert after.count("Uw favoriet") == 1
    assert "Vierde aanbod" in main_of(physician.get("/arts/zoeken/favorieten").text)
    colleague = sign_in(stage.world.actor(Role.PHYSICIAN))
    assert stars(colleague.get(RESULTS).text, "Vierde aanbod") == "yes"
    assert "Vierde aanbod" not in colleague.get("/arts/zoeken/favorieten").text
    physician.send(f"/arts/zoeken/favorieten/{offerings[3]}", keep="no")
    assert "Vierde aanbod" not in main_of(physician.get("/arts/zoeken/favorieten").text)


@pytest.mark.parametrize("elsewhere", ["https://example.test/", "//example.test", "/werkgever", "javascript:alert(1)"])
def test_a_star_leads_nowhere_else(physician: Visitor, offerings: list[UUID], elsewhere: str) -> None:
    answer = physician.send(f"/arts/zoeken/favorieten/{offerings[0]}", keep="yes", next=elsewhere)
    assert answer.headers["location"].startswith("/arts/zoeken/favorieten#")
    assert physician.send(f"/arts/zoeken/favorieten/{offerings[0]}", keep="maybe").status_code == 422
    assert physician.send(f"/arts/zoeken/favorieten/{uuid4()}", keep="yes").status_code == 404


def test_from_the_favourites_to_the_comparison_and_the_referral_of_the_case(
    stage: Stage, physician: Visitor, offerings: list[UUID]
) -> None:
    for one in offerings[:2]:
        physician.send(f"/arts/zoeken/favorieten/{one}", keep="yes")
    results = physician.get(f"{RESULTS}&dossier={stage.case_id}").text
    (favourites,) = find(results, '//main//a[starts-with(@href, "/arts/zoeken/favorieten")]/@href')
    page = physician.get(favourites).text
    (href,) = [one for one in find(page, '//a[contains(., "Verwijzen")]/@href') if f"offering_id={offerings[0]}" in one]
    assert f"case_id={stage.case_id}" in href
    assert physician.get(href).status_code == 200
    carried: list[Any] = find(page, '//form[@id="compare"]//input[@type="hidden"]')
    query: dict[str, Any] = {one.get("name"): one.get("value") for one in carried}
    compared = physician.get("/arts/zoeken/vergelijken", **query, offering=[str(one) for one in offerings[:2]])
    assert row(compared.text, "Afstand")[1].endswith(" km")
    (back,) = find(compared.text, '//a[@class="back"]/@href')
    assert parse_qs(urlsplit(back).query)["postcode"] == ["3511"]


def saved(world: World, actor: Actor) -> list[SavedSearch]:
    with Session(world.database.owner) as session:
        return list(session.exec(select(SavedSearch).where(SavedSearch.account_id == actor.account)))


def test_a_search_is_saved_run_renamed_and_removed(world: World, stage: Stage, physician: Visitor) -> None:
    asked = "q=emdr&cause=M01&postcode=3511&radius_km=25&max_price=125%2C50&online=on&week=9&sort=distance"
    page = physician.get(f"/arts/zoeken/bewaard/nieuw?{asked}").text
    assert "niets over iemands gezondheid" in page
    assert "De week, en de postcode uit een dossier" in page
    assert "Vanaf 3511 Utrecht" in main_of(page)
    (action,) = find(page, '//main//form[@method="post"]/@action')
    assert physician.send(action, name="").status_code == 422
    assert physician.send(action, name="EMDR dichtbij").headers["location"] == "/arts/zoeken/bewaard"
    (row_,) = saved(world, stage.physician)
    assert row_.filters == {
        "q": "emdr",
        "cause": ["M01"],
        "postcode": "3511",
        "radius_km": 25.0,
        "max_price_cents": 12_550,
        "online": True,
        "sort": "distance",
    }
    assert "EMDR dichtbij" in physician.get("/arts/zoeken/bewaard").text
    run = physician.get(f"/arts/zoeken/bewaard/{row_.id}?dossier={stage.case_id}")
    results = parse_qs(urlsplit(run.headers["location"]).query)
    assert results == {
        "q": ["emdr"],
        "cause": ["M01"],
        "postcode": ["3511"],
        "radius_km": ["25.0"],
        "max_price": ["125,50"],
        "online": ["on"],
        "sort": ["distance"],
        "dossier": [str(stage.case_id)],
    }
    assert physician.get(run.headers["location"]).status_code == 200
    change = f"/arts/zoeken/bewaard/{row_.id}/wijzigen"
    assert physician.send(change, name="a" * 81).status_code == 422
    assert physician.send(change, name="Trauma", warns="on").status_code == 303
    assert [(one.name, one.warns) for one in saved(world, stage.physician)] == [("Trauma", True)]
    assert physician.send(change, act="remove").status_code == 303
    assert "Trauma" not in physician.get("/arts/zoeken/bewaard").text
    assert physician.get(change).status_code == 404


def test_of_a_case_neither_place_nor_week_nor_itself_is_saved(world: World, stage: Stage, physician: Visitor) -> None:
    asked = f"cause=M01&sickness_year=1&week=9&postcode=3511&radius_km=25&sort=distance&dossier={stage.case_id}"
    address = f"/arts/zoeken/bewaard/nieuw?{asked}"
    assert "3511" not in words(find(physician.get(address).text, "//main//section")[0])
    results = physician.get(f"/arts/zoeken?{asked}").text
    (offered,) = find(results, '//main//a[contains(., "Bewaar deze zoekopdracht")]/@href')
    assert parse_qs(urlsplit(offered).query) == parse_qs(asked)
    answer = physician.send(address, name="Psycholoog")
    assert answer.headers["location"] == f"/arts/zoeken/bewaard?dossier={stage.case_id}"
    (row_,) = saved(world, stage.physician)
    assert row_.filters == {"cause": ["M01"], "sickness_year": 1}


def test_an_address_that_cannot_be_read_is_not_saved(world: World, stage: Stage, physician: Visitor) -> None:
    for query in ("cause=ZZZ", "postcode=0000", "dossier=x"):
        assert physician.get(f"/arts/zoeken/bewaard/nieuw?{query}").status_code == 422
        assert physician.send(f"/arts/zoeken/bewaard/nieuw?{query}", name="Alles").status_code == 422
    assert saved(world, stage.physician) == []


def test_a_code_that_is_gone_is_said(world: World, stage: Stage, physician: Visitor) -> None:
    row_ = SavedSearch(
        tenant_id=world.tenant_id, account_id=stage.physician.account, name="Oud", filters={"cause": ["ZZZ"]}
    )
    world.add(row_)
    assert "Bevat een code die niet meer bestaat." in physician.get("/arts/zoeken/bewaard").text
    assert physician.get(f"/arts/zoeken/bewaard/{row_.id}").status_code == 409
    assert physician.get(f"/arts/zoeken/bewaard/{row_.id}/wijzigen").status_code == 200


def test_something_better_stands_on_the_worklist_until_one_has_looked(
    world: World, stage: Stage, sign_in: SignIn, physician: Visitor, offerings: list[UUID]
) -> None:
    physician.send("/arts/zoeken/bewaard/nieuw?cause=M01&sort=price", name="Goedkoop", warns="on")
    assert "Nieuw bij" not in physician.get("/arts").text
    add_offering(world, add_provider(world), title="Nog goedkoper", price_cents=100)
    rebuild_index(world.database, engine_for(world.database.settings))
    watch_searches(world.database)
    page = physician.get("/arts").text
    assert "Nieuw bij uw zoekopdracht “Goedkoop”" in page
    assert "Nog goedkoper" in page
    assert "Nieuw bovenaan" in physician.get("/arts/zoeken/bewaard").text
    assert "Nieuw bij" not in sign_in(stage.world.actor(Role.PHYSICIAN)).get("/arts").text
    (href,) = find(page, '//a[contains(., "Nieuw bij uw zoekopdracht")]/@href')
    assert physician.get(href).status_code == 303
    assert "Nieuw bij" not in physician.get("/arts").text


def test_everybody_may_read_how_the_order_comes_about(app: FastAPI, physician: Visitor) -> None:
    """R33, R36."""
    with TestClient(app, follow_redirects=False) as nobody:
        page = nobody.get("/zoekvolgorde")
    assert page.status_code == 200
    said = words(find(page.text, "//main")[0])
    assert "Geen plaats is te koop" in said
    assert "eigen organisatie" in said
    assert f"Er zijn {ranking.ROTATIONS} volgordes" in said
    for most, worth in ranking.WAIT_POINTS:
        assert re.search(rf"Hooguit {most} dagen\s*{worth} punten", said)
    assert find(physician.get(RESULTS).text, '//main//a[@href="/zoekvolgorde"]')
