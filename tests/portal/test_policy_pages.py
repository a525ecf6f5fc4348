"""Pages of policies: registered and changed by the network manager, read by the insurer, chosen by the case manager."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.tables import CofinancingRequest, CofinancingState, DeclineReason, InsurancePolicy, PolicyKind
from core.clock import today
from identity.roles import OrganisationKind, Role
from tests.billing.office import OPEN, Office
from tests.portal.open_pages import faults_of, rows_of, tasks_of, typed, words_of
from tests.portal.requested import Asked
from tests.portal.visitors import SignIn, Visitor

PATH = "/netwerk/polissen"


@pytest.fixture
def manager(office: Office, sign_in: SignIn) -> Visitor:
    return sign_in(office.world.actor(Role.NETWORK_MANAGER))


def filled(office: Office, **changes: str) -> dict[str, str]:
    employer = office.employer()
    insurer_id = office.world.organisation(OrganisationKind.INSURER, "Verzekeraar Een")
    return {
        "employer_id": str(employer.organisation_id),
        "insurer_id": str(insurer_id),
        "kind": "absence",
        "number": "VZ-1",
        "valid_from": "01-01-2026",
        "valid_until": "31-12-2027",
        "percentage": "50",
        "cap_cents": "2.500,00",
        "budget_cents": "10.000",
        "rules.0.percentage": "75",
        "rules.0.intervention": OPEN,
        "rules.0.before_week": "35",
        "confidential": "on",
        "act": "send",
    } | changes


def kept(office: Office) -> list[InsurancePolicy]:
    with Session(office.world.database.owner) as session:
        return list(
            session.exec(
                select(InsurancePolicy)
                .where(InsurancePolicy.tenant_id == office.world.tenant_id)
                .order_by(InsurancePolicy.valid_from)  # type: ignore[arg-type]
            )
        )


def test_a_policy_is_filled_in_and_changed_by_a_person(office: Office, manager: Visitor) -> None:
    """R61: 75% for a labour expert before week 35 is a row of a form."""
    more = manager.send(f"{PATH}/nieuw", **filled(office, act="more"))
    assert typed(more.text, "rules.0.percentage") == "75"
    assert kept(office) == []
    sent = manager.send(f"{PATH}/nieuw", **filled(office))
    assert sent.status_code == 303
    (policy,) = kept(office)
    assert policy.rules == [{"percentage": 75, "intervention": OPEN, "before_week": 35}]
    assert (policy.cap_cents, policy.budget_cents, policy.confidential) == (2_500_00, 10_000_00, True)
    page = words_of(manager.get(f"{PATH}/{policy.id}").text).replace("\xa0", " ")
    assert "75% voor Arbeidsdeskundig onderzoek vóór week 35" in page
    form = manager.get(f"{PATH}/{policy.id}/wijzigen").text
    first_button = form[form.index("<main") :].partition('<button type="submit"')[2].partition(">")[0]
    assert 'value="send"' in first_button, "Enter presses the first button of a form"
    assert (typed(form, "percentage"), typed(form, "cap_cents"), typed(form, "rules.0.before_week")) == (
        "50",
        "2500,00",
        "35",
    )
    day = (today() + timedelta(days=1)).strftime("%d-%m-%Y")
    changes = {"number": "VZ-1", "valid_from": day, "valid_until": "31-12-2027", "percentage": "40", "act": "send"}
    assert manager.send(f"{PATH}/{policy.id}/wijzigen", **changes).status_code == 303
    first, second = kept(office)
    assert (first.ended_on, second.percentage, second.line_id, second.confidential) == (today(), 40, first.id, False)
    assert len(rows_of(manager.get(f"{PATH}/{second.id}").text)) == 2
    assert len(rows_of(manager.get(PATH).text)) == 1


def test_what_is_wrong_with_a_policy_is_said_at_its_field(office: Office, manager: Visitor) -> None:
    page = manager.send(f"{PATH}/nieuw", **filled(office, percentage="130", valid_until="gisteren", insurer_id=""))
    assert page.status_code == 422
    assert len(faults_of(page.text)) == 3
    assert typed(page.text, "percentage") == "130"


def test_a_policy_is_ended(office: Office, manager: Visitor) -> None:
    manager.send(f"{PATH}/nieuw", **filled(office))
    (policy,) = kept(office)
    late = manager.send(f"{PATH}/{policy.id}/einde", last_day="01-01-2020")
    assert late.status_code == 422
    day = (today() + timedelta(days=3)).strftime("%d-%m-%Y")
    assert manager.send(f"{PATH}/{policy.id}/einde", last_day=day).status_code == 303
    assert "Leg het einde vast" not in manager.get(f"{PATH}/{policy.id}").text


def test_the_insurer_sees_what_is_left(asked: Asked, sign_in: SignIn) -> None:
    (insurer,) = asked.office.insurers.values()
    (employer,) = asked.office.employers.values()
    asked.office.policy(employer, insurer.organisation_id, kind=PolicyKind.WGA, budget_cents=700_00)
    page = words_of(sign_in(insurer).get("/verzekeraar/polissen").text).replace("\xa0", " ")
    assert "Nog toe te kennen € 700,00" in page
    assert "Nog toe te kennen Geen grens" in page


def test_the_case_manager_chooses_whom_to_ask_and_asks_the_next(asked: Asked) -> None:
    """R57."""
    (employer,) = asked.office.employers.values()
    (insurer,) = asked.office.insurers.values()
    other_id = asked.office.world.organisation(OrganisationKind.INSURER, "Verzekeraar Twee")
    other = asked.office.policy(employer, other_id, 30, kind=PolicyKind.WGA)
    page = words_of(asked.manager.get(asked.path).text).replace("\xa0", " ")
    assert page.index("Verzekeraar De Eik, Verzuimverzekering") < page.index("Verzekeraar Twee, WGA-verzekering")
    assert "Hooguit € 300,00: 30% van de prijs." in page
    check = words_of(asked.manager.send(asked.path, annual_wage="44.000", policy_id=str(other), act="check").text)
    assert "€ 300,00, 30% van de prijs" in check.replace("\xa0", " ")
    assert "20 dagen × € 260,00 = € 5.200,00" in check.replace("\xa0", " ")
    first = asked.stored().policy_id
    asked.manager.send(asked.path, daily_cost="340,00", act="send")
    assert "Vraag een volgende" not in asked.manager.get(asked.path).text
    with asked.office.open(insurer) as session:
        decide_cofinancing(session, insurer, asked.id, Outcome.DECLINED, None, DeclineReason.TOO_LATE)
    assert "Vraag een volgende" in asked.manager.get(asked.path).text
    following = f"{asked.path}/volgende"
    assert str(first) not in asked.manager.get(following).text
    assert asked.manager.send(following, policy_id=str(first)).status_code == 422
    assert asked.manager.send(following, policy_id=str(other)).status_code == 303
    with Session(asked.office.world.database.owner) as session:
        second = session.exec(
            select(CofinancingRequest).where(
                CofinancingRequest.matter_id == asked.id, CofinancingRequest.id != asked.id
            )
        ).one()
    assert (second.insurer_id, second.state, second.requested_cents) == (other_id, CofinancingState.SUBMITTED, 300_00)


@pytest.mark.parametrize("fields", [{}, {"daily_cost": "340", "annual_wage": "44.000"}])
def test_a_day_is_costed_in_one_way(asked: Asked, fields: dict[str, str]) -> None:
    """R60."""
    page = asked.manager.send(asked.path, **fields, act="send")
    assert page.status_code == 422
    assert len(faults_of(page.text)) == 1


def test_a_late_insurer_stands_on_both_lists(asked: Asked, sign_in: SignIn) -> None:
    """R59: the term of the decision is the arbodienst's setting."""
    asked.manager.send(asked.path, daily_cost="340,00", act="send")
    (insurer,) = asked.office.insurers.values()
    number: str = asked.stored().number
    assert "is te laat" not in words_of(asked.manager.get("/regie").text)
    with Session(asked.office.world.database.owner) as session:
        request = session.get_one(CofinancingRequest, asked.id)
        assert request.decide_by is not None
        assert request.decide_by > today()
        session.connection().exec_driver_sql(
            "UPDATE billing.cofinancing_request SET decide_by = decide_by - 60 WHERE id = %s", (request.id,)
        )
        session.commit()
    assert any(task.startswith(number) for task in tasks_of(asked.manager.get("/regie").text))
    assert "De verzekeraar is te laat" in words_of(asked.manager.get("/regie").text)
    assert "te laat" in words_of(sign_in(insurer).get("/verzekeraar").text)
