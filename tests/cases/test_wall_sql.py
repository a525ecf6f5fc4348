"""Whoever comes past the use cases, with SQL through a door, still meets the rules of this room."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlmodel import Session, select

from cases.cases_read import CaseView
from cases.consents import NewConsent, give_consent, withdraw_consent
from cases.mandates import NewMandate, revoke_mandate, sign_mandate
from cases.poortwachter import steps
from cases.tables import ConsentForm, ConsentScope, StepDone
from core.clock import today
from core.database import Door
from identity.actor import Actor
from identity.roles import OrganisationKind, Role
from identity.tables import Assignment, Membership
from tests.cases.staff import Staff, staff_of
from tests.world import World

ROOM = ("employee", "absence_case", "sick_spell", "consent", "mandate", "intervention_request", "step_done")
DOORS = (Door.OPEN, Door.CARE)


@pytest.fixture
def case(staff: Staff) -> CaseView:
    return staff.case()


def run(staff: Staff, door: Door, actor: Actor, statement: str, **values: Any) -> list[Any]:
    """Run one statement as the role that a door's transaction takes on, and keep what it did."""
    with staff.world.acting(door, actor) as session:
        result = session.execute(text(statement), {"tenant": actor.tenant_id, "me": actor.account_id, **values})
        return list(result.all()) if result.returns_rows else [result.rowcount]  # type: ignore[attr-defined]


def count(staff: Staff, actor: Actor, table: str, door: Door = Door.OPEN) -> int:
    (row,) = run(staff, door, actor, f"SELECT count(*) FROM cases.{table}")
    return int(row[0])


def consent(staff: Staff, case: CaseView, scope: ConsentScope) -> UUID:
    new = NewConsent(scope=scope, form=ConsentForm.ORAL, given_on=today(), told_of_forwarding=True)
    return staff.doing(staff.physician, give_consent, case.id, new).consent.id


def mandate(staff: Staff) -> UUID:
    new = NewMandate(
        account_email=staff.delegate.email,
        employer_id=staff.employer_id,
        interventions=("ADO",),
        valid_from=today(),
        valid_until=today(),
    )
    return staff.doing(staff.physician, sign_mandate, new).mandate.id


# One person, one side (R14, R15)


def test_one_person_with_two_accounts_is_never_delegate_and_case_manager_for_one_employer(staff: Staff) -> None:
    """R14, R15."""
    for holder, role in ((staff.delegate, Role.CASE_MANAGER), (staff.case_manager, Role.DELEGATE)):
        with pytest.raises(IntegrityError, match="uq_assignment_one_side"):
            staff.world.actor(role, employers=(staff.employer_id,), person_id=holder.person_id)


def test_one_account_is_never_delegate_and_case_manager_for_one_employer(staff: Staff) -> None:
    """R14."""
    with Session(staff.world.database.owner) as session:
        values = (
            session.exec(select(Assignment).where(Assignment.account_id == staff.delegate.account)).one().model_dump()
        )
    second = Membership(
        tenant_id=staff.world.tenant_id,
        account_id=staff.delegate.account,
        organisation_id=staff.world.tenant_id,
        role=Role.CASE_MANAGER,
    )
    other = {"id": uuid4(), "role": Role.CASE_MANAGER, "membership_id": second.id}
    with pytest.raises(IntegrityError, match="uq_assignment_one_side"):
        staff.world.add(second, Assignment(**(values | other)))


def test_one_person_may_be_both_for_two_employers(staff: Staff) -> None:
    """R14."""
    both = staff.world.actor(
        Role.CASE_MANAGER, employers=(staff.other_employer_id,), person_id=staff.delegate.person_id
    )
    assert both.person_id == staff.delegate.person_id


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["physician", "delegate", "case_manager"])
def test_nobody_assigns_himself_through_a_door(staff: Staff, door: Door, who: str) -> None:
    """R15."""
    actor: Actor = getattr(staff, who)
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(staff, door, actor, "UPDATE identity.assignment SET employer_id = :other", other=staff.other_employer_id)
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(
            staff,
            door,
            actor,
            "INSERT INTO identity.assignment (id, tenant_id, created_at, membership_id, account_id, person_id, role,"
            " employer_id) VALUES (gen_random_uuid(), :tenant, now(), :membership, :me, :person, :role, :other)",
            membership=actor.membership_id,
            person=actor.person_id,
            role=actor.role.value,
            other=staff.other_employer_id,
        )


