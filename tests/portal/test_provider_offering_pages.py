"""A provider's offerings and registrations in the portal: published in two steps, changed, waits, taken out."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import Session, select

from core.clock import today
from identity.roles import OrganisationKind, Role
from identity.tables import AuditEvent
from network.postcodes import places
from network.tables import Offering, OfferingState, PriceUnit, RegistrationKind, RejectionReason
from tests.network.offers import add_offering, add_provider, registration
from tests.portal.open_pages import addresses, chosen, faults_of, rows_of, typed, words_of
from tests.portal.provider_desk import OFFERINGS, hidden, told
from tests.portal.reading import field, find
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

NEW = f"{OFFERINGS}/nieuw"
REGISTRATIONS = "/provider/registraties"


@pytest.fixture
def provider_id(world: World) -> UUID:
    return add_provider(world)


@pytest.fixture
def provider(world: World, provider_id: UUID, sign_in: SignIn) -> Visitor:
    return sign_in(world.actor(Role.PROVIDER, provider_id))


def offering_of(world: World, offering_id: UUID) -> Offering:
    with Session(world.database.owner) as session:
        return session.get_one(Offering, offering_id)


def offerings_of(world: World, provider_id: UUID) -> list[Offering]:
    with Session(world.database.owner) as session:
        return list(session.exec(select(Offering).where(Offering.provider_id == provider_id)))


def typed_offering(**changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "title": "Kort traject bij spanningsklachten",
        "description": "Acht gesprekken.\nWerkgericht.",
        "intervention": "PSY",
        "causes": ["M01", "P05"],
        "sickness_years": ["1", "2"],
        "evidence": "guideline",
        "programme_weeks": "12",
        "postcode": "3511",
        "radius_km": "0",
        "price": "1.105,50",
        "price_unit": "trajectory",
        "vat_rate": "0",
        "stated_wait_days": "14",
    }
    return facts | changes


def carried(page: Response) -> Mapping[str, list[str]]:
    """Return what a check page carries along, fields with several values too."""
    fields: dict[str, list[str]] = {}
    for each in find(page.text, '//main//input[@type="hidden"]'):
        fields.setdefault(str(each.get("name")), []).append(str(each.get("value")))
    return fields


def on(visitor: Visitor, path: str, page: Response, button: str) -> Response:
    return visitor.send(path, **carried(page), act=button)


def path_of(offering_id: UUID, act: str = "") -> str:
    return f"{OFFERINGS}/{offering_id}{f'/{act}' if act else ''}"


def test_every_page_is_there(app: FastAPI, world: World, provider_id: UUID, provider: Visitor) -> None:
    offering = add_offering(world, provider_id)
    templates = {p for start in (OFFERINGS, REGISTRATIONS) for p in addresses(app, start, "GET")}
    assert len(templates) == 7
    for template in templates:
        page = provider.get(template.replace("{offering_id}", str(offering)))
        assert page.status_code == 200, template
        assert len(re.findall("<h1", page.text)) == 1, template
        ids = re.findall(r'\sid="([^"]+)"', page.text)
        assert len(ids) == len(set(ids)), template
        assert len(find(page.text, '//nav[@class="nav"]//a[@aria-current="page"]')) == 1, template


@pytest.mark.parametrize("path", [OFFERINGS, f"{OFFERINGS}?state=rejected", REGISTRATIONS])
def test_an_empty_page_says_what_will_be_there(world: World, sign_in: SignIn, path: str) -> None:
    bare = world.actor(Role.PROVIDER, world.organisation(OrganisationKind.PROVIDER, "Nieuw hier"))
    page = sign_in(bare).get(path)
    assert page.status_code == 200
    assert len(find(page.text, '//*[@class="empty"]')) == 1


def test_publishing_is_looked_at_first(world: World, provider_id: UUID, provider: Visitor) -> None:
    look = provider.send(NEW, **typed_offering())
    assert look.status_code == 200
    seen = words_of(look.text, '//*[@id="zo-ziet-het-eruit"]').replace("\xa0", " ")
    for expected in ("Kort traject bij spanningsklachten", "€ 1.105,50", "per traject", "14 dagen", "Vertrouwelijk"):
        assert expected in seen, expected
    assert "Dit aanbod, zolang het niet is goedgekeurd" in words_of(look.text, '//*[@class="sending"]')
    assert offerings_of(world, provider_id) == []
    with Session(world.database.owner) as session:
        tags = select(AuditEvent.tag).where(AuditEvent.tenant_id == world.tenant_id)
        assert "network:offering:published" not in session.exec(tags).all()

    back = on(provider, NEW, look, "edit").text
    assert chosen(back, "causes") == ["P05", "M01"]
    assert (typed(back, "price"), field(back, "description").replace("\r", "")) == (
        "1.105,50",
        "Acht gesprekken.\nWerkgericht.",
    )
    assert "Ingestuurd" in told(provider, on(provider, NEW, look, "send"))
    (kept,) = offerings_of(world, provider_id)
    assert (kept.state, kept.price_cents, kept.price_unit) == (OfferingState.SUBMITTED, 1105_50, PriceUnit.TRAJECTORY)
    assert (kept.causes, kept.sickness_years, kept.stated_on) == (["P05", "M01"], [1, 2], today())
    assert on(provider, NEW, look, "send").status_code == 303
    assert len(offerings_of(world, provider_id)) == 1


def test_an_offering_with_faults_keeps_everything(world: World, provider_id: UUID, provider: Visitor) -> None:
    wrong = {"title": "", "price": "gratis", "programme_weeks": "0", "postcode": "0000", "stated_wait_days": "-1"}
    page = provider.send(NEW, **typed_offering(**wrong))
    assert page.status_code == 422
    assert [fault.split(":")[0] for fault in faults_of(page.text)] == [
        "Titel",
        "Hoeveel weken duurt het",
        "Postcode waar u werkt",
        "Prijs zonder btw",
        "Wachttijd in dagen",
    ]
    assert (typed(page.text, "price"), typed(page.text, "postcode")) == ("gratis", "0000")
    assert chosen(page.text, "causes") == ["P05", "M01"]
    assert chosen(page.text, "intervention") == ["PSY"]
    nothing = provider.send(NEW)
    assert "Bij welke oorzaken van verzuim: Vul dit in." in faults_of(nothing.text)
    assert offerings_of(world, provider_id) == []


def test_the_same_title_twice_is_told_on_the_form(world: World, provider_id: UUID, provider: Visitor) -> None:
    add_offering(world, provider_id, title="Kort traject bij spanningsklachten")
    page = provider.send(NEW, **typed_offering())
    assert page.status_code == 409
    assert "U hebt al aanbod met deze titel" in faults_of(page.text)[0]
    assert typed(page.text, "title") == "Kort traject bij spanningsklachten"


def changed(page: str, **changes: Any) -> dict[str, Any]:
    """Return the form of an offering as its page fills it in, with whatever a test changes."""
    tree = find(page, "//main//form[@class='form']")[0]
    fields: dict[str, Any] = {
        str(each.get("name")): str(each.get("value") or "")
        for each in tree.xpath('.//input[@type="text" or @type="date" or @type="hidden"]')
    }
    for name in ("causes", "sickness_years", "evidence", "vat_rate", "online", "nationwide"):
        fields[name] = chosen(page, name)
    for name in ("intervention", "price_unit"):
        fields[name] = chosen(page, name)[0]
    return fields | {"description": field(page, "description")} | changes


def test_changing_an_approved_offering_hides_it_until_it_is_approved_again(
    world: World, provider_id: UUID, provider: Visitor
) -> None:
    """R29."""
    offering = add_offering(world, provider_id)
    path = path_of(offering, "wijzigen")
    page = provider.get(path).text
    assert "moet netwerkbeheer het opnieuw goedkeuren" in words_of(page)
    assert typed(page, "price") == "105,00"
    look = provider.send(path, **changed(page, price="119"))
    assert "vindt niemand dit aanbod" in words_of(look.text)
    assert offering_of(world, offering).state is OfferingState.APPROVED
    assert "Wacht op goedkeuring" in told(provider, on(provider, path, look, "send"))
    now = offering_of(world, offering)
    assert (now.state, now.price_cents) == (OfferingState.SUBMITTED, 119_00)
    late = on(provider, path, look, "send")
    assert late.status_code == 409
    assert "gewijzigd sinds u het zag" in faults_of(late.text)[0]


def test_only_another_wait_keeps_it_approved(world: World, provider_id: UUID, provider: Visitor) -> None:
    place = places()["3511"]
    offering = add_offering(world, provider_id, postcode="3511", latitude=place.lat, longitude=place.lon)
    path = path_of(offering, "wijzigen")
    look = provider.send(path, **changed(provider.get(path).text, stated_wait_days="21"))
    assert "Het aanbod blijft goedgekeurd" in words_of(look.text)
    assert find(look.text, '//*[@class="sending"]') == []
    assert "De wijziging is bewaard" in told(provider, on(provider, path, look, "send"))
    now = offering_of(world, offering)
    assert (now.state, now.stated_wait_days) == (OfferingState.APPROVED, 21)


def test_why_it_was_rejected_or_cannot_be_found_stands_on_its_page(
    world: World, provider_id: UUID, provider: Visitor
) -> None:
    """R29, R35."""
    rejected = add_offering(
        world, provider_id, state=OfferingState.REJECTED, rejection_reason=RejectionReason.EVIDENCE, title="Anders"
    )
    assert "Niet duidelijk dat het werkt" in words_of(provider.get(path_of(rejected)).text)
    dear = add_offering(world, provider_id, price_valid_until=today() - timedelta(days=1))
    page = words_of(provider.get(path_of(dear)).text)
    assert "Nu niet te vinden" in page
    assert "De prijs van dit aanbod geldt vandaag niet." in page
    listed = rows_of(provider.get(OFFERINGS, state="approved").text)
    assert ["nu niet te vinden" in row for row in listed] == [True]


def test_a_wait_is_stated_and_confirmed(world: World, provider_id: UUID, provider: Visitor) -> None:
    """R32."""
    offering = add_offering(world, provider_id, stated_on=today() - timedelta(days=40))
    assert "Klopt de wachttijd nog?" in words_of(provider.get(path_of(offering)).text)
    path = path_of(offering, "wachttijd")
    for wrong in ("", "lang", "-1", "731"):
        page = provider.send(path, days=wrong)
        assert (page.status_code, typed(page.text, "days")) == (422, wrong)
    assert "bijgewerkt" in told(provider, provider.send(path, days="35"))
    assert offering_of(world, offering).stated_wait_days == 35
    answer = provider.send(f"{path}/bevestigen", next="https://elders.example")
    assert answer.headers["location"] == path_of(offering)
    assert offering_of(world, offering).stated_on == today()


def test_what_was_withdrawn_has_no_wait(world: World, provider_id: UUID, provider: Visitor) -> None:
    offering = add_offering(world, provider_id, state=OfferingState.WITHDRAWN)
    refused = provider.send(path_of(offering, "wachttijd/bevestigen"))
    assert refused.status_code == 409
    possible = [each.text_content().strip() for each in find(refused.text, "//main//li")]
    assert possible == ["Het aanbod wijzigen en opnieuw insturen"]
    assert find(provider.get(path_of(offering, "wachttijd")).text, '//main//input[@name="days"]') == []


def test_taking_an_offering_out_says_first_what_that_does(world: World, provider_id: UUID, provider: Visitor) -> None:
    offering = add_offering(world, provider_id)
    path = path_of(offering, "intrekken")
    look = provider.get(path)
    assert "Uw hulp, voor de prijs die is afgesproken" in words_of(look.text)
    for _twice in range(2):
        assert "Ingetrokken" in told(provider, provider.send(path, **hidden(look.text)))
    assert offering_of(world, offering).state is OfferingState.WITHDRAWN


def test_another_provider_finds_nothing(world: World, provider: Visitor) -> None:
    other = add_offering(world, add_provider(world, "Een andere praktijk"))
    for act in ("", "wijzigen", "wachttijd", "intrekken"):
        assert provider.get(path_of(other, act)).status_code == 404, act
    assert rows_of(provider.get(OFFERINGS).text) == []


def test_registrations_are_shown_with_their_end(world: World, provider_id: UUID, provider: Visitor) -> None:
    world.add(registration(world, provider_id, RegistrationKind.NIP, days=-3))
    world.add(registration(world, provider_id, RegistrationKind.SRA, days=20))
    page = provider.get(REGISTRATIONS).text
    rows = rows_of(page)
    assert [row.split(" ")[0] for row in rows] == ["Psychologen", "Arbeidsdeskundigen", "BIG-register"]
    assert "Verlopen" in rows[0]
    assert "nog 20 dagen" in rows[1]
    assert find(page, "//main//form") == []
