"""The pages of the employer: costs with small figures hidden, invoices to read and pay, and his own steps."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from billing.budget.mandates import NewBudget, set_budget
from billing.budget.requests import list_budget_requests
from billing.charging.charge_terms import first_of_month
from billing.cofinancing.shares import Outcome
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from billing.payment_tables import Payment, PaymentState
from cases.tables import AbsenceCase, ConsentScope, Employee, OpenProgress, ProgressState, SickSpell
from core.clock import now, today
from core.references import random_number
from identity.actor import Actor
from identity.roles import Role
from network.tables import ArbodienstSettings
from portal.open import paying
from portal.presenters import month
from tests.billing.office import OPEN, PROVIDER_NAME, Office
from tests.billing.test_cofinancing import Asked
from tests.portal.open_pages import (
    assert_all_render,
    assert_forms_need_their_token,
    assert_nobody_else,
    chosen,
    faults_of,
    hosted_page,
    rows_of,
    same_but_for_ids,
    tasks_of,
    words_of,
)
from tests.portal.reading import find, words
from tests.portal.visitors import SignIn, Visitor
from tests.world import World

HOME = "/werkgever"
COSTS, INVOICES, STEPS = f"{HOME}/kosten", f"{HOME}/facturen", f"{HOME}/stappen"
K = 5


@pytest.fixture
def visitor(employer: Actor, sign_in: SignIn) -> Visitor:
    return sign_in(employer)


def invoiced(office: Office, employer: Actor, *scopes: ConsentScope, intervention: str = OPEN) -> UUID:
    """Let one employee's intervention be invoiced to the employer; returns the id of the invoice."""
    office.supplied(employer, *scopes, intervention=intervention)
    (invoice_id,) = office.run().invoices
    return invoice_id


def absent(world: World, employer: Actor, days: int, opened_days_ago: int | None = None) -> AbsenceCase:
    """Register an absence of some days; the case was opened on its first day unless said."""
    employer_id, tenant_id = employer.organisation_id, world.tenant_id
    employee = Employee(tenant_id=tenant_id, employer_id=employer_id, reference=random_number("M"), name="J. Kanarie")
    case = AbsenceCase(
        tenant_id=tenant_id,
        employer_id=employer_id,
        employee_id=employee.id,
        number=random_number("Z"),
        opened_by=tenant_id,
        created_at=now() - timedelta(days=days if opened_days_ago is None else opened_days_ago),
    )
    spell = SickSpell(
        tenant_id=tenant_id, case_id=case.id, employer_id=employer_id, first_sick_day=today() - timedelta(days=days)
    )
    world.add(employee, case, spell)
    return case


def bars_of(page: str, nth: int) -> dict[str, str]:
    """Return the amounts of a picture by the names of its bars."""
    rows = find(page, f'(//table[@class="bars"])[{nth}]/tbody/tr')
    return {words(row[0]): words(row[2]) for row in rows}


# Costs


def test_costs_stand_by_month_with_the_insurers_part(office: Office, sign_in: SignIn) -> None:
    asked = Asked(office, OPEN)
    asked.submit()
    asked.decide(Outcome.APPROVED)
    office.supply(asked.referred, 10)
    office.run()
    page = sign_in(asked.employer).get(COSTS).text
    bar = "€ 1.000,00 U betaalt € 500,00 Verzekeraar betaalt € 500,00"
    assert bars_of(page, 1)[month(today())] == bar
    assert bars_of(page, 2) == {"Arbeidsdeskundig onderzoek": bar, CONFIDENTIAL_TEXT: "€ 0,00"}
    assert len(bars_of(page, 1)) == 12
    assert "verborgen" not in page


def test_what_is_confidential_is_one_line_over_enough_persons(
    office: Office, employer: Actor, visitor: Visitor
) -> None:
    for _nth in range(K):
        office.supplied(employer)
    office.supplied(employer, intervention="BMW")
    office.run()
    page = visitor.get(COSTS).text
    assert bars_of(page, 2) == {CONFIDENTIAL_TEXT: "€ 600,00 U betaalt € 600,00"}
    assert "verborgen" not in page


