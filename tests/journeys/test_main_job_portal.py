"""The main job in the portal: each role in a browser of its own, clicking as people do, every page looked at."""

import pytest

from portal.presenters import money
from tests.journeys import given
from tests.journeys.conftest import Tabs
from tests.journeys.given import BAKERY, LABOUR_EXPERT
from tests.journeys.house import House
from tests.journeys.tab import Tab

pytestmark = pytest.mark.journey
GOAL = "Weten of het eigen werk nog past"
QUESTION = "Welke aanpassingen zijn nodig op de werkvloer?"
DONE = "Kan vier ochtenden per week werken, met een aangepast rooster."
EVERYDAY = "Interventie op advies van de bedrijfsarts"


def test_from_an_absence_to_an_invoice_that_is_paid(tabs: Tabs, house: House) -> None:
    who, reference = f"Iris Proef {given.unique('N')}", given.unique("P")
    offering = given.find(house, LABOUR_EXPERT, intervention="ADO")
    price = offering["price"]["cents"]
    granted = price * 75 // 100

    # Given a physician who opens a case, judges the cause and records what the employee consents to
    physician = tabs("ba")
    physician.look()
    open_case(physician, who, reference)
    judge(physician)
    consent(physician)

    # When he searches for the case, chooses, asks and sends
    search(physician, offering["title"])
    refer(physician)

    # Then the case manager sends the request to the insurer, who decides
    number = apply_for_cofinancing(tabs("cm"), price)
    decide(tabs("verzekeraar"), number, granted, who, reference)

    # When the provider accepts, plans, begins, reports, and the physician has read it
    provider = tabs("arbeidsdeskundige")
    answer(provider, who)
    report(provider)
    read_report(physician, who)

    # And he invoices, and the secretariat releases it and runs the month
    invoice_number = invoice(provider, who, price)
    secretary = tabs("secretariaat")
    release(secretary, invoice_number, price)
    charge(secretary)

    # Then the employer finds what it costs and nothing more, and pays; and the insurer has its part
    employer = tabs("werkgever")
    pay(employer, reference, price, granted, (LABOUR_EXPERT, invoice_number, who, GOAL, QUESTION, DONE))
    see_costs(employer)
    insurers_invoice(tabs("verzekeraar"), number, granted)


def open_case(tab: Tab, who: str, reference: str) -> None:
    """Open the case of somebody who fell sick half a year ago; what is forgotten is asked for."""
    tab.follow("Open een dossier")
    tab.look()
    tab.field("Werkgever").select_option(label=BAKERY)
    tab.fill({"Naam van de werknemer": who, "Eerste ziektedag": given.day(200), "Postcode van de werknemer": "3811"})
    tab.press_for("Open het dossier", 422)
    tab.look()
    tab.says("Vul dit in.")
    assert tab.field("Naam van de werknemer").input_value() == who
    tab.fill({"Kenmerk van de werknemer": reference})
    tab.press("Open het dossier")
    tab.look()
    tab.says(who, "Ziekteweek 29, eerste ziektejaar", "Nog geen verwijzing.")


def judge(tab: Tab) -> None:
    """Judge the cause."""
    tab.choose("Belangrijkste oorzaak", "X02")
    tab.tick("Nee, niet medisch")
    tab.press("Leg het oordeel vast")
    tab.look()
    tab.says("Uw oordeel is vastgelegd.")


def consent(tab: Tab) -> None:
    """Record all four consents."""
    tab.follow("Leg toestemming vast")
    tab.look()
    tab.tick("De werkgever weet dat er iets loopt", "Aanvraag bij de verzekeraar", "Verslag terug aan de bedrijfsarts")
    tab.tick("Ik heb verteld dat de werkgever dit mag doorgeven aan een verzekeraar", "Schriftelijk")
    tab.press("Leg vast")
    tab.look()
    tab.says("De toestemming is vastgelegd.")


def search(tab: Tab, title: str) -> None:
    """Search from the case, narrow it down, and open the offering."""
    tab.follow("Zoek een interventie")
    tab.look()
    tab.says("Week 29", "Eerste ziektejaar", "Vanaf 3811")
    tab.unfold("Interventie")
    tab.tick("Arbeidsdeskundig onderzoek (")
    tab.narrow("intervention=ADO")
    tab.look()
    tab.says("Past bij de oorzaak in ziektejaar 1", "km")
    tab.follow(title)
    tab.look()
    tab.says(LABOUR_EXPERT, "Oorzaak, ziektejaar en week passen.")


def refer(tab: Tab) -> None:
    """Refer in three steps; the last one says who gets what."""
    tab.follow("Kies dit aanbod")
    tab.fill({"Doel": GOAL, "Vraag aan de provider": QUESTION, "Verwachte winst in dagen": "20"})
    tab.fill({"Aantal rapporten": "1"})
    tab.tick("Vraag de verzekeraar om een bijdrage")
    tab.look()
    tab.press("Ga naar controleren")
    tab.look()
    tab.says("Wat wordt naar wie gestuurd", LABOUR_EXPERT, "Krijgt niet", GOAL, QUESTION)
    tab.press("Verstuur de verwijzing")
    tab.look()
    tab.says("Verstuurd", "Aan zet: provider")


def apply_for_cofinancing(tab: Tab, price: int) -> str:
    """Send the newest request, and return its number."""
    tab.look()
    tab.follow("Reken door", last=True)
    tab.look()
    number = tab.page.get_by_role("heading", level=1).inner_text()
    tab.fill({"Wat kost één dag verzuim de werkgever?": "340"})
    tab.press("Reken door")
    tab.look()
    tab.says("Arbeidsdeskundig onderzoek", money(price), "Krijgt niet")
    tab.says_nothing_of(LABOUR_EXPERT, GOAL, QUESTION)
    tab.press("Verstuur aan de verzekeraar")
    tab.look()
    tab.says(f"{number} is verstuurd.")
    return number


