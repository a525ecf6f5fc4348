"""The doctor whom an employer authorises is not also the physician of the same employee, by any road (R16)."""

from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from cases.authorised_doctors import DoctorView, NewDoctor, declare_own, end_doctor, list_doctors, name_doctor
from core.database import Door
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from medical.cases.assessments import judge_cause
from medical.referrals.issue import issue_referral, refer
from medical.referrals.states import Action
from medical.tables import ReferralState
from tests.medical.flaws import nothing
from tests.medical.stage import OPEN, Stage

NUMBER = "19065432101"
ISSUE = text(
    "UPDATE medical.referral SET state = 'issued', issued_by = :by, issued_on = current_date, version = version + 1,"
    " physician_account_id = :by WHERE id = :id"
)
JUDGE = text(
    "INSERT INTO medical.assessment (id, tenant_id, created_at, employer_id, employee_id, case_id, cause, medical,"
    " assessed_by) VALUES (gen_random_uuid(), :tenant, now(), :employer, :employee, :case, 'M01', true, :by)"
)


def name(stage: Stage, number: str = NUMBER) -> DoctorView:
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        return name_doctor(session, stage.case_manager, stage.case_id, NewDoctor(name="A. Bos", register_number=number))


def is_he(stage: Stage, physician: Actor) -> None:
    """Let it turn out that a physician is the doctor of that number."""
    with Session(stage.world.database.owner) as session:
        change = text("UPDATE identity.membership SET registration_number = :number WHERE id = :id")
        session.execute(change, {"number": NUMBER, "id": physician.membership_id})
        session.commit()


def test_he_neither_judges_nor_refers(stage: Stage) -> None:
    """R16."""
    draft = stage.draft(OPEN)
    name(stage)
    is_he(stage, stage.physician)
    with stage.acting(stage.physician) as session, pytest.raises(Forbidden, match="arts-gemachtigde"):
        judge_cause(session, stage.physician, stage.case_id, "M01", True)
    with stage.acting(stage.physician) as session, pytest.raises(Forbidden, match="arts-gemachtigde"):
        issue_referral(session, stage.physician, draft.id)
    with stage.acting(stage.physician) as session, pytest.raises(Forbidden, match="arts-gemachtigde"):
        refer(session, stage.physician, stage.form(OPEN, goal="Iets anders"))
    assert stage.row(draft.id).state is ReferralState.DRAFT


def test_he_does_not_get_past_the_database(stage: Stage) -> None:
    """R16."""
    draft = stage.draft(OPEN)
    name(stage)
    is_he(stage, stage.physician)
    by = stage.physician.account_id
    with pytest.raises(DBAPIError, match="is not also the physician"), stage.acting(stage.physician) as session:
        session.execute(ISSUE, {"by": by, "id": draft.id})
    facts = {"tenant": stage.world.tenant_id, "employer": stage.employer_id, "employee": stage.employee_id}
    with pytest.raises(DBAPIError, match="is not also the physician"), stage.acting(stage.physician) as session:
        session.execute(JUDGE, facts | {"case": stage.case_id, "by": by})


def test_nor_does_anybody_in_his_name(stage: Stage) -> None:
    """R16: a mandate of his is no way around it."""
    nothing(stage)
    draft = stage.draft(OPEN)
    name(stage)
    is_he(stage, stage.physician)
    with stage.acting(stage.delegate) as session, pytest.raises(Forbidden, match="arts-gemachtigde"):
        issue_referral(session, stage.delegate, draft.id)


def test_of_other_employees_he_may_and_once_it_has_ended(stage: Stage) -> None:
    """R16."""
    doctor = name(stage)
    is_he(stage, stage.physician)
    elsewhere = stage.elsewhere()
    elsewhere.consent()
    assert elsewhere.refer(stage.physician, OPEN).state is ReferralState.ISSUED
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        assert end_doctor(session, stage.case_manager, stage.case_id, doctor.id).ended_at is not None
        assert list_doctors(session, stage.case_manager, stage.case_id) == ()
    assert Action.WITHDRAW in stage.refer(stage.physician, OPEN).possible