def test_a_small_figure_is_hidden_with_its_reason_and_so_is_every_sum_of_it(
    office: Office, employer: Actor, visitor: Visitor
) -> None:
    """R47."""
    office.supplied(employer, ConsentScope.EMPLOYER)
    office.supplied(employer, intervention=OPEN)
    office.run()
    page = visitor.get(COSTS).text
    hidden = f"verborgen (minder dan {K} personen)"
    assert bars_of(page, 1)[month(today())] == hidden
    assert bars_of(page, 2) == {
        "Arbeidsdeskundig onderzoek": "€ 100,00 U betaalt € 100,00",
        CONFIDENTIAL_TEXT: hidden,
    }
    assert f"Gaat een vertrouwelijk bedrag over minder dan {K} werknemers" in words_of(page)
    assert f"Samen {hidden}" in words_of(page)
    (row,) = [row for row in find(page, "//details//tbody/tr") if words(row[0]) == month(today())]
    assert [words(cell) for cell in row] == [month(today()), "€ 100,00", hidden, hidden]
    assert "200,00" not in page


def test_a_period_is_chosen_in_the_address(office: Office, employer: Actor, visitor: Visitor) -> None:
    invoiced(office, employer)
    this, before = first_of_month(today()), first_of_month(first_of_month(today()) - timedelta(days=1))
    earlier = visitor.get(COSTS, **{"from": f"{before:%Y-%m}", "to": f"{before:%Y-%m}"}).text
    assert "In deze periode is niets doorbelast." in earlier
    assert chosen(earlier, "from") == chosen(earlier, "to") == [f"{before:%Y-%m}"]
    both = visitor.get(COSTS, **{"from": f"{before:%Y-%m}", "to": f"{this:%Y-%m}"}).text
    assert list(bars_of(both, 1)) == [month(before), month(this)]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"from": "2026-11", "to": "2026-01"}, "Tot en met: Kies een periode"),
        ({"from": "november", "to": "2026-01"}, "Vanaf: Schrijf een maand als 2026-11."),
    ],
)
def test_a_period_that_is_none_is_said_so_and_kept(visitor: Visitor, query: dict[str, str], fault: str) -> None:
    answer = visitor.get(COSTS, **query)
    assert answer.status_code == 422
    (said,) = faults_of(answer.text)
    assert said.startswith(fault)
    assert chosen(answer.text, "to") == ["2026-01"]


# Invoices


def test_invoices_are_listed_and_read(office: Office, employer: Actor, visitor: Visitor) -> None:
    sick = office.supplied(employer, intervention=OPEN)
    for _nth in range(K):
        office.supplied(employer)
    (invoice_id,) = office.run().invoices
    (row,) = rows_of(visitor.get(INVOICES).text)
    assert "€ 726,00 Te betalen" in row
    page = visitor.get(f"{INVOICES}/{invoice_id}").text
    assert rows_of(page) == [
        f"Arbeidsdeskundig onderzoek {sick.reference} 21% € 100,00",
        f"{CONFIDENTIAL_TEXT} geen 21% € 500,00",
        "Totaal zonder btw € 600,00",
        "Btw 21% over € 600,00 € 126,00",
        "Te betalen € 726,00",
    ]
    assert "Bakkerij Zonneveld" in words_of(page)
    assert visitor.get(f"{INVOICES}/{invoice_id}.pdf").content.startswith(b"%PDF")
    ubl = visitor.get(f"{INVOICES}/{invoice_id}.xml")
    assert ubl.headers["content-type"] == "application/xml"
    assert re.fullmatch(r'attachment; filename="factuur-[0-9-]+\.xml"', ubl.headers["content-disposition"])


def test_an_exempt_invoice_tells_no_more_than_that(world: World, sign_in: SignIn) -> None:
    """R48."""
    office = Office(world, vat_rate=0)
    employer = office.employer()
    with Session(world.database.owner) as session:
        settings = session.get_one(ArbodienstSettings, world.tenant_id)
        settings.onward_vat_rate = 0
        session.add(settings)
        session.commit()
    page = sign_in(employer).get(f"{INVOICES}/{invoiced(office, employer)}").text
    assert "Vrijgesteld van btw € 0,00" in rows_of(page)
    assert "zorg" not in words_of(page).lower()


def test_anothers_invoice_and_none_are_one_answer(
    office: Office, employer: Actor, visitor: Visitor, sign_in: SignIn
) -> None:
    """R70."""
    theirs = invoiced(office, office.employer("Transport Duinwijk"))
    for ask in (visitor.get, visitor.send):
        for form in ("", ".pdf", ".xml") if ask == visitor.get else ("",):
            foreign, unknown = ask(f"{INVOICES}/{theirs}{form}"), ask(f"{INVOICES}/{uuid4()}{form}")
            assert foreign.status_code == unknown.status_code == 404
            assert same_but_for_ids(foreign.text, unknown.text)
            assert dict(foreign.headers).keys() == dict(unknown.headers).keys()


