"""Mandates: who may refer in a physician's name, for whom, for what and until when (R2, R7, R19)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import Session, col

from cases.mandates import NewMandate, Signed, mandate_in_force, revoke_mandate, sign_mandate
from cases.mandates_read import MandateFilter, list_mandates
from cases.tables import Mandate
from core.clock import now, today
from core.database import Door
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import Role
from identity.tables import Assignment, Membership
from tests.cases.staff import Staff, staff_of
from tests.world import World
from worker.open_jobs import end_mandates


def days(number: int) -> date:
    return today() + timedelta(days=number)


def sign(staff: Staff, by: Actor | None = None, **changes: Any) -> Signed:
    facts = {
        "account_email": staff.delegate.email,
        "employer_id": staff.employer_id,
        "interventions": ["SP2", "ADO"],
        "valid_from": today(),
        "valid_until": days(90),
    }
    return staff.doing(by or staff.physician, sign_mandate, NewMandate.model_validate(facts | changes))


def in_force(staff: Staff, intervention: str = "ADO", on: date | None = None, employer: UUID | None = None) -> bool:
    with staff.world.acting(Door.CARE, staff.delegate) as session:
        holder = staff.delegate.account
        found = mandate_in_force(session, holder, employer or staff.employer_id, intervention, on or today())
        return found is not None


def faults(staff: Staff, **changes: Any) -> list[str]:
    with pytest.raises(Invalid) as refused:
        sign(staff, **changes)
    return [error.field for error in refused.value.errors]


def test_a_physician_mandates_a_delegate(staff: Staff) -> None:
    """R7, R8."""
    signed = sign(staff)
    mandate = signed.mandate
    assert not signed.known
    assert (mandate.physician_account_id, mandate.holder_account_id) == (
        staff.physician.account_id,
        staff.delegate.account_id,
    )
    assert (mandate.holder_email, mandate.employer_name) == (staff.delegate.email, "Bakkerij Van Dam")
    assert mandate.interventions == ("ADO", "SP2")
    assert mandate.in_force
    (event,) = staff.events("cases:mandate:signed")
    assert event.responsible_account_id == staff.physician.account_id


def test_a_mandate_holds_for_its_employer_interventions_and_days_only(staff: Staff) -> None:
    """R2."""
    sign(staff, valid_from=days(-2), valid_until=days(5))
    assert in_force(staff)
    assert in_force(staff, "SP2", days(5))
    assert in_force(staff, on=days(-2))
    assert not in_force(staff, "MED")
    assert not in_force(staff, on=days(6))
    assert not in_force(staff, on=days(-3))
    assert not in_force(staff, employer=staff.other_employer_id)


def test_revocation_works_at_once_and_only_once(staff: Staff) -> None:
    """R7."""
    mandate = sign(staff).mandate
    assert staff.doing(staff.physician, revoke_mandate, mandate.id).revoked_at is not None
    assert not in_force(staff)
    with pytest.raises(Conflict) as refused:
        staff.doing(staff.physician, revoke_mandate, mandate.id)
    assert refused.value.possible == ("sign",)
    assert len(staff.events("cases:mandate:revoked")) == 1
    assert not sign(staff).known


def test_a_colleague_of_the_physician_may_revoke(staff: Staff) -> None:
    mandate = sign(staff).mandate
    colleague = staff.world.actor(Role.PHYSICIAN)
    staff.doing(colleague, revoke_mandate, mandate.id)
    assert not in_force(staff)


def test_the_same_mandate_again_is_the_first(staff: Staff) -> None:
    first, second = sign(staff), sign(staff, interventions=["ADO", "SP2", "ADO"])
    assert (second.known, second.mandate.id) == (True, first.mandate.id)
    assert not sign(staff, valid_until=days(91)).known


@pytest.mark.parametrize("role", set(Role) - {Role.PHYSICIAN, Role.EMPLOYER, Role.INSURER, Role.SYSTEM})
def test_only_a_physician_signs_and_revokes(staff: Staff, role: Role) -> None:
    """R2."""
    mandate = sign(staff).mandate
    actor = staff.delegate if role is Role.DELEGATE else staff.world.actor(role)
    with pytest.raises(Forbidden):
        sign(staff, by=actor)
    with pytest.raises(Forbidden):
        staff.doing(actor, revoke_mandate, mandate.id)
    assert in_force(staff)


def test_only_a_delegate_of_that_employer_can_hold_one(staff: Staff) -> None:
    """R15."""
    elsewhere = staff_of(World(staff.world.database))
    unassigned = staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,))
    for actor in (staff.case_manager, staff.physician, unassigned, elsewhere.delegate):
        assert faults(staff, account_email=actor.email) == ["account_email"]
    assert faults(staff, account_email="niemand@example.test") == ["account_email"]
    assert not sign(staff, account_email=f" {staff.delegate.email.upper()} ").known


def test_an_unknown_employer_is_not_found(staff: Staff) -> None:
    for employer_id in (uuid4(), World(staff.world.database).tenant_id):
        with pytest.raises(NotFound):
            sign(staff, employer_id=employer_id)


def test_every_fault_is_named_at_once(staff: Staff) -> None:
    fields = faults(
        staff,
        account_email="niemand@example.test",
        interventions=["ADO", "PSY", "ONBEKEND"],
        valid_from=days(3),
        valid_until=days(2),
    )
    assert fields == ["account_email", "interventions.1", "interventions.2", "valid_until"]
    assert faults(staff, valid_from=days(-9), valid_until=days(-1)) == ["valid_until"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("interventions", []), ("interventions", ["X" * 9]), ("valid_until", "1989-01-01"), ("valid_from", days(800))],
)
def test_input_out_of_bounds_is_refused(staff: Staff, field: str, value: object) -> None:
    changes: dict[str, Any] = {field: value}
    with pytest.raises(ValidationError):
        sign(staff, **changes)


@contextmanager
def changed(staff: Staff, statement: Any) -> Iterator[None]:
    with Session(staff.world.database.owner) as session:
        session.execute(statement)
        session.commit()
    yield


def test_a_registration_that_lapsed_ends_the_authority(staff: Staff) -> None:
    """R19."""
    sign(staff)
    lapse = update(Membership).where(col(Membership.id) == staff.delegate.membership_id)
    with changed(staff, lapse.values(registered_until=days(0))):
        assert in_force(staff)
        assert faults(staff, valid_from=days(1), valid_until=days(9)) == ["account_email"]
    with changed(staff, lapse.values(registered_until=days(-1))):
        assert not in_force(staff)
    with changed(staff, lapse.values(registered_until=None)):
        assert not in_force(staff)
        assert faults(staff, valid_until=days(9)) == ["account_email"]


def test_a_mandate_lapses_with_the_assignment_of_its_holder(staff: Staff) -> None:
    """R15."""
    sign(staff)
    end = update(Assignment).where(col(Assignment.account_id) == staff.delegate.account_id)
    with changed(staff, end.values(ended_at=now())):
        assert not in_force(staff)


def test_a_mandate_lapses_with_the_function_of_its_physician(staff: Staff) -> None:
    sign(staff)
    end = update(Membership).where(col(Membership.id) == staff.physician.membership_id)
    with changed(staff, end.values(registered_until=days(-1))):
        assert not in_force(staff)
    with changed(staff, end.values(registered_until=None)):
        assert in_force(staff)
    with changed(staff, end.values(ended_at=now())):
        assert not in_force(staff)


def test_who_sees_which_mandates(staff: Staff) -> None:
    second = staff.world.actor(Role.DELEGATE, employers=(staff.employer_id,))
    held, other = sign(staff).mandate, sign(staff, account_email=second.email).mandate
    assert [m.id for m in staff.doing(staff.physician, list_mandates).items] == [other.id, held.id]
    assert [m.id for m in staff.doing(staff.delegate, list_mandates).items] == [held.id]
    assert staff.doing(staff_of(World(staff.world.database)).physician, list_mandates).total == 0
    with pytest.raises(Forbidden):
        staff.doing(staff.case_manager, list_mandates)
    with pytest.raises(NotFound):
        staff.doing(staff.employer, list_mandates)


def test_mandates_are_filtered(staff: Staff) -> None:
    now_valid, later = sign(staff).mandate, sign(staff, valid_from=days(1)).mandate
    staff.doing(staff.physician, revoke_mandate, sign(staff, valid_until=days(30)).mandate.id)
    found = staff.doing(staff.physician, list_mandates, MandateFilter(in_force=True))
    assert [mandate.id for mandate in found.items] == [now_valid.id]
    found = staff.doing(staff.physician, list_mandates, MandateFilter(in_force=False))
    assert found.total == 2
    assert later.id in {mandate.id for mandate in found.items}
    assert staff.doing(staff.physician, list_mandates, MandateFilter(staff.other_employer_id)).total == 0
    assert staff.doing(staff.physician, list_mandates, MandateFilter(staff.employer_id), 2, 2).total == 3


def test_mandates_of_who_left_are_ended(staff: Staff) -> None:
    """R7: they count no more from the moment of leaving; the job that follows writes it down, once."""
    signed = sign(staff).mandate
    with Session(staff.world.database.owner) as session:
        session.get_one(Membership, staff.physician.membership_id).ended_at = now()
        session.commit()
    assert not in_force(staff)
    job = {"account_id": str(staff.physician.account), "tenant_id": str(staff.world.tenant_id)}
    end_mandates(staff.world.database, **job)
    end_mandates(staff.world.database, **job)
    (event,) = staff.events("cases:mandate:revoked")
    assert (event.subject_id, event.reason, event.role) == (signed.id, "left", Role.SYSTEM)
    with Session(staff.world.database.owner) as session:
        assert session.get_one(Mandate, signed.id).revoked_at is not None


def test_mandates_of_who_stays_are_left_alone(staff: Staff) -> None:
    sign(staff)
    for actor in (staff.physician, staff.delegate):
        end_mandates(staff.world.database, account_id=str(actor.account), tenant_id=str(staff.world.tenant_id))
    assert staff.events("cases:mandate:revoked") == []