def decide(tab: Tab, number: str, granted: int, *secrets: str) -> None:
    """Grant what was asked."""
    tab.look()
    tab.take(number)
    tab.look()
    tab.says("Arbeidsdeskundig onderzoek", money(granted), "75%")
    tab.says_nothing_of(LABOUR_EXPERT, GOAL, QUESTION, *secrets)
    tab.tick("Toekennen")
    tab.press("Controleer uw besluit")
    tab.look()
    tab.says(money(granted))
    tab.press("Leg het besluit vast")
    tab.look()
    tab.place("Besluiten")
    tab.says(number, "Toegekend")


def answer(tab: Tab, who: str) -> None:
    """Accept, plan and begin."""
    tab.look()
    tab.take(who)
    tab.look()
    tab.says(GOAL, QUESTION, "De oorzaak van het verzuim staat er niet bij.")
    tab.says_nothing_of("Geen passend werk in eigen organisatie")
    tab.press("Neem aan")
    tab.look()
    tab.follow("Plan de eerste afspraak")
    tab.fill({"Dag van de eerste afspraak": given.day()})
    tab.look()
    tab.press("Leg vast")
    tab.look()
    tab.follow("Leg het begin vast")
    tab.look()
    tab.press("Ja, vandaag begonnen")
    tab.look()


def report(tab: Tab) -> None:
    """Report; the last step says who reads what."""
    tab.follow("Schrijf het verslag")
    tab.look()
    tab.tick("Ja")
    tab.fill({"Functioneel verslag": DONE, "Inhoudelijk verslag voor de bedrijfsarts": "Energie neemt weer toe."})
    tab.press("Naar controleren")
    tab.look()
    tab.says(DONE, "Energie neemt weer toe.", "Krijgt niet")
    tab.press("Verstuur het verslag")
    tab.look()
    tab.says("De bedrijfsarts heeft uw verslag en rondt de verwijzing af.")


def read_report(tab: Tab, who: str) -> None:
    """Find the report on the worklist, read it and close the referral."""
    tab.place("Werklijst")
    tab.look()
    tab.take(who)
    tab.look()
    tab.says(DONE, "Energie neemt weer toe.", "Doel bereikt")
    tab.follow("Gelezen, leg het resultaat vast")
    tab.look()
    tab.tick("Werk volledig hervat")
    tab.press("Rond af")
    tab.look()
    tab.says("Afgerond")


def invoice(tab: Tab, who: str, price: int) -> str:
    """Invoice what was agreed, and return the number of the invoice."""
    number = given.unique("F")
    tab.place("Verwijzingen")
    tab.look()
    tab.fill({"Nummer, naam of kenmerk": who})
    tab.narrow("q=")
    tab.take(who, "row")
    tab.look()
    tab.follow("Maak een factuur")
    tab.look()
    tab.fill({"Uw factuurnummer": number, "Factuurdatum": given.day(), "Datum, regel 1": given.day()})
    tab.fill({"Aantal, regel 1": "1", "Omschrijving, regel 1": "Onderzoek en rapport"})
    tab.press("Naar controleren")
    tab.look()
    tab.says("Dit klopt", money(price))
    tab.press("Verstuur de factuur")
    tab.look()
    tab.says(number)
    return number


def release(tab: Tab, number: str, price: int) -> None:
    """Compare what came in with what will leave, and release it."""
    tab.look()
    tab.take(number)
    tab.look()
    tab.says("Wat binnenkwam", "Wat eruit gaat", "Blijft hier", LABOUR_EXPERT, number, money(price))
    tab.says_nothing_of(DONE, "Energie neemt weer toe.", GOAL, QUESTION)
    tab.press("Geef vrij")
    tab.look()


def charge(tab: Tab) -> None:
    """Run the month, after having seen what leaves."""
    tab.place("Doorbelasten")
    tab.look()
    tab.follow("Controleer de facturen")
    tab.look()
    tab.says("Wat niemand krijgt", "Wie krijgt wat", BAKERY)
    tab.says_nothing_of(LABOUR_EXPERT)
    tab.press("Verstuur de facturen")
    tab.look()
    tab.says(BAKERY, "Te betalen")


def pay(tab: Tab, reference: str, price: int, granted: int, secrets: tuple[str, ...]) -> None:
    """Find the invoice, see what it says, and pay it."""
    tab.look()
    tab.place("Facturen")
    tab.look()
    tab.take("Te betalen", "row")
    tab.look()
    tab.says("Arbeidsdeskundig onderzoek", reference, money(price), "Bijdrage verzekeraar", money(-granted))
    tab.says_nothing_of(*secrets)
    tab.press("Betaal")
    tab.look()
    tab.press("Betaal €")
    tab.look()
    tab.says("Betaald")


def see_costs(tab: Tab) -> None:
    """See what this month costs, by kind."""
    tab.place("Kosten")
    tab.look()
    tab.says("Arbeidsdeskundig onderzoek", EVERYDAY, "Verzekeraar betaalt")
    tab.says_nothing_of("Psycholog", LABOUR_EXPERT)


def insurers_invoice(tab: Tab, number: str, granted: int) -> None:
    """Find the insurer's part on an invoice of its own."""
    tab.place("Facturen")
    tab.look()
    tab.take("Te betalen", "row")
    tab.look()
    tab.says(number, money(granted))
