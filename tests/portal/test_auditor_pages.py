"""The pages of the data protection officer: the trail with its filters, its proof, and the file."""

import csv
import re
from datetime import date, datetime, timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import text

from core.clock import AMSTERDAM, now, standing_at, today
from core.database import Door
from core.settings import ROOT
from identity.actor import Actor, system
from identity.audit import record
from identity.audit_anchors import anchor_chain
from identity.audit_chain import seal
from identity.retention_tables import Kept, RemovalCertificate
from identity.roles import Role
from portal.audit_words import event_words
from portal.open.auditor import trail
from tests.portal.open_pages import (
    assert_all_render,
    assert_nobody_else,
    chosen,
    faults_of,
    rows_of,
    typed,
    words_of,
)
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

TAG = re.compile(r'"((?:identity|network|cases|billing|medical):[a-z_]+:[a-z_]+)"')
TRAIL, FILE, CHAIN, REMOVED = "/toezicht", "/toezicht/logboek.csv", "/toezicht/keten", "/toezicht/verwijderd"


@pytest.fixture
def officer(world: World, sign_in: SignIn) -> Visitor:
    return sign_in(world.actor(Role.AUDITOR))


def leave(world: World, actor: Actor, tag: str, times: int = 1, *, moment: datetime | None = None) -> None:
    door = Door.CARE if tag.startswith("medical") else Door.OPEN
    with standing_at(moment or now()), world.acting(door, actor) as session:
        for _nth in range(times):
            record(session, actor, tag, uuid4())


def seal_all(world: World) -> None:
    actor = system(world.tenant_id)
    with world.acting(Door.OPEN, actor) as session:
        seal(session, actor)


def sent(visitor: Visitor, content: bytes) -> Response:
    return visitor.client.post(CHAIN, data={"csrf_token": visitor.token}, files={"anchors": ("ankers.jsonl", content)})


def removed(world: World) -> UUID:
    """Return a certificate, as the database writes one when it removes something."""
    made = RemovalCertificate(
        tenant_id=world.tenant_id,
        kept=Kept.MEDICAL,
        years=20,
        until=date(2006, 3, 1),
        things=3,
        rows=41,
        fingerprint=bytes(32),
    )
    world.add(made)
    return made.id


def lines(visitor: Visitor, **query: str) -> list[list[str]]:
    answer = visitor.get(FILE, **query)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="logboek-' in answer.headers["content-disposition"]
    return list(csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def test_every_page_is_there_and_for_nobody_else(app: FastAPI, world: World, officer: Visitor, sign_in: SignIn) -> None:
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read")
    assert_all_render(app, TRAIL, officer, {"certificate_id": removed(world)}, {})
    assert_nobody_else(app, TRAIL, world, sign_in, [Role.AUDITOR], {})


def test_an_empty_trail_says_what_will_be_there(officer: Visitor) -> None:
    page = officer.get(TRAIL).text
    assert "Hier komt te staan wie wat deed en wanneer." in page
    assert "Download" not in page


def test_the_trail_says_who_did_what_and_nothing_of_another_arbodienst(
    world: World, officer: Visitor, database: object
) -> None:
    """R68."""
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read")
    leave(world, world.actor(Role.NETWORK_MANAGER), "network:offering:approved")
    elsewhere = World(world.database)
    leave(elsewhere, elsewhere.actor(Role.PHYSICIAN), "medical:case:read")
    newest, oldest = rows_of(officer.get(TRAIL).text)
    assert "Aanbod: goedgekeurd network:offering:approved" in newest
    assert "grond: in de eigen rol, zonder medische gegevens Test network_manager Netwerkbeheer" in newest
    assert "Medisch dossier: bekeken" in oldest
    assert "Bedrijfsarts, Arbodienst" in oldest


def test_filters_stand_in_the_address_and_can_be_taken_away(world: World, officer: Visitor) -> None:
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 2)
    leave(world, world.actor(Role.DELEGATE), "medical:case:read")
    leave(world, world.actor(Role.DELEGATE), "medical:referral:issue")
    page = officer.get(TRAIL, tag="medical:case", role="delegate").text
    assert len(rows_of(page)) == 1
    assert chosen(page, "tag") == ["medical:case"]
    assert chosen(page, "role") == ["delegate"]
    assert 'href="/toezicht?role=delegate"' in page
    assert 'href="/toezicht?tag=medical%3Acase"' in page
    assert 'href="/toezicht/logboek.csv?tag=medical%3Acase&amp;role=delegate"' in page
    own = officer.get(TRAIL, tag="medical:case:read").text
    assert len(rows_of(own)) == 3
    assert chosen(own, "tag") == ["medical:case:read"]
    none = officer.get(TRAIL, tag="zzz").text
    assert "Geen gebeurtenissen met deze filters." in none


