"""The pages of the network manager: the worklist, deciding on offerings, providers, contracts and registrations."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from core.clock import now, today
from identity.roles import OrganisationKind, Role
from network.tables import (
    Contract,
    OfferingState,
    Registration,
    RegistrationKind,
    RejectionReason,
)
from tests.billing.office import Office
from tests.network.offers import add_offering, add_provider, registration
from tests.portal.managed import Network, provider_page
from tests.portal.open_pages import (
    assert_all_render,
    assert_forms_need_their_token,
    assert_nobody_else,
    chosen,
    faults_of,
    rows_of,
    tasks_of,
    typed,
    words_of,
)
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

LISTS = ("/netwerk", "/netwerk/aanbod", "/netwerk/providers", "/netwerk/registraties", "/netwerk/wachttijden")


def page_of(network: Network) -> str:
    return f"/netwerk/aanbod/{network.offering_id}"


def test_every_page_is_there_and_for_nobody_else(
    app: FastAPI, network: Network, manager: Visitor, sign_in: SignIn
) -> None:
    office = Office(network.world)
    employer = office.employer()
    policy_id = office.policy(employer, office.world.organisation(OrganisationKind.INSURER, "Verzekeraar"))
    assert_all_render(app, "/netwerk", manager, network.known | {"policy_id": policy_id}, {})
    assert_nobody_else(app, "/netwerk", network.world, sign_in, [Role.NETWORK_MANAGER], network.known)


def test_a_form_without_its_token_does_nothing(app: FastAPI, network: Network, manager: Visitor) -> None:
    assert_forms_need_their_token(app, "/netwerk", manager, network.known)
    assert network.one(Contract).suspended_at is None
    assert network.offering().state is OfferingState.SUBMITTED


@pytest.mark.parametrize("path", [*LISTS, "/netwerk/aanbod?state=submitted"])
def test_an_empty_page_says_what_will_be_there(manager: Visitor, path: str) -> None:
    page = manager.get(path).text
    assert '<p class="empty-what">' in page
    assert "<table" not in page


def test_what_is_of_another_arbodienst_is_not_there(network: Network, sign_in: SignIn, world: World) -> None:
    elsewhere = World(world.database)
    other = add_provider(elsewhere, "Praktijk Elders")
    mine = add_offering(elsewhere, other, title="Elders")
    visitor = sign_in(world.actor(Role.NETWORK_MANAGER))
    for path in (f"/netwerk/providers/{other}", f"/netwerk/aanbod/{mine}", f"/netwerk/providers/{other}/gegevens"):
        assert visitor.get(path).status_code == 404
    for path in LISTS:
        assert "Elders" not in visitor.get(path).text
    # A contract or registration under the address of another provider is not there either.
    contract = network.one(Contract).id
    assert visitor.get(f"/netwerk/providers/{other}/contracten/{contract}/einde").status_code == 404
    third = add_provider(world, "Praktijk Drie")
    assert visitor.send(f"/netwerk/providers/{third}/contracten/{contract}/opschorten").status_code == 404
    assert network.one(Contract).suspended_at is None
    entry = network.one(Registration).id
    until = (today() + timedelta(days=500)).isoformat()
    assert visitor.send(f"/netwerk/providers/{third}/registraties/{entry}", valid_until=until).status_code == 404


def test_the_worklist_holds_what_waits_of_each_kind_the_oldest_first(network: Network, manager: Visitor) -> None:
    world, provider_id = network.world, network.provider_id
    earlier = {"state": OfferingState.SUBMITTED, "decided_at": None, "submitted_at": now() - timedelta(days=9)}
    add_offering(world, provider_id, title="Wacht al lang", **earlier)
    add_offering(world, provider_id, title="Lang niet bevestigd", stated_on=today() - timedelta(days=31))
    add_offering(world, provider_id, title="Net nog goed", stated_on=today() - timedelta(days=30))
    soon = add_provider(world, "Praktijk Bijna", RegistrationKind.AGB)
    world.add(
        registration(world, soon, RegistrationKind.INSURANCE, -3), registration(world, soon, RegistrationKind.BIG, 60)
    )
    page = manager.get("/netwerk").text
    offering = network.offering().title
    assert tasks_of(page) == ["Wacht al lang", offering, "Praktijk Bijna", "Praktijk Bijna", "Lang niet bevestigd"]
    expired, ending = words_of(page, "(//ol)[2]/li[1]"), words_of(page, "(//ol)[2]/li[2]")
    assert "Beroepsaansprakelijkheid 90101901" in expired
    assert "3 dagen te laat" in expired
    assert "Verlopen" in expired
    assert "Verlopen" not in ending
    nav = words_of(page, "//nav")
    assert "Aanbod 2 open" in nav
    assert "Registraties 2 open" in nav
    assert "Wachttijden 1 open" in nav


def test_a_provider_without_a_running_contract_waits_too(network: Network, manager: Visitor) -> None:
    assert "Providers zonder contract" not in manager.get("/netwerk").text
    contract = network.one(Contract).id
    add_offering(network.world, network.provider_id)
    manager.send(provider_page(network, f"/contracten/{contract}/opschorten"))
    assert "Providers zonder contract" not in manager.get("/netwerk").text
    yesterday = (today() - timedelta(days=1)).isoformat()
    manager.send(provider_page(network, f"/contracten/{contract}/einde"), ends_on=yesterday)
    page = manager.get("/netwerk").text
    assert tasks_of(page) == [network.offering().title, "Praktijk De Brug"]
    assert "1 aanbod niet te vinden" in words_of(page)
    add_provider(network.world, "Met contract")
    (row,) = rows_of(manager.get("/netwerk/providers", loose="on").text)
    assert "Praktijk De Brug" in row
    assert "Geen contract" in row
    assert len(rows_of(manager.get("/netwerk/providers").text)) == 2


def test_offerings_are_filtered_by_state_intervention_and_provider(network: Network, manager: Visitor) -> None:
    other = add_provider(network.world, "Arbeidskundig", RegistrationKind.SRA)
    add_offering(network.world, other, title="Onderzoek", intervention="ADO")
    assert len(rows_of(manager.get("/netwerk/aanbod").text)) == 2
    (waiting,) = rows_of(manager.get("/netwerk/aanbod", state="submitted").text)
    assert "Te beoordelen" in waiting
    page = manager.get("/netwerk/aanbod", intervention="ADO", provider=str(other)).text
    (found,) = rows_of(page)
    assert "Onderzoek" in found
    assert chosen(page, "intervention") == ["ADO"]
    assert "Van Arbeidskundig" in page
    assert f'href="/netwerk/aanbod?provider={other}"' in page
    assert "Geen aanbod past bij deze filters." in manager.get("/netwerk/aanbod", intervention="SP2").text
    wrong = manager.get("/netwerk/aanbod", intervention="QQQ")
    assert wrong.status_code == 422
    assert "Onbekende code" in faults_of(wrong.text)[0]
    assert manager.get("/netwerk/aanbod", provider=str(uuid4())).status_code == 404


def test_an_offering_stands_there_as_a_referrer_will_see_it(network: Network, manager: Visitor) -> None:
    """R34."""
    page = manager.get(page_of(network)).text
    words = words_of(page)
    for said in ("Acht gesprekken, werkgericht.", "€ 105,00 per sessie, vrij van btw", "Op de locatie in 3511",
                 "10 dagen", "Praktijkervaring", "Alleen de bedrijfsarts", "Vertrouwelijk"):  # fmt: skip
        assert said in words.replace("\xa0", " "), said
    assert chosen(page, "causes") == ["M01"]
    assert typed(page, "version") == "1"


def test_the_manager_decides_for_which_causes_and_goes_on_with_the_next(network: Network, manager: Visitor) -> None:
    """R29, R37."""
    later = add_offering(
        network.world, network.provider_id, title="Tweede", state=OfferingState.SUBMITTED, decided_at=None
    )
    answer = manager.send(page_of(network), act="approve", causes=["M02", "W01"], version=1)
    assert answer.headers["location"] == f"/netwerk/aanbod/{later}"
    decided = network.offering()
    assert (decided.state, decided.causes) == (OfferingState.APPROVED, ["W01", "M02"])
    assert "is goedgekeurd. Dit is het volgende aanbod. Er wachten er nog 1." in words_of(
        manager.get(answer.headers["location"]).text
    )
    last = manager.send(f"/netwerk/aanbod/{later}", act="approve", causes=["M01"], version=1)
    assert last.headers["location"] == "/netwerk"
    assert "Er is niets meer te beoordelen." in manager.get("/netwerk").text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"act": "approve", "version": 1}, "Oorzaken: Vul dit in."),
        ({"act": "approve", "causes": ["M01", "Q99"], "version": 1}, "Oorzaken: Onbekende code"),
        ({"act": "reject", "version": 1}, "Waarom: Vul dit in."),
        ({"act": "reject", "reason": "zomaar", "version": 1}, "Waarom: Kies een van deze waarden"),
    ],
)
def test_a_decision_with_faults_decides_nothing(
    network: Network, manager: Visitor, fields: dict[str, Any], fault: str
) -> None:
    page = manager.send(page_of(network), **fields)
    assert page.status_code == 422
    assert [line[: len(fault)] for line in faults_of(page.text)] == [fault]
    assert network.offering().state is OfferingState.SUBMITTED
    # Of the other form on the page nothing is lost: what the provider proposed is still ticked there.
    assert chosen(page.text, "causes") == (["M01"] if fields["act"] == "reject" or "causes" in fields else [])


def test_nobody_approves_what_he_has_not_seen(network: Network, manager: Visitor) -> None:
    page = manager.send(page_of(network), act="approve", causes=["W01"], version=7)
    assert page.status_code == 409
    assert faults_of(page.text) == ["Dit aanbod is gewijzigd sinds u het zag. Bekijk het opnieuw."]
    assert chosen(page.text, "causes") == ["W01"]
    assert typed(page.text, "version") == "1"
    assert network.offering().state is OfferingState.SUBMITTED


def test_without_its_registration_an_offering_cannot_be_approved(network: Network, manager: Visitor) -> None:
    """R31."""
    bare = add_provider(network.world, "Zonder BIG", RegistrationKind.SRA)
    waiting = add_offering(network.world, bare, state=OfferingState.SUBMITTED, decided_at=None)
    page = manager.get(f"/netwerk/aanbod/{waiting}").text
    assert "Dit kan nog niet worden goedgekeurd" in page
    assert "Keur goed" not in page
    forced = manager.send(f"/netwerk/aanbod/{waiting}", act="approve", causes=["M01"], version=1)
    assert forced.status_code == 409
    assert "geen BIG-registratie of AGB-code" in words_of(forced.text)


def test_a_rejection_has_a_reason_and_can_follow_an_approval(network: Network, manager: Visitor) -> None:
    manager.send(page_of(network), act="approve", causes=["M01"], version=1)
    page = manager.get(page_of(network)).text
    assert "Haal uit het netwerk" in page
    assert "Keur goed" not in page
    answer = manager.send(page_of(network), act="reject", reason="price", version=2)
    assert answer.status_code == 303
    decided = network.offering()
    assert (decided.state, decided.rejection_reason) == (OfferingState.REJECTED, RejectionReason.PRICE)
    again = manager.get(page_of(network)).text
    assert "De prijs past niet bij de afspraken." in words_of(again)
    assert "Keur goed" in again


def test_old_waits_stand_beside_what_was_measured(network: Network, manager: Visitor) -> None:
    """R32."""
    add_offering(network.world, network.provider_id, title="Oud", stated_on=today() - timedelta(days=40))
    (row,) = rows_of(manager.get("/netwerk/wachttijden").text)
    assert "Oud" in row
    assert "10 dagen" in row
    assert "nog te weinig" in row
