"""Providers, their contracts and registrations on the pages of the network manager."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from core.clock import today
from identity.tables import Organisation
from network.tables import (
    Contract,
    OrganisationProfile,
    Registration,
    RegistrationKind,
)
from tests.network.offers import BIG, add_offering, add_provider, registration
from tests.portal.managed import ADMISSION, Network, provider_page
from tests.portal.open_pages import (
    chosen,
    faults_of,
    rows_of,
    typed,
    words_of,
)
from tests.portal.visitors import Visitor


def test_a_provider_is_admitted_with_its_numbers_written_one_way(network: Network, manager: Visitor) -> None:
    answer = manager.send("/netwerk/providers/nieuw", **ADMISSION)
    assert answer.status_code == 303
    provider_id = answer.headers["location"].removeprefix("/netwerk/providers/")
    with Session(network.world.database.owner) as session:
        profile = session.get_one(OrganisationProfile, UUID(provider_id))
        organisation = session.get_one(Organisation, profile.organisation_id)
        contract = session.exec(select(Contract).where(Contract.provider_id == profile.organisation_id)).one()
    assert (profile.kvk, profile.iban, profile.postcode) == ("12345678", "NL91ABNA0417164300", "3511 AB")
    assert (organisation.name, contract.starts_on.isoformat()) == ("Coachpraktijk Zuid", "2026-02-01")
    page = words_of(manager.get(answer.headers["location"]).text)
    assert "Coachpraktijk Zuid is toegelaten." in page
    assert "NL91ABNA0417164300" in page
    again = manager.send("/netwerk/providers/nieuw", **ADMISSION)
    assert again.headers["location"] == answer.headers["location"]
    assert "stond al in het netwerk" in words_of(manager.get(again.headers["location"]).text)


def test_all_faults_of_an_admission_come_back_at_once_with_what_was_typed(network: Network, manager: Visitor) -> None:
    wrong = ADMISSION | {
        "kvk": "1234",
        "iban": "NL00ABNA0417164300",
        "vat_id": "NL123456789B01",
        "agb": "12",
        "postcode": "0999 AB",
        "email": "info",
        "starts_on": "2026-03-01",
        "ends_on": "2026-02-01",
    }
    del wrong["name_reveals_care"]
    page = manager.send("/netwerk/providers/nieuw", **wrong)
    assert page.status_code == 422
    assert [line.split(":")[0] for line in faults_of(page.text)] == [
        "Verraadt de naam dat het om zorg gaat", "KvK-nummer", "AGB-code", "Btw-nummer", "Rekeningnummer (IBAN)",
        "Postcode", "E-mailadres", "Laatste dag",
    ]  # fmt: skip
    assert "Het contract eindigt voordat het begint." in page.text
    for name, value in wrong.items():
        assert typed(page.text, name) == value
    with Session(network.world.database.owner) as session:
        of_tenant = select(Organisation).where(Organisation.tenant_id == network.world.tenant_id)
        assert session.exec(of_tenant.where(Organisation.name == wrong["name"])).all() == []


def test_the_same_provider_with_other_facts_is_refused(manager: Visitor) -> None:
    manager.send("/netwerk/providers/nieuw", **ADMISSION)
    page = manager.send("/netwerk/providers/nieuw", **(ADMISSION | {"city": "Zeist"}))
    assert page.status_code == 409
    assert "staat al in het netwerk, met andere gegevens" in faults_of(page.text)[0]
    assert typed(page.text, "city") == "Zeist"


def test_the_facts_of_a_provider_are_changed(network: Network, manager: Visitor) -> None:
    page = manager.get(provider_page(network, "/gegevens")).text
    assert typed(page, "name") == "Praktijk De Brug"
    assert chosen(page, "name_reveals_care") == ["no"]
    facts = {name: typed(page, name) for name in ("kvk", "iban", "vat_id", "street", "postcode", "email")}
    bad = manager.send(provider_page(network, "/gegevens"), name="Nieuwe Naam", **facts)
    assert bad.status_code == 422
    assert typed(bad.text, "name") == "Nieuwe Naam"
    done = manager.send(
        provider_page(network, "/gegevens"), name="Nieuwe Naam", city="Zeist", name_reveals_care="yes", **facts
    )
    assert done.headers["location"] == provider_page(network)
    page = words_of(manager.get(provider_page(network)).text)
    assert "Nieuwe Naam" in page
    assert "Ja: alles is vertrouwelijk" in page


def test_providers_are_found_by_part_of_a_name(network: Network, manager: Visitor) -> None:
    add_provider(network.world, "Arbeidskundig Noord", RegistrationKind.SRA)
    (row,) = rows_of(manager.get("/netwerk/providers", q="noord").text)
    assert "Arbeidskundig Noord" in row
    assert "Loopt" in row
    none = manager.get("/netwerk/providers", q="bestaat niet").text
    assert "Geen provider met deze naam of in deze plaats." in none
    assert typed(none, "q") == "bestaat niet"


def test_a_contract_is_suspended_and_resumed(network: Network, manager: Visitor) -> None:
    add_offering(network.world, network.provider_id, title="Goedgekeurd")
    contract = network.one(Contract).id
    before = words_of(manager.get(provider_page(network, f"/contracten/{contract}/opschorten")).text)
    assert "Het ene aanbod van Praktijk De Brug is niet meer te vinden." in before
    assert "Verwijzingen die al lopen, gaan door." in before
    assert manager.send(provider_page(network, f"/contracten/{contract}/opschorten")).status_code == 303
    assert network.one(Contract).suspended_at is not None
    page = words_of(manager.get(provider_page(network)).text)
    assert "Het contract is opgeschort." in page
    twice = manager.send(provider_page(network, f"/contracten/{contract}/opschorten"))
    assert twice.status_code == 409
    assert manager.send(provider_page(network, f"/contracten/{contract}/hervatten")).status_code == 303
    assert network.one(Contract).suspended_at is None


def test_a_contract_ends_and_another_follows(network: Network, manager: Visitor) -> None:
    contract = network.one(Contract)
    path = provider_page(network, f"/contracten/{contract.id}/einde")
    early = manager.send(path, ends_on=(contract.starts_on - timedelta(days=1)).isoformat())
    assert early.status_code == 422
    assert faults_of(early.text) == ["Laatste dag: Het contract eindigt voordat het begint."]
    assert manager.send(path, ends_on=today().isoformat()).status_code == 303
    assert network.one(Contract).ends_on == today()
    following = provider_page(network, "/contracten/nieuw")
    overlap = manager.send(following, starts_on=today().isoformat(), own_organisation="on")
    assert overlap.status_code == 409
    assert chosen(overlap.text, "own_organisation") == ["on"]
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert manager.send(following, starts_on=tomorrow).status_code == 303
    assert "Begint nog" in words_of(manager.get(provider_page(network)).text)


def test_a_registration_is_added_and_renewed(network: Network, manager: Visitor) -> None:
    """R30."""
    path = provider_page(network, "/registraties/nieuw")
    until = today() + timedelta(days=100)
    bad = manager.send(path, kind="big", number="123", holder="A. Arts", valid_until=until.isoformat())
    assert faults_of(bad.text) == ["Nummer: Een BIG-nummer heeft 11 cijfers."]
    assert typed(bad.text, "holder") == "A. Arts"
    assert chosen(bad.text, "kind") == ["big"]
    done = manager.send(path, kind="agb", number="12.34.56.78", valid_until=until.strftime("%d-%m-%Y"))
    assert done.headers["location"] == provider_page(network, "#registraties")
    added = network.one(Registration, kind=RegistrationKind.AGB)
    assert (added.number, added.valid_until) == ("12345678", until)
    renewal = provider_page(network, f"/registraties/{added.id}")
    same = manager.send(renewal, valid_until=until.isoformat())
    assert same.status_code == 422
    assert "Nieuwe einddatum: Kies een latere dag" in faults_of(same.text)[0]
    later = until + timedelta(days=365)
    assert manager.send(renewal, valid_until=later.isoformat()).status_code == 303
    assert network.one(Registration, kind=RegistrationKind.AGB).valid_until == later
    double = manager.send(path, kind="big", number=BIG, valid_until=until.isoformat())
    assert double.status_code == 409
    assert "Verleng die als de einddatum is veranderd." in faults_of(double.text)[0]


def test_registrations_that_end_are_listed_by_how_soon(network: Network, manager: Visitor) -> None:
    """R30."""
    other = add_provider(network.world, "Praktijk Bijna", RegistrationKind.AGB)
    network.world.add(
        registration(network.world, other, RegistrationKind.INSURANCE, -1),
        registration(network.world, other, RegistrationKind.BIG, 45),
        registration(network.world, other, RegistrationKind.SRA, 170),
    )
    counts = {days: len(rows_of(manager.get("/netwerk/registraties", days=days).text)) for days in ("30", "60", "180")}
    assert counts == {"30": 1, "60": 2, "180": 3}
    assert "Verlopen" in rows_of(manager.get("/netwerk/registraties").text)[0]