# Each sees the cases of the employers for whom he works (R17)


@pytest.mark.parametrize("door", DOORS)
def test_rows_of_other_employers_and_tenants_are_not_there(staff: Staff, case: CaseView, door: Door) -> None:
    """R17."""
    consent(staff, case, ConsentScope.EMPLOYER)
    elsewhere = staff_of(World(staff.world.database))
    nobody = [
        staff.world.actor(Role.DELEGATE, employers=(staff.other_employer_id,)),
        staff.world.actor(Role.CASE_MANAGER, employers=(staff.other_employer_id,)),
        staff.world.actor(Role.EMPLOYER, staff.other_employer_id),
        staff.world.actor(Role.INSURER, staff.world.organisation(OrganisationKind.INSURER, "Polis")),
        staff.world.actor(Role.PROVIDER, staff.world.organisation(OrganisationKind.PROVIDER, "Praktijk")),
        staff.world.actor(Role.NETWORK_MANAGER),
        staff.world.actor(Role.AUDITOR),
        staff.world.actor(Role.EMPLOYEE, staff.employer_id, subject_id=uuid4()),
        elsewhere.physician,
        elsewhere.employer,
    ]
    for actor in nobody:
        assert {table: count(staff, actor, table, door) for table in ROOM} == dict.fromkeys(ROOM, 0), actor.role
    for actor in (staff.physician, staff.delegate):
        assert count(staff, actor, "absence_case", door) == count(staff, actor, "consent", door) == 1


@pytest.mark.parametrize("table", ["absence_case", "sick_spell", "step_done", "employee"])
def test_a_delegate_cannot_move_a_row_to_an_employer_of_others(staff: Staff, case: CaseView, table: str) -> None:
    assert count(staff, staff.delegate, table) == 1
    with pytest.raises(DBAPIError, match=r"row-level security|stays as it was given"):
        run(
            staff,
            Door.OPEN,
            staff.delegate,
            f"UPDATE cases.{table} SET employer_id = :other",
            other=staff.other_employer_id,
        )