def test_both_days_of_a_period_belong_to_it(world: World, officer: Visitor) -> None:
    physician = world.actor(Role.PHYSICIAN)
    for hour, day in ((0, 10), (23, 10), (0, 11), (23, 9)):
        leave(world, physician, "medical:case:read", moment=datetime(2026, 3, day, hour, 30, tzinfo=AMSTERDAM))
    page = officer.get(TRAIL, since="2026-03-10", until="10-03-2026").text
    assert "<strong>2</strong> gebeurtenissen" in page
    assert all("10 maart 2026" in row for row in rows_of(page))


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"since": "2026-02-31"}, "Vanaf: Geef een datum die bestaat, met dag, maand en jaar."),
        ({"since": "2026-03-10", "until": "2026-03-09"}, "Tot en met: De periode eindigt voordat zij begint."),
        ({"role": "baas"}, "Rol: Kies een van deze waarden"),
        ({"page": "0"}, "page: Dit moet ten minste 1 zijn."),
        ({"tag": "x" * 81}, "Waarover: Gebruik hooguit 80 tekens."),
    ],
)
def test_filters_that_are_wrong_come_back_with_what_is_wrong(
    world: World, officer: Visitor, query: dict[str, str], fault: str
) -> None:
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read")
    page = officer.get(TRAIL, **query)
    assert page.status_code == 422
    assert [line[: len(fault)] for line in faults_of(page.text)] == [fault]
    assert typed(page.text, "since") == query.get("since", "")
    refused = officer.get(FILE, **query)
    assert refused.status_code == 422
    assert "text/html" in refused.headers["content-type"]


def test_a_long_trail_is_paged_and_keeps_its_filters(world: World, officer: Visitor) -> None:
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 53)
    first = officer.get(TRAIL, tag="medical:case").text
    assert len(rows_of(first)) == 50
    assert "tag=medical%3Acase&amp;page=2" in first
    assert len(rows_of(officer.get(TRAIL, tag="medical:case", page=2).text)) == 3
    beyond = officer.get(TRAIL, tag="medical:case", page=9).text
    assert "Zo ver gaat deze lijst niet." in beyond


def tags() -> set[str]:
    """Return every tag that stands in the code of the rooms as a whole."""
    rooms = [ROOT / room for room in ("identity", "network", "cases", "billing", "medical", "portal")]
    texts = (file.read_text(encoding="utf-8") for room in rooms for file in room.rglob("*.py"))
    return {tag for text in texts for tag in TAG.findall(text)}


def test_every_event_has_words() -> None:
    found = tags()
    assert len(found) > 20
    assert [tag for tag in sorted(found) if set(event_words(tag).split(": ", 1)) & set(tag.split(":"))] == []
    assert event_words("medical:unheard:of") == "unheard: of"
    assert event_words("medical:referral") == "Verwijzing"


def test_the_file_holds_the_filtered_trail_and_taking_it_is_an_event(world: World, officer: Visitor) -> None:
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 2)
    leave(world, world.actor(Role.DELEGATE), "cases:case:opened")
    head, *rows = lines(officer, tag="medical")
    assert head[:3] == ["Moment", "Code", "Gebeurtenis"]
    assert [row[1:3] for row in rows] == [["medical:case:read", "Medisch dossier: bekeken"]] * 2
    assert {row[4] for row in rows} == {"Bedrijfsarts"}
    assert all(len(row[8]) == 36 for row in rows)
    assert "Logboek: gedownload" in rows_of(officer.get(TRAIL).text)[0]


def test_the_file_is_bounded_and_holds_each_event_once(
    world: World, officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "PIECE", 2)
    monkeypatch.setattr(trail, "MOST_EXPORTED", 6)
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 5)
    found = [row[8] for row in lines(officer)[1:]]
    assert len(found) == len(set(found)) == 5
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 5)
    assert len(lines(officer, tag="medical")[1:]) == 6
    assert "Download de nieuwste 6" in officer.get(TRAIL).text


