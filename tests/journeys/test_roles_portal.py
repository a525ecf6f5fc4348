"""What the roles do beside the main road, in the portal: mandates, requests, offerings, consent, looking back."""

import pytest
from playwright.sync_api import Browser

from tests.journeys import given
from tests.journeys.caller import eventually
from tests.journeys.conftest import Tabs
from tests.journeys.given import BAKERY, LABOUR_EXPERT
from tests.journeys.house import House
from tests.journeys.tab import Tab

pytestmark = pytest.mark.journey
ADVISED = 200  # days after the first sick day, in weeks for which a labour expert is advised
PASSWORD = "demo-wachtwoord"


def test_a_delegate_prepares_and_sends_under_a_mandate(tabs: Tabs, house: House) -> None:
    # Given a physician who signs a mandate
    physician = tabs("ba")
    physician.place("Mandaten")
    physician.follow("Teken een mandaat")
    physician.look()
    physician.field("Werkgever").select_option(label=BAKERY)
    physician.press("Verder")
    physician.look()
    physician.choose("Casemanager taakdelegatie", "cmtd@demo.test")
    physician.tick("Arbeidsdeskundig onderzoek")
    physician.fill({"Vanaf": given.day(), "Tot en met": given.day(-20)})
    physician.press("Teken het mandaat")
    physician.look()
    physician.says("Cees Molenaar", "Geldig")
    case = given.ready_case(house, days=ADVISED)

    # When the delegate refers for a case of the same employer
    delegate = tabs("cmtd")
    offering = given.find(house, LABOUR_EXPERT, who="cmtd", intervention="ADO")
    delegate.open(f"/arts/zoeken/aanbod/{offering['id']}?dossier={case.id}")
    delegate.look()
    delegate.follow("Kies dit aanbod")
    delegate.fill({"Doel": given.GOAL, "Vraag aan de provider": given.QUESTION})
    delegate.fill({"Aantal rapporten": "1", "Verwachte winst in dagen": "10"})
    delegate.press("Ga naar controleren")
    delegate.look()
    delegate.press("Verstuur onder mandaat")

    # Then it is out, under the name of the physician
    delegate.look()
    delegate.says("Verstuurd", "onder mandaat", "Anna de Wit")

    # And what is medical stays with the physician
    given.judge(house, case, "M01", medical=True)
    delegate.open(f"/arts/dossiers/{case.id}")
    delegate.look()
    delegate.open(f"/arts/zoeken/aanbod/{offering['id']}?dossier={case.id}")
    delegate.says("U kunt deze verwijzing voorbereiden.")


def test_a_case_manager_asks_and_the_physician_decides(tabs: Tabs, house: House) -> None:
    # Given a case of which the case manager knows nothing medical
    case = given.ready_case(house, days=ADVISED)
    offering = given.find(house, LABOUR_EXPERT, who="cm", intervention="ADO")
    manager = tabs("cm")
    manager.open(f"/regie/dossiers/{case.id}")
    manager.look()
    manager.says_nothing_of("Geen passend werk in eigen organisatie")

    # When he asks for a labour expert
    manager.follow("Vraag een interventie aan")
    manager.look()
    manager.says_nothing_of("Psycholog", "Vertrouwelijk")
    manager.unfold("Interventie")
    manager.tick("Arbeidsdeskundig onderzoek (")
    manager.narrow("intervention=ADO")
    manager.follow(offering["title"])
    manager.look()
    manager.fill({"Wat moet dit opleveren voor het werk?": "Weten welk werk past"})
    manager.press("Naar controleren")
    manager.look()
    manager.press("Verstuur de aanvraag")
    manager.look()
    manager.says("De aanvraag is verstuurd aan de bedrijfsarts.")

    # Then the physician finds a draft, and sends it
    drafts = eventually(lambda: house.caller("ba").get("/referrals", case_id=case.id)["results"] or None)
    physician = tabs("ba")
    physician.open(f"/arts/verwijzingen/{drafts[0]['id']}")
    physician.look()
    physician.says("Gevraagd door de casemanager van de werkgever")
    physician.follow("Bekijk en verstuur")
    physician.look()
    physician.press("Verstuur de verwijzing")
    physician.look()

    # And the case manager sees that it is on its way
    manager.open(f"/regie/dossiers/{case.id}")
    manager.look()
    manager.says("Arbeidsdeskundig onderzoek", "Aangevraagd")


def test_an_offering_is_written_approved_and_found(tabs: Tabs, house: House) -> None:
    title = f"Werkplekbezoek {given.unique('W')}"
    # Given a provider who writes an offering
    provider = tabs("arbeidsdeskundige")
    provider.place("Aanbod")
    provider.follow("Nieuw aanbod")
    provider.look()
    provider.choose("Soort interventie", "WPO")
    provider.fill({"Titel": title, "Beschrijving": "Bezoek aan de werkplek, met advies.", "Prijs zonder btw": "395"})
    provider.fill({"Hoeveel weken duurt het?": "3", "Postcode waar u werkt": "3951", "Wachttijd in dagen": "5"})
    provider.tick("Praktijkervaring", "Werkplek of ergonomie niet passend", "Eerste ziektejaar", "21%")
    provider.choose("Per", "report")
    provider.press("Bekijk en controleer")
    provider.look()
    provider.press("Stuur in")
    provider.look()
    provider.says(title)

    # When the network manager approves it
    network = tabs("netwerk")
    network.look()
    network.place("Aanbod")
    network.follow("Te beoordelen")
    network.follow(title)
    network.look()
    network.press("Keur goed")
    network.look()

    # Then a physician finds it first
    listed = "/offerings?page_size=1&q=" + title
    eventually(lambda: house.caller("ba").get(listed)["results"][0]["title"] == title or None)
    physician = tabs("ba")
    physician.place("Zoeken")
    physician.fill({"Zoekwoord": title})
    physician.narrow("q=Werkplekbezoek")
    physician.page.get_by_role("link", name=title, exact=True).wait_for()
    physician.look()