def test_the_employer_reads_and_writes_nothing(staff: Staff, case: CaseView) -> None:
    assert count(staff, staff.employer, "absence_case") == 1
    for statement in (
        "UPDATE cases.absence_case SET closed_at = now()",
        "UPDATE cases.sick_spell SET recovered_on = first_sick_day + 1",
        "UPDATE cases.step_done SET done_on = done_on",
        "INSERT INTO cases.employee (id, tenant_id, created_at, employer_id, reference, name)"
        " VALUES (gen_random_uuid(), :tenant, now(), :employer, 'P-9', '')",
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            run(staff, Door.OPEN, staff.employer, statement, employer=staff.employer_id)


@pytest.mark.parametrize("table", ROOM)
@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_deleted_through_a_door(staff: Staff, door: Door, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(staff, door, staff.physician, f"DELETE FROM cases.{table}")


def test_an_employee_is_absent_once_at_a_time(staff: Staff, case: CaseView) -> None:
    with pytest.raises(IntegrityError, match="uq_absence_case_running"):
        run(
            staff,
            Door.OPEN,
            staff.delegate,
            "INSERT INTO cases.absence_case (id, tenant_id, created_at, employer_id, employee_id, number, opened_by,"
            " liable_party) VALUES (gen_random_uuid(), :tenant, now(), :employer, :employee, 'Z-1', :me, false)",
            employer=case.employer_id,
            employee=case.employee_id,
        )
    with pytest.raises(IntegrityError, match="uq_sick_spell_running"):
        run(
            staff,
            Door.OPEN,
            staff.delegate,
            "INSERT INTO cases.sick_spell (id, tenant_id, created_at, employer_id, case_id, first_sick_day)"
            " VALUES (gen_random_uuid(), :tenant, now(), :employer, :case, '2026-01-01')",
            employer=case.employer_id,
            case=case.id,
        )
    with pytest.raises(IntegrityError, match="ck_sick_spell_order"):
        run(staff, Door.OPEN, staff.delegate, "UPDATE cases.sick_spell SET recovered_on = first_sick_day")


# Consent stays as it was given, and shows to whom it concerns (R18, R24)


def test_a_case_manager_cannot_read_that_there_is_a_provider(staff: Staff, case: CaseView) -> None:
    """R18."""
    for scope in ConsentScope:
        consent(staff, case, scope)
    rows = run(staff, Door.OPEN, staff.case_manager, "SELECT scope FROM cases.consent")
    assert {row.scope for row in rows} == {"employer", "insurer"}
    assert count(staff, staff.case_manager, "consent", Door.CARE) == 0
    for door in DOORS:
        assert count(staff, staff.employer, "consent", door) == 0


@pytest.mark.parametrize(
    "change",
    [
        "scope = 'insurer'",
        "given_on = given_on - 1",
        "form = 'written'",
        "told_of_forwarding = NOT told_of_forwarding",
        "recorded_by = gen_random_uuid()",
        "withdrawn_at = now(), text_version = '2027-1'",
    ],
)
def test_a_consent_stays_as_it_was_given(staff: Staff, case: CaseView, change: str) -> None:
    """R24."""
    consent(staff, case, ConsentScope.PROVIDER)
    with pytest.raises(DBAPIError, match="stays as it was given"):
        run(staff, Door.OPEN, staff.physician, f"UPDATE cases.consent SET {change}")


def test_a_withdrawal_is_not_undone(staff: Staff, case: CaseView) -> None:
    """R24."""
    given = consent(staff, case, ConsentScope.PROVIDER)
    staff.doing(staff.physician, withdraw_consent, given)
    with pytest.raises(DBAPIError, match="stays as it was given"):
        run(staff, Door.OPEN, staff.physician, "UPDATE cases.consent SET withdrawn_at = NULL")


@pytest.mark.parametrize("who", ["case_manager", "employer"])
def test_who_pays_or_manages_gives_no_consent(staff: Staff, case: CaseView, who: str) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        run(
            staff,
            Door.OPEN,
            getattr(staff, who),
            "INSERT INTO cases.consent (id, tenant_id, created_at, case_id, employer_id, employee_id, scope, form,"
            " given_on, text_version, text_language, told_of_forwarding, recorded_by, recorded_role)"
            " VALUES (gen_random_uuid(), :tenant, now(), :case, :employer, :employee, 'employer', 'oral', '2026-01-01',"
            " '2026-1', 'nl', true, :me, app.role())",
            case=case.id,
            employer=case.employer_id,
            employee=case.employee_id,
        )
    consent(staff, case, ConsentScope.EMPLOYER)
    assert run(staff, Door.OPEN, getattr(staff, who), "UPDATE cases.consent SET withdrawn_at = now()") == [0]


# Only a physician mandates (R2, R7)

SIGN = (
    "INSERT INTO cases.mandate (id, tenant_id, created_at, physician_account_id, holder_account_id, employer_id,"
    " interventions, valid_from, valid_until) VALUES (gen_random_uuid(), :tenant, now(), :physician, :holder,"
    " :employer, '{ADO}', '2026-01-01', '2027-01-01')"
)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["delegate", "case_manager", "employer"])
@pytest.mark.parametrize("name", ["own", "physician"])
def test_nobody_but_a_physician_mandates(staff: Staff, door: Door, who: str, name: str) -> None:
    """R2."""
    actor: Actor = getattr(staff, who)
    signer = actor if name == "own" else staff.physician
    with pytest.raises(DBAPIError, match="only a physician mandates"):
        run(
            staff,
            door,
            actor,
            SIGN,
            physician=signer.account_id,
            holder=staff.delegate.account_id,
            employer=staff.employer_id,
        )


def test_a_physician_does_not_sign_for_a_colleague(staff: Staff) -> None:
    colleague = staff.world.actor(Role.PHYSICIAN)
    values = {"holder": staff.delegate.account_id, "employer": staff.employer_id}
    with pytest.raises(DBAPIError, match="only a physician mandates"):
        run(staff, Door.OPEN, staff.physician, SIGN, physician=colleague.account_id, **values)
    assert run(staff, Door.OPEN, staff.physician, SIGN, physician=staff.physician.account_id, **values) == [1]


@pytest.mark.parametrize(
    "change", ["valid_until = valid_until + 100", "interventions = '{ADO,SP2}'", "holder_account_id = :me"]
)
def test_a_mandate_stays_as_it_was_signed(staff: Staff, change: str) -> None:
    """R7."""
    mandate(staff)
    with pytest.raises(DBAPIError, match="stays as it was given"):
        run(staff, Door.OPEN, staff.physician, f"UPDATE cases.mandate SET {change}")


def test_a_revocation_is_not_undone_and_a_holder_does_not_revoke(staff: Staff) -> None:
    """R7."""
    given = mandate(staff)
    with pytest.raises(ProgrammingError, match="row-level security"):
        run(staff, Door.OPEN, staff.delegate, "UPDATE cases.mandate SET revoked_at = now()")
    staff.doing(staff.physician, revoke_mandate, given)
    with pytest.raises(DBAPIError, match="stays as it was given"):
        run(staff, Door.OPEN, staff.physician, "UPDATE cases.mandate SET revoked_at = NULL")


# The steps of the medical side (R18)


def done(staff: Staff, case: CaseView, nr: int) -> StepDone:
    return StepDone(
        tenant_id=staff.world.tenant_id,
        case_id=case.id,
        employer_id=case.employer_id,
        step=nr,
        week=99,
        done_on=today(),
        done_by=staff.delegate.account,
    )


def test_steps_that_tell_of_health_cannot_be_kept_even_by_the_owner(staff: Staff, case: CaseView) -> None:
    for nr, step in steps().items():
        if step.tells_of_health:
            with pytest.raises(IntegrityError, match="tells_nothing_of_health"):
                staff.world.add(done(staff, case, nr))
        else:
            staff.world.add(done(staff, case, nr))


def test_steps_of_the_medical_side_do_not_show_to_the_employers_side(staff: Staff, case: CaseView) -> None:
    """R18."""
    kept = {nr for nr, step in steps().items() if not step.tells_of_health}
    staff.world.add(*(done(staff, case, nr) for nr in kept))
    shared = {nr for nr, step in steps().items() if not step.care_only}

    def seen(actor: Actor, door: Door) -> set[int]:
        return {row.step for row in run(staff, door, actor, "SELECT step FROM cases.step_done")}

    assert shared < kept
    for door in DOORS:
        assert seen(staff.physician, door) == seen(staff.delegate, door) == kept
        assert seen(staff.case_manager, door) == seen(staff.employer, door) == shared


def test_a_case_manager_writes_no_step_of_the_medical_side(staff: Staff, case: CaseView) -> None:
    statement = (
        "INSERT INTO cases.step_done (id, tenant_id, created_at, case_id, employer_id, step, week, done_on, done_by)"
        " VALUES (gen_random_uuid(), :tenant, now(), :case, :employer, :step, 50, '2026-01-01', :me)"
    )
    values = {"case": case.id, "employer": case.employer_id}
    with pytest.raises(ProgrammingError, match="row-level security"):
        run(staff, Door.OPEN, staff.case_manager, statement, step=14, **values)
    assert run(staff, Door.OPEN, staff.case_manager, statement, step=25, **values) == [1]


def test_a_request_is_not_shown_to_the_employer_and_only_a_case_keeper_writes_one(staff: Staff, case: CaseView) -> None:
    with pytest.raises((ProgrammingError, IntegrityError)) as refused:
        run(
            staff,
            Door.OPEN,
            staff.employer,
            "INSERT INTO cases.intervention_request (id, tenant_id, created_at, case_id, employer_id, offering_id,"
            " intervention, goal, requested_by, state) VALUES (gen_random_uuid(), :tenant, now(), :case, :employer,"
            " gen_random_uuid(), 'ADO', '', :me, 'pending')",
            case=case.id,
            employer=case.employer_id,
        )
    assert "row-level security" in str(refused.value)


def test_a_door_without_its_context_sees_no_case(staff: Staff, case: CaseView) -> None:
    with Session(staff.world.database.engine(Door.OPEN)) as session:
        session.execute(text("SELECT set_config('role', 'providerboog_open', true)"))
        assert session.execute(text("SELECT count(*) FROM cases.absence_case")).scalar_one() == 0