# Paying


def test_an_invoice_is_paid_on_the_page_of_the_local_gateway(office: Office, employer: Actor, visitor: Visitor) -> None:
    page = f"{INVOICES}/{invoiced(office, employer)}"
    sent_on = visitor.send(page)
    assert sent_on.status_code == 303
    assert sent_on.headers["location"].startswith(office.world.database.settings.base_url)
    hosted = words_of(visitor.get(hosted_page(sent_on)).text)
    assert "Dit is geen echte bank" in hosted
    assert "er gaat geen geld over" in hosted
    assert "Betaal € 121,00" in hosted
    assert visitor.send(hosted_page(sent_on)).headers["location"] == page
    paid = visitor.get(page).text
    assert "is betaald." in paid
    assert "Betaal</button>" not in paid
    assert "Alles is betaald." in visitor.get(INVOICES, show="open").text
    assert "Deze factuur is betaald." in visitor.get(hosted_page(sent_on)).text


def test_paying_twice_is_paying_once(office: Office, employer: Actor, visitor: Visitor) -> None:
    page = f"{INVOICES}/{invoiced(office, employer)}"
    first, second = visitor.send(page), visitor.send(page)
    assert hosted_page(first) == hosted_page(second)
    assert visitor.send(hosted_page(first)).status_code == visitor.send(hosted_page(first)).status_code == 303
    again = visitor.send(page)
    assert again.status_code == 409
    assert "Deze factuur is al betaald." in again.text
    with Session(office.world.database.owner) as session:
        payments = session.exec(select(Payment).where(Payment.tenant_id == office.world.tenant_id)).all()
    assert [payment.state for payment in payments] == [PaymentState.PAID]


def test_anothers_payment_and_none_are_one_answer(
    office: Office, employer: Actor, visitor: Visitor, sign_in: SignIn
) -> None:
    neighbour = office.employer("Transport Duinwijk")
    theirs = hosted_page(sign_in(neighbour).send(f"{INVOICES}/{invoiced(office, neighbour)}"))
    for ask in (visitor.get, visitor.send):
        foreign, unknown = ask(theirs), ask(f"/betalen/{uuid4()}")
        assert foreign.status_code == unknown.status_code == 404
        assert same_but_for_ids(foreign.text, unknown.text)
    with Session(office.world.database.owner) as session:
        found = session.exec(select(Payment).where(Payment.tenant_id == office.world.tenant_id)).one()
    assert found.state is PaymentState.OPEN


