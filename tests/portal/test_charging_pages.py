"""The month in the portal: the preview, the run, and what it issued."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import Session, select

from billing.charging.charge_terms import first_of_month, next_month
from billing.charging.rehearsals import PAGE_SIZE
from billing.invoicing.documents import CONFIDENTIAL_TEXT, SERVICE_TEXT
from billing.rehearsal_tables import RehearsedPage
from billing.tables import ChargeRun
from core.clock import AMSTERDAM, standing_at, today
from core.language import speaking
from identity.actor import Actor
from identity.roles import Role
from medical.hatch.plan import CarryReason
from network.tables import OrganisationProfile
from portal.care.secretary.words import (
    carry_label,
)
from tests.billing.given_back import give_back, serve
from tests.billing.office import OPEN, Office
from tests.portal.desk import CHARGING, CHECK, HOME, K, issued, page_of, rehearsed, run_charging
from tests.portal.open_pages import (
    rows_of,
    words_of,
)
from tests.portal.visitors import SignIn, Visitor
from tests.world import World
from worker.medical_jobs import rehearsals


def test_the_preview_shows_the_lines_with_the_size_of_a_pool(
    office: Office, employer: Actor, secretary: Visitor
) -> None:
    for _nth in range(K):
        office.supplied(employer)
    sick = office.supplied(employer, intervention=OPEN)
    page = secretary.get(CHARGING, month=f"{today():%Y-%m}").text
    lines = rows_of(page)
    assert f"Arbeidsdeskundig onderzoek {sick.reference} 1 persoon € 100,00" in lines
    assert f"{CONFIDENTIAL_TEXT} geen som over {K} personen € 500,00" in lines
    assert lines[-1] == "Samen zonder btw € 600,00"
    assert "Nog niet doorbelast € 600,00" in words_of(page)


def test_what_is_carried_over_says_why_until_when_and_warns_from_the_tenth(
    office: Office, employer: Actor, secretary: Visitor
) -> None:
    """R52."""
    supplied = first_of_month(today()) - timedelta(days=3)
    with standing_at(datetime.combine(supplied, datetime.min.time(), AMSTERDAM)):
        referred = office.referred(office.sick(employer))
        invoice_id = office.supply(referred)
    for day, says in ((9, ""), (10, "nog 5 dagen"), (15, "vandaag"), (16, "1 dag te laat")):
        moment = datetime.combine(next_month(supplied).replace(day=day), datetime.min.time(), AMSTERDAM)
        with standing_at(moment), speaking("nl"):
            page = secretary.get(CHARGING, month=f"{supplied:%Y-%m}").text
        (row,) = rows_of(page)
        assert carry_label(CarryReason.POOL) in row, day
        assert f"15-{next_month(supplied):%m-%Y} {says}".strip() in row, day
        assert f"Dringend {int(day >= 10)}" in words_of(page), day
    assert page_of(invoice_id) in page
    assert "Er is nu niets door te belasten" in page


def test_the_check_page_shows_the_very_invoices_and_leaves_no_trace(
    office: Office, employer: Actor, secretary: Visitor, world: World
) -> None:
    office.supplied(employer, intervention=OPEN)
    page = secretary.get(rehearsed(secretary)).text
    assert "U verstuurt 1 factuur, samen € 121,00 met btw." in words_of(page)
    assert issued(world) == []
    assert run_charging(secretary).headers["location"] == f"{HOME}/verstuurd"
    (invoice,) = issued(world)
    assert f"Factuur {invoice.number}" in page
    assert "Er is 1 factuur gemaakt." in secretary.get(f"{HOME}/verstuurd").text


def test_a_second_run_of_the_same_form_makes_nothing(
    office: Office, employer: Actor, secretary: Visitor, world: World
) -> None:
    office.supplied(employer, intervention=OPEN)
    where = rehearsed(secretary)
    assert secretary.send(where).headers["location"] == f"{HOME}/verstuurd"
    assert secretary.send(where).headers["location"].startswith(CHECK)
    assert len(issued(world)) == 1


def test_a_run_makes_only_what_was_looked_at(office: Office, employer: Actor, secretary: Visitor, world: World) -> None:
    office.supplied(employer, intervention=OPEN)
    where = rehearsed(secretary)
    office.supplied(employer, intervention=OPEN)
    refused = secretary.send(where)
    assert refused.headers["location"] == f"{CHECK}?month={today():%Y-%m}"
    assert issued(world) == []
    anew = rehearsed(secretary)
    page = words_of(secretary.get(anew).text)
    assert "Er is intussen iets veranderd. Kijk de facturen hieronder opnieuw na." in page
    assert "samen € 242,00" in page
    assert secretary.send(anew).headers["location"] == f"{HOME}/verstuurd"
    assert len(issued(world)) == 1


def test_what_was_looked_at_is_there_for_who_looked_and_for_a_day(
    office: Office, employer: Actor, secretary: Visitor, sign_in: SignIn, world: World
) -> None:
    office.supplied(employer, intervention=OPEN)
    where = rehearsed(secretary)
    assert sign_in(world.actor(Role.SECRETARY, world.tenant_id)).get(where).status_code == 404
    rehearsals(world.database)
    assert secretary.get(where).status_code == 200
    yesterday = text("UPDATE billing.rehearsed_page SET created_at = now() - interval '25 hours' WHERE tenant_id = :id")
    with world.database.owner.begin() as connection:
        connection.execute(yesterday, {"id": world.tenant_id})
    rehearsals(world.database)
    assert secretary.get(where).headers["location"].startswith(CHECK)
    with Session(world.database.owner) as session:
        kept = session.exec(select(RehearsedPage).where(RehearsedPage.tenant_id == world.tenant_id)).one()
    assert kept.documents == []


def test_what_an_invoice_lacks_is_said_before_the_run(
    office: Office, employer: Actor, secretary: Visitor, world: World
) -> None:
    """R53."""
    office.supplied(employer, intervention=OPEN)
    with Session(world.database.owner) as session:
        profile = session.get_one(OrganisationProfile, employer.organisation_id)
        profile.kvk = None
        session.add(profile)
        session.commit()
    page = secretary.get(CHECK, month=f"{today():%Y-%m}").text
    assert "ontbreken gegevens die op een factuur moeten staan" in page
    assert "Verstuur de facturen" not in page
    with Session(world.database.owner) as session:
        assert session.exec(select(ChargeRun).where(ChargeRun.tenant_id == world.tenant_id)).all() == []


def test_nothing_is_run_that_was_not_looked_at(secretary: Visitor) -> None:
    assert secretary.send(CHECK).status_code == 405
    assert secretary.send(f"{CHECK}/{uuid4()}").status_code == 404


def test_a_month_that_has_not_begun_is_refused(secretary: Visitor) -> None:
    later = f"{next_month(today()):%Y-%m}"
    assert secretary.get(CHARGING, month=later).status_code == 422
    assert "Deze maand is nog niet begonnen." in secretary.get(CHECK, month=later).text
    assert secretary.get(CHARGING, month="ooit").status_code == 404


def test_an_issued_invoice_is_shown_as_its_buyer_sees_it(office: Office, employer: Actor, secretary: Visitor) -> None:
    sick = office.supplied(employer, intervention=OPEN)
    (invoice_id,) = office.run().invoices
    listed = rows_of(secretary.get(f"{HOME}/verstuurd").text)
    assert len(listed) == 1
    assert "Bakkerij Zonneveld" in listed[0]
    page = secretary.get(f"{HOME}/verstuurd/{invoice_id}").text
    assert rows_of(page) == [
        f"Arbeidsdeskundig onderzoek {sick.reference} 21% € 100,00",
        "Totaal zonder btw € 100,00",
        "Btw 21% over € 100,00 € 21,00",
        "Te betalen € 121,00",
    ]
    assert "Betaal</button>" not in page
    pdf = secretary.get(f"{HOME}/verstuurd/{invoice_id}.pdf")
    assert (pdf.headers["content-type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    ubl = secretary.get(f"{HOME}/verstuurd/{invoice_id}.xml")
    assert ubl.headers["content-disposition"].endswith('.xml"')
    assert secretary.get(f"{HOME}/verstuurd/{uuid4()}").status_code == 404


def test_the_trial_balance_is_zero_in_all(office: Office, employer: Actor, secretary: Visitor) -> None:
    office.supplied(employer, intervention=OPEN)
    office.run()
    page = secretary.get(f"{HOME}/boeken/proefbalans").text
    assert "De balans klopt" in page
    assert "Debiteuren werkgevers 1300 € 0,00 € 121,00 – € 121,00" in rows_of(page)
    assert "Crediteuren providers 1600 € 0,00 – € 121,00 € -121,00" in rows_of(page)


def test_a_page_of_the_invoices_is_shown_and_all_of_them_are_sent(
    office: Office, secretary: Visitor, world: World
) -> None:
    """However many there are: a mark and a total stand for all."""
    count = PAGE_SIZE + 2
    for nth in range(count):
        serve(office, office.employer(f"Werkgever {nth:02}"), 100_00)
    where = rehearsed(secretary)
    first, last = secretary.get(where).text, secretary.get(where, page=2).text
    for page, shown in ((first, PAGE_SIZE), (last, 2)):
        assert f"U verstuurt {count} facturen, samen € 3.267,00 met btw." in words_of(page)
        assert page.count(SERVICE_TEXT) == shown
    assert "page=2" in first
    assert secretary.get(where, page="0").status_code == 404
    assert secretary.send(where).status_code == 303
    assert len(issued(world)) == count


def test_the_preview_shows_some_employers_at_a_time_and_what_is_urgent_first(
    office: Office, secretary: Visitor
) -> None:
    """R52: whatever the number of employers, what is near its term stands on the first page."""
    for nth in range(50):
        serve(office, office.employer(f"Werkgever {nth:02}"), 100_00)
    with standing_at(datetime.combine(first_of_month(today()) - timedelta(days=40), datetime.min.time(), AMSTERDAM)):
        office.supplied(office.employer("Zadelmakerij"), intervention=OPEN)
    first, last = (words_of(secretary.get(CHARGING, page=page).text) for page in (1, 2))
    for page in (first, last):
        assert "Werkgevers 51" in page
        assert "Nog niet doorbelast € 5.100,00" in page
    assert first.index("Zadelmakerij") < first.index("Werkgever 00")
    assert ("Werkgever 48" in first, "Werkgever 49" in first, "Werkgever 49" in last) == (True, False, True)


def test_a_credit_note_is_called_one_and_taken_off_the_total(
    office: Office, employer: Actor, secretary: Visitor
) -> None:
    """R50."""
    invoice_id = office.supply(office.referred(office.sick(employer), OPEN))
    office.run()
    give_back(office, invoice_id, 40_00)
    serve(office, employer, 100_00)
    page = words_of(secretary.get(rehearsed(secretary)).text)
    assert "U verstuurt 2 facturen, samen € 72,60 met btw. 1 daarvan is een creditnota." in page
    assert f"Creditnota {today().year}-00000" in page
