"""Who can be mandated for an employer: its delegates with a valid registration, of this arbodienst only (R14, R19)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlmodel import Session, SQLModel, col

from cases.mandate_holders import HolderView, list_holders
from cases.mandates import NewMandate, sign_mandate
from core.clock import now, today
from core.database import Door
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from identity.tables import Account, Assignment, Membership
from tests.cases.staff import Staff, staff_of
from tests.world import VALID_UNTIL, World


def holders(staff: Staff, employer_id: object = None) -> list[str]:
    with staff.world.acting(Door.CARE, staff.physician) as session:
        found = list_holders(session, staff.physician, employer_id or staff.employer_id)  # type: ignore[arg-type]
    return [holder.email for holder in found.items]


def change(staff: Staff, table: type[SQLModel], of: Actor, **values: object) -> None:
    """Change what is written of somebody, as the owner of the database."""
    key = Account.id if table is Account else table.account_id  # type: ignore[attr-defined]
    with Session(staff.world.database.owner) as session:
        session.execute(update(table).where(col(key) == of.account).values(**values))
        session.commit()


def test_the_delegates_of_the_employer_by_name_with_their_registration(staff: Staff) -> None:
    with staff.world.acting(Door.CARE, staff.physician) as session:
        found = list_holders(session, staff.physician, staff.employer_id)
    assert found.items == (HolderView("Test delegate", staff.delegate.email, today() + VALID_UNTIL),)
    assert found.total == 1
    assert holders(staff, staff.other_employer_id) == []


def test_they_come_a_page_at_a_time(staff: Staff) -> None:
    more = [staff.world.actor(Role.DELEGATE, employers=(staff.employer_id,)).email for _each in range(2)]
    everybody = sorted([staff.delegate.email, *more])
    assert holders(staff) == everybody
    with staff.world.acting(Door.CARE, staff.physician) as session:
        page = list_holders(session, staff.physician, staff.employer_id, 2, 2)
    assert (page.total, [holder.email for holder in page.items]) == (3, everybody[2:])


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Membership, {"registered_until": today() - timedelta(days=1)}),
        (Membership, {"registered_until": None}),
        (Membership, {"ended_at": now()}),
        (Assignment, {"ended_at": now()}),
        (Account, {"disabled_at": now()}),
    ],
    ids=["expired", "unregistered", "left", "unassigned", "disabled"],
)
def test_who_cannot_hold_one_is_not_offered(staff: Staff, table: type[SQLModel], values: dict[str, object]) -> None:
    """R19."""
    change(staff, table, staff.delegate, **values)
    assert holders(staff) == []


def test_a_case_manager_of_the_employer_is_none(staff: Staff) -> None:
    """R14: whoever works for the employer never refers."""
    assert staff.case_manager.email not in holders(staff)


def test_everybody_who_is_offered_can_be_mandated(staff: Staff) -> None:
    """R2."""
    staff.world.actor(Role.DELEGATE, employers=(staff.employer_id,))
    offered = holders(staff)
    assert len(offered) == 2
    for email in offered:
        new = NewMandate(
            account_email=email,
            employer_id=staff.employer_id,
            interventions=("ADO",),
            valid_from=today(),
            valid_until=today(),
        )
        assert staff.doing(staff.physician, sign_mandate, new).mandate.holder_email == email


def test_another_arbodienst_is_not_asked(staff: Staff) -> None:
    stranger = staff_of(World(staff.world.database))
    for employer_id in (staff.employer_id, uuid4()):
        with pytest.raises(NotFound):
            holders(stranger, employer_id)


@pytest.mark.parametrize("name", ["delegate", "case_manager"])
def test_only_who_signs_asks(staff: Staff, name: str) -> None:
    with pytest.raises(Forbidden):
        staff.doing(getattr(staff, name), list_holders, staff.employer_id)