def test_a_physician_of_the_arbodienst_is_not_named(stage: Stage) -> None:
    """R16."""
    is_he(stage, stage.physician)
    with pytest.raises(Invalid) as refused:
        name(stage)
    assert [error.field for error in refused.value.errors] == ["register_number"]
    row = {"tenant": stage.world.tenant_id, "employer": stage.employer_id, "employee": stage.employee_id}
    insert = text(
        "INSERT INTO cases.authorised_doctor (id, tenant_id, created_at, employer_id, employee_id, name,"
        " register_number, named_by)"
        " VALUES (gen_random_uuid(), :tenant, now(), :employer, :employee, 'B', :number, :by)"
    )
    with (
        pytest.raises(DBAPIError, match="not authorised by an employer"),
        stage.world.acting(Door.OPEN, stage.case_manager) as session,
    ):
        session.execute(insert, row | {"number": NUMBER, "by": stage.case_manager.account_id})


def test_naming_twice_is_one_and_ending_twice_is_refused(stage: Stage) -> None:
    doctor = name(stage)
    assert name(stage).id == doctor.id
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        end_doctor(session, stage.case_manager, stage.case_id, doctor.id)
    with stage.world.acting(Door.OPEN, stage.case_manager) as session, pytest.raises(Conflict):
        end_doctor(session, stage.case_manager, stage.case_id, doctor.id)


@pytest.mark.parametrize("who", ["physician", "delegate"])
def test_only_the_case_manager_names(stage: Stage, who: str) -> None:
    actor: Actor = getattr(stage, who)
    new = NewDoctor(name="A. Bos", register_number=NUMBER)
    with stage.world.acting(Door.OPEN, actor) as session, pytest.raises(Forbidden):
        name_doctor(session, actor, stage.case_id, new)


def test_not_for_a_case_of_others(stage: Stage) -> None:
    other: UUID = stage.elsewhere().case_id
    new = NewDoctor(name="A. Bos", register_number=NUMBER)
    with stage.world.acting(Door.OPEN, stage.case_manager) as session, pytest.raises(NotFound):
        name_doctor(session, stage.case_manager, other, new)


@pytest.mark.parametrize("number", ["1", "1906543210x", "190654321011"])
def test_a_number_that_is_none(number: str) -> None:
    with pytest.raises(ValidationError):
        NewDoctor(name="A. Bos", register_number=number)


def test_he_says_so_himself_and_leaves_the_case(stage: Stage) -> None:
    """R16: what nobody here wrote down, he is asked himself; once is enough."""
    is_he(stage, stage.physician)
    for _again in range(2):
        with stage.acting(stage.physician) as session:
            said = declare_own(session, stage.physician, stage.case_id)
    assert said.register_number == NUMBER
    with stage.acting(stage.physician) as session, pytest.raises(Forbidden, match="arts-gemachtigde"):
        judge_cause(session, stage.physician, stage.case_id, "M01", True)
    with stage.acting(stage.case_manager) as session:
        assert [each.id for each in list_doctors(session, stage.case_manager, stage.case_id)] == [said.id]
        end_doctor(session, stage.case_manager, stage.case_id, said.id)
    with stage.acting(stage.physician) as session:
        judge_cause(session, stage.physician, stage.case_id, "M01", True)


def test_he_says_so_of_nobody_else(stage: Stage) -> None:
    """R16."""
    with stage.acting(stage.case_manager) as session, pytest.raises(Forbidden):
        declare_own(session, stage.case_manager, stage.case_id)
    other = text(
        "INSERT INTO cases.authorised_doctor (id, tenant_id, created_at, employer_id, employee_id, name,"
        " register_number, named_by) VALUES (gen_random_uuid(), :tenant, now(), :employer, :employee, 'B. Vos',"
        " '19065432102', :by)"
    )
    facts = {"tenant": stage.world.tenant_id, "employer": stage.employer_id, "employee": stage.employee_id}
    with pytest.raises(DBAPIError, match="row-level security"), stage.acting(stage.physician) as session:
        session.execute(other, facts | {"by": stage.physician.account_id})
