"""The numbers in the menu: as long as the lists that they stand for, with no row read and no event left (R68)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, func, select

from cases.mandates import NewMandate, sign_mandate
from core.clock import today
from core.database import Door
from core.errors import Forbidden, NotFound
from core.paging import Page
from identity.actor import Actor
from identity.roles import Role
from identity.tables import AuditEvent
from medical.cases import counts
from medical.cases.assessments import judge_cause
from medical.cases.unjudged import list_unjudged_cases
from medical.invoices.judge import DisputeReason, dispute_provider_invoice
from medical.invoices.read import OPEN_STATES, list_provider_invoices, list_sent_back
from medical.referrals.forms import ReferralForm
from medical.referrals.issue import refer
from medical.referrals.list import worklist
from tests.billing.office import OPEN, Office
from tests.medical.statements import counted
from tests.world import World

Count = Callable[[Session, Actor], int]
Listed = Callable[[Session, Actor], Page[Any]]


def invoices_to_judge(session: Session, actor: Actor) -> Page[Any]:
    return list_provider_invoices(session, actor, OPEN_STATES)


PAIRS: list[tuple[Count, Listed, tuple[Role, ...]]] = [
    (counts.count_waiting_referrals, worklist, (Role.PHYSICIAN, Role.DELEGATE, Role.PROVIDER)),
    (counts.count_unjudged_cases, list_unjudged_cases, (Role.PHYSICIAN, Role.DELEGATE)),
    (counts.count_sent_back, list_sent_back, (Role.PROVIDER,)),
    (counts.count_invoices_to_judge, invoices_to_judge, (Role.SECRETARY,)),
]
EACH = [
    pytest.param(count, listed, role, id=f"{count.__name__}-{role.value}")
    for count, listed, roles in PAIRS
    for role in roles
]


@pytest.fixture
def people(world: World) -> dict[Role, Actor]:
    """An office in which something waits for everybody, and people there."""
    office = Office(world)
    employer = office.employer()
    delegate = world.actor(Role.DELEGATE, employers=(employer.organisation_id,))
    in_office = office.invoice(office.referred(office.sick(employer)))
    back = office.send(office.invoice(office.referred(office.sick(employer))))
    office.send(in_office)
    judged = office.sick(employer)
    form = ReferralForm(
        case_id=judged.case_id,
        offering_id=office.offering(OPEN),
        goal="Weer aan het werk",
        question="Wat is er nodig?",
        units=1,
        expected_days_saved=5,
    )
    mandate = NewMandate(
        account_email=delegate.email,
        employer_id=employer.organisation_id,
        interventions=(OPEN,),
        valid_from=today(),
        valid_until=today(),
    )
    with office.care(office.secretary) as session:
        dispute_provider_invoice(session, office.secretary, back.id, DisputeReason.OTHER)
    with office.care(office.physician) as session:
        judge_cause(session, office.physician, judged.case_id, "W02", False)
        sign_mandate(session, office.physician, mandate)
    with office.care(delegate) as session:
        refer(session, delegate, form)
    return {
        Role.PHYSICIAN: office.physician,
        Role.DELEGATE: delegate,
        Role.PROVIDER: office.provider,
        Role.SECRETARY: office.secretary,
    }


@pytest.mark.parametrize(("count", "listed", "role"), EACH)
def test_a_count_is_as_long_as_its_list(
    world: World, people: dict[Role, Actor], count: Count, listed: Listed, role: Role
) -> None:
    actor = people[role]
    with world.acting(Door.CARE, actor) as session:
        total = listed(session, actor).total
        assert total > 0
        assert count(session, actor) == total


@pytest.mark.parametrize(("count", "listed", "role"), EACH)
def test_a_count_is_one_number_from_one_statement_and_leaves_no_event(
    world: World, people: dict[Role, Actor], count: Count, listed: Listed, role: Role
) -> None:
    """R68."""
    actor, before = people[role], events(world)
    with world.acting(Door.CARE, actor) as session, counted(world.database) as statements:
        count(session, actor)
        session.flush()
    (statement,) = statements
    assert statement.startswith("SELECT count(*)")
    assert events(world) == before


@pytest.mark.parametrize("count", [count for count, _listed, _roles in PAIRS], ids=lambda count: count.__name__)
@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER, Role.EMPLOYEE, Role.CASE_MANAGER, Role.AUDITOR])
def test_nobody_else_is_told_a_number(world: World, count: Count, role: Role) -> None:
    somebody = world.actor(role)
    with world.acting(Door.CARE, somebody) as session, pytest.raises((Forbidden, NotFound)):
        count(session, somebody)


def events(world: World) -> int:
    """Return how many events there are in the trail of this arbodienst."""
    with Session(world.database.owner) as session:
        found = select(func.count()).select_from(AuditEvent).where(AuditEvent.tenant_id == world.tenant_id)
        return session.exec(found).one()