def test_the_employee_decides_and_sees_who_looked(tabs: Tabs, house: House) -> None:
    # Given Wendy, whom the physician has referred
    wendy = tabs("werknemer")
    wendy.look()
    wendy.says("Psychologische interventie", "Praktijk De Heldere Lijn")

    # When she takes a consent back, and thinks better of it
    for link, button, says in (("Zet uit", "Ja, zet uit", "Uit: "), ("Zet aan", "Ja, zet aan", "Aan: ")):
        wendy.place("Toestemming")
        wendy.look()
        wendy.follow(link, last=True)
        wendy.look()
        wendy.press(button)
        wendy.look()
        wendy.says(f"{says}Wie mij helpt, schrijft de bedrijfsarts terug")

    # Then she sees what was shared with whom, and who looked
    wendy.place("Wat is gedeeld")
    wendy.look()
    wendy.says("Praktijk De Heldere Lijn", "Krijgt")
    wendy.place("Wie keek")
    wendy.look()
    wendy.says("Anna de Wit", "legde vast dat u toestemming introk")


def test_the_privacy_officer_sees_events_and_no_content(tabs: Tabs, house: House) -> None:
    """R22."""
    case = given.ready_case(house)
    officer = tabs("fg")
    officer.look()
    officer.says("Anna de Wit")
    officer.says_nothing_of(case.reference, "Geen passend werk in eigen organisatie")
    officer.place("Is de keten heel?")
    officer.look()
    officer.says("Ja, de keten is heel")


def test_signing_in_by_password_and_out_again(nobody: Tab) -> None:
    # Given somebody who was on his way to a page
    nobody.open("/arts/dossiers")
    nobody.look()

    # When he types a wrong password, and then the right one
    nobody.fill({"E-mailadres": "ba@demo.test", "Wachtwoord": "iets anders"})
    nobody.press_for("Aanmelden", 401)
    nobody.look()
    nobody.says("Het e-mailadres of het wachtwoord klopt niet.")
    assert nobody.field("E-mailadres").input_value() == "ba@demo.test"
    nobody.fill({"Wachtwoord": PASSWORD})
    nobody.press("Aanmelden")

    # And then the code that the app of this account shows
    nobody.look()
    nobody.fill({"Code uit uw app": "000 000"})
    nobody.press_for("Verder", 401)
    nobody.look()
    nobody.fill({"Code uit uw app": nobody.code_of_demo()})
    nobody.press("Verder")

    # Then he is where he wanted to be; what is not his is not there, and signed out he is nobody
    assert nobody.path == "/arts/dossiers"
    assert nobody.open("/secretariaat") == 403
    nobody.look()
    assert nobody.open("/arts/dossiers/00000000-0000-4000-8000-000000000000") == 404
    nobody.look()
    nobody.page.get_by_role("button", name="Uitloggen").click()
    nobody.page.wait_for_url("**/account/sign-in")
    nobody.open("/arts/dossiers")
    assert "/account/sign-in" in nobody.path


def test_the_portal_speaks_english_too(nobody: Tab) -> None:
    nobody.open("/account/sign-in")
    nobody.page.get_by_role("button", name="Continue in English").click()
    nobody.page.get_by_role("heading", name="Sign in").wait_for()
    nobody.look()
    nobody.page.get_by_role("button", name="werkgever@demo.test").click()
    nobody.page.get_by_role("button", name="Verder in het Nederlands").wait_for()
    nobody.look()


def test_a_physician_refers_without_scripts(browser: Browser, house: House) -> None:
    # Given a browser that runs no scripts, and a case that may be referred
    case = given.ready_case(house, days=ADVISED)
    with browser.new_context(java_script_enabled=False, locale="nl-NL") as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{house.address}/")
        page.get_by_role("button", name="ba@demo.test").click()

        # When he searches, chooses, asks and sends
        page.goto(f"{house.address}/arts/dossiers/{case.id}")
        page.get_by_role("link", name="Zoek een interventie").first.click()
        page.locator("summary").filter(has_text="Interventie").first.click()
        page.get_by_label("Arbeidsdeskundig onderzoek (").check()
        page.get_by_role("button", name="Toon resultaten").click()
        page.locator("li.hit").filter(has_text=LABOUR_EXPERT).get_by_role("link").first.click()
        page.get_by_role("link", name="Kies dit aanbod").click()
        page.get_by_label("Doel").fill(given.GOAL)
        page.get_by_label("Vraag aan de provider").fill(given.QUESTION)
        page.get_by_label("Aantal rapporten").fill("1")
        page.get_by_label("Verwachte winst in dagen").fill("5")
        page.get_by_role("button", name="Ga naar controleren").click()
        page.get_by_role("button", name="Verstuur de verwijzing").click()

        # Then it is out
        page.get_by_text("Aan zet: provider").wait_for()
    assert house.caller("ba").get("/referrals", case_id=case.id)["results"][0]["state"] == "issued"