def test_what_a_browser_calls_itself_is_no_formula_in_a_spreadsheet(world: World, officer: Visitor) -> None:
    physician = world.actor(Role.PHYSICIAN)
    sly = Actor(**{**vars(physician), "client": '=HYPERLINK("http://elders.test")'})
    leave(world, sly, "medical:case:read")
    assert lines(officer, tag="medical")[1][-1] == '\'=HYPERLINK("http://elders.test")'


def test_the_chain_is_shown_as_it_is(world: World, officer: Visitor) -> None:
    assert "Nog geen keten" in officer.get(CHAIN).text
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 3)
    seal_all(world)
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 2)
    page = officer.get(CHAIN).text
    assert "Ja, de keten is heel" in page
    figures = words_of(page, "//dl[@class='figures']")
    assert "Schakels die kloppen 3" in figures
    assert "Wacht op een zegel 2" in figures


def test_a_broken_chain_is_shown_with_its_place(world: World, officer: Visitor) -> None:
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 4)
    seal_all(world)
    third = "(SELECT event_id FROM identity.audit_link WHERE tenant_id = :tenant AND position = 3)"
    with world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text(f"UPDATE identity.audit_event SET tag = 'medical:case:other' WHERE id = {third}"),
            {"tenant": world.tenant_id},
        )
    page = words_of(officer.get(CHAIN).text)
    assert "Nee, de keten is gebroken bij schakel 3" in page
    assert "Een gebeurtenis is veranderd nadat zij verzegeld was." in page
    assert "Schakels die kloppen 2" in page


def test_anchors_are_taken_along_and_brought_back(world: World, officer: Visitor, app: FastAPI) -> None:
    assert "Hier komen de ankers te staan." in officer.get(CHAIN).text
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read", 3)
    seal_all(world)
    actor = system(world.tenant_id)
    with world.acting(Door.OPEN, actor) as session:
        anchor_chain(session, actor, app.state.settings.signer)
    answer = officer.get(f"{CHAIN}/ankers.jsonl")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert len(answer.text.splitlines()) == 1
    page = words_of(sent(officer, answer.content).text)
    assert "Ankers die kloppen 2 waarvan u er 1 zelf bewaarde" in page
    with world.database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("event", "link", "anchor"):
            statement = text(f"DELETE FROM identity.audit_{table} WHERE tenant_id = :tenant")
            connection.execute(statement, {"tenant": world.tenant_id})
    assert "De keten is korter dan een anker zegt" in sent(officer, answer.content).text
    refused = sent(officer, b"\xff\xfe")
    assert (refused.status_code, "Dit is geen bestand met ankers" in refused.text) == (422, True)


def test_without_a_key_the_page_says_so(officer: Visitor, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    unsigned = app.state.settings.model_copy(update={"anchor_keys": SecretStr("")})
    # The state answers by `__getattr__`, so putting it back by `setattr` is left to its dictionary.
    monkeypatch.setitem(app.state._state, "settings", unsigned)
    assert "geen sleutel ingesteld om ankers mee te tekenen" in officer.get(CHAIN).text


def test_what_was_removed_stands_there_with_its_certificate(world: World, officer: Visitor) -> None:
    """R71."""
    assert "Er is nog niets verwijderd." in officer.get(REMOVED).text
    certificate = removed(world)
    removed(World(world.database))
    page = officer.get(REMOVED).text
    (row,) = rows_of(page)
    assert "Medische dossiers 3 20 jaar, begonnen vóór 1 maart 2006" in row
    file = officer.get(f"{REMOVED}/{certificate}.json").json()
    assert (file["certificate"]["things"], file["certificate"]["rows"]) == (3, 41)
    assert officer.get(f"{REMOVED}/{uuid4()}.json").status_code == 404


def test_the_period_of_today_holds_what_just_happened(world: World, officer: Visitor) -> None:
    leave(world, world.actor(Role.PHYSICIAN), "medical:case:read")
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert len(rows_of(officer.get(TRAIL, since=today().isoformat()).text)) == 1
    assert "Geen gebeurtenissen met deze filters." in officer.get(TRAIL, since=tomorrow).text