def test_where_a_real_payment_provider_is_chosen_nobody_pays_by_a_click(
    office: Office, employer: Actor, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = hosted_page(visitor.send(f"{INVOICES}/{invoiced(office, employer)}"))
    monkeypatch.setattr(paying, "gateway_of", lambda _settings: object())
    assert visitor.get(hosted).status_code == 404
    assert visitor.send(hosted).status_code == 404


# Steps


def test_the_list_of_steps_knows_employees_by_their_reference_only(
    world: World, employer: Actor, visitor: Visitor, office: Office
) -> None:
    case = absent(world, employer, days=40)
    absent(world, office.employer("Transport Duinwijk"), days=40)
    (row,) = rows_of(visitor.get(STEPS).text)
    assert "6 jaar 1" in row
    page = visitor.get(f"{STEPS}/{case.id}").text
    assert "Plan van aanpak opstellen met meetbare afspraken" in page
    for path in (STEPS, f"{STEPS}/{case.id}", HOME):
        assert "Kanarie" not in visitor.get(path).text
        assert case.number not in visitor.get(path).text


def test_steps_are_found_by_reference(world: World, employer: Actor, visitor: Visitor) -> None:
    absent(world, employer, days=40)
    assert len(rows_of(visitor.get(STEPS, q="M-").text)) == 1
    assert "Geen werknemer past bij dit kenmerk." in visitor.get(STEPS, q="niemand").text
    assert "Hier komt verzuim dat voorbij is." in visitor.get(STEPS, state="closed").text


def test_a_case_shows_the_open_interventions_and_nothing_of_the_medical_side(
    world: World, employer: Actor, visitor: Visitor
) -> None:
    case = absent(world, employer, days=40)
    progress = OpenProgress(
        tenant_id=world.tenant_id,
        case_id=case.id,
        employer_id=case.employer_id,
        intervention=OPEN,
        state=ProgressState.RUNNING,
        changed_on=today(),
    )
    world.add(progress)
    page = visitor.get(f"{STEPS}/{case.id}").text
    assert "Arbeidsdeskundig onderzoek" in words_of(page)
    assert "Loopt" in words_of(page)
    assert "Vroege probleemanalyse" not in page


def test_anothers_case_and_none_are_one_answer(world: World, office: Office, visitor: Visitor) -> None:
    """R70."""
    theirs = absent(world, office.employer("Transport Duinwijk"), days=40)
    foreign, unknown = visitor.get(f"{STEPS}/{theirs.id}"), visitor.get(f"{STEPS}/{uuid4()}")
    assert foreign.status_code == unknown.status_code == 404
    assert same_but_for_ids(foreign.text, unknown.text)


# The worklist


def test_the_worklist_holds_what_to_pay_and_what_to_do_the_oldest_term_first(
    office: Office, employer: Actor, visitor: Visitor, world: World
) -> None:
    """R65."""
    invoice_id = invoiced(office, employer)
    absent(world, employer, days=60)
    page = visitor.get(HOME).text
    tasks = tasks_of(page)
    assert tasks[0].startswith("Factuur ")
    assert "Plan van aanpak opstellen met meetbare afspraken" in tasks
    assert f"{INVOICES}/{invoice_id}" in page
    assert "Te betalen € 121,00" in words_of(page)
    # A step of the physician is on the employer's timeline, but it is not his to do.
    assert "Probleemanalyse opleveren" not in tasks


EMPTY = {
    HOME: "Er wacht niets op u.",
    COSTS: "In deze periode is niets doorbelast.",
    INVOICES: "Hier komen uw facturen.",
    f"{INVOICES}?show=open": "Alles is betaald.",
    STEPS: "Hier komen de werknemers die ziek zijn gemeld.",
    f"{STEPS}?page=7": "Hier komen de werknemers die ziek zijn gemeld.",
}


def test_an_empty_page_says_what_will_come(visitor: Visitor) -> None:
    for path, says in EMPTY.items():
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert says in words_of(answer.text), path


# Everybody else


def test_no_page_tells_what_a_provider_or_physician_wrote(
    app: FastAPI, office: Office, employer: Actor, visitor: Visitor
) -> None:
    """R18."""
    for _nth in range(K):
        office.supplied(employer)
    sick = office.supplied(employer, ConsentScope.EMPLOYER)
    (invoice_id,) = office.run().invoices
    with office.open(employer) as session:
        set_budget(session, employer, NewBudget(per_case_cents=0, valid_from=today()))
    office.issued(office.sick(employer, ConsentScope.EMPLOYER))
    with office.open(employer) as session:
        (asked,) = list_budget_requests(session, employer).items
    known = {"invoice_id": invoice_id, "case_id": sick.case_id, "request_id": asked.id}
    # An own provider to end, and a claim to take along, are of nobody here; both have tests of their own.
    elsewhere = (f"{HOME}/eigen-providers/{{contract_id}}/beeindigen", f"{HOME}/stappen/{{case_id}}/verhaal.csv")
    assert_all_render(app, HOME, visitor, known, {}, *elsewhere)
    for path in (HOME, COSTS, INVOICES, f"{INVOICES}/{invoice_id}", STEPS, f"{STEPS}/{sick.case_id}"):
        page = visitor.get(path).text
        for secret in ("kanarie", PROVIDER_NAME.lower(), "psycholo"):
            assert secret not in page.lower(), (path, secret)


def test_nobody_else_comes_in(app: FastAPI, office: Office, employer: Actor, world: World, sign_in: SignIn) -> None:
    known = {"invoice_id": invoiced(office, employer)}
    assert_nobody_else(app, HOME, world, sign_in, (Role.EMPLOYER,), known)
    assert_nobody_else(app, "/betalen", world, sign_in, (Role.EMPLOYER, Role.INSURER), {})


def test_forms_need_their_token(app: FastAPI, office: Office, employer: Actor, visitor: Visitor) -> None:
    known = {"invoice_id": invoiced(office, employer)}
    assert_forms_need_their_token(app, HOME, visitor, known)
    assert_forms_need_their_token(app, "/betalen", visitor, {})
    with Session(office.world.database.owner) as session:
        assert session.exec(select(Payment).where(Payment.tenant_id == office.world.tenant_id)).all() == []
