"""Only a physician judges the cause, there is no default, and what was judged stays (R3)."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cases.cases_recovery import record_recovery
from core.clock import standing_at, today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.cases.assessments import assessment_history, current_assessment, judge_cause
from medical.tables import Assessment
from tests.medical.stage import Stage


def test_nothing_is_judged_at_first(stage: Stage) -> None:
    """R3."""
    with stage.acting(stage.physician) as session:
        assert current_assessment(session, stage.physician, stage.case_id) is None


def test_the_latest_judgement_is_in_force_and_earlier_ones_stay(stage: Stage) -> None:
    """R3."""
    stage.judge(medical=True, cause="M01")
    stage.judge(medical=False, cause="W02")
    with stage.acting(stage.physician) as session:
        history = assessment_history(session, stage.physician, stage.case_id)
    assert [(each.cause, each.medical) for each in history] == [("W02", False), ("M01", True)]
    assert history[0].assessed_by == "Test physician"
    assert history[0].cause_label == "Werkdruk / te hoge taakeisen"


def test_the_latest_is_known_even_when_time_stands_still(stage: Stage) -> None:
    with standing_at(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)):
        for cause in ("M01", "M02", "M03", "W01"):
            stage.judge(medical=True, cause=cause)
    with stage.acting(stage.physician) as session:
        history = assessment_history(session, stage.physician, stage.case_id)
    assert [each.cause for each in history] == ["W01", "M03", "M02", "M01"]


def test_the_same_judgement_again_adds_nothing(stage: Stage) -> None:
    stage.judge(medical=True)
    stage.judge(medical=True)
    with stage.acting(stage.physician) as session:
        assert len(assessment_history(session, stage.physician, stage.case_id)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PHYSICIAN])
def test_nobody_else_judges(stage: Stage, role: Role) -> None:
    """R3."""
    somebody = {Role.DELEGATE: stage.delegate, Role.PROVIDER: stage.provider}.get(role) or Actor(
        role, stage.world.tenant_id, stage.employer_id, stage.physician.account_id
    )
    with stage.acting(somebody) as session, pytest.raises((Forbidden, NotFound)):
        judge_cause(session, somebody, stage.case_id, "M01", False)


def test_an_unknown_cause_and_an_unknown_case_are_refused(stage: Stage) -> None:
    with stage.acting(stage.physician) as session, pytest.raises(Invalid) as refused:
        judge_cause(session, stage.physician, stage.case_id, "ZZ9", True)
    assert [error.field for error in refused.value.errors] == ["cause"]
    with stage.acting(stage.physician) as session, pytest.raises(NotFound):
        judge_cause(session, stage.physician, stage.employer_id, "M01", True)


def test_a_closed_case_is_not_judged_any_more(stage: Stage) -> None:
    with stage.acting(stage.physician) as session:
        record_recovery(session, stage.physician, stage.case_id, today())
    with stage.acting(stage.physician) as session, pytest.raises(Conflict):
        judge_cause(session, stage.physician, stage.case_id, "M01", True)


def test_judging_and_reading_are_recorded_with_the_employee_concerned(stage: Stage) -> None:
    """R68."""
    stage.judge(medical=True)
    with stage.acting(stage.physician) as session:
        current_assessment(session, stage.physician, stage.case_id)
    events = stage.trail(stage.case_id)
    assert [event.tag for event in events] == ["medical:assessment:judge", "medical:assessment:read"]
    assert {event.data_subject_id for event in events} == {stage.employee_id}


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.SECRETARY, Role.PROVIDER, Role.EMPLOYEE])
def test_raw_sql_of_others_does_not_judge(stage: Stage, role: Role) -> None:
    """R3."""
    somebody = {
        Role.DELEGATE: stage.delegate,
        Role.SECRETARY: stage.secretary,
        Role.PROVIDER: stage.provider,
        Role.EMPLOYEE: stage.employee,
    }[role]
    with (
        pytest.raises(DBAPIError, match=r"only a physician judges|row-level security"),
        stage.acting(somebody) as session,
    ):
        session.add(judgement(stage, somebody))


def test_raw_sql_does_not_judge_in_the_name_of_another(stage: Stage) -> None:
    """R3."""
    other = stage.world.actor(Role.PHYSICIAN)
    with pytest.raises(DBAPIError, match="only a physician judges"), stage.acting(stage.physician) as session:
        session.add(judgement(stage, other))


def test_raw_sql_does_not_judge_without_a_valid_registration(stage: Stage) -> None:
    stage.end_registration(stage.physician)
    with pytest.raises(DBAPIError, match="only a physician judges"), stage.acting(stage.physician) as session:
        session.add(judgement(stage, stage.physician))


@pytest.mark.parametrize(
    "statement", ["UPDATE medical.assessment SET medical = false", "DELETE FROM medical.assessment"]
)
def test_raw_sql_does_not_change_a_judgement(stage: Stage, statement: str) -> None:
    stage.judge(medical=True)
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"), stage.acting(stage.physician) as session:
        session.execute(text(statement))


def judgement(stage: Stage, judge: Actor) -> Assessment:
    return Assessment(
        tenant_id=stage.world.tenant_id,
        employer_id=stage.employer_id,
        employee_id=stage.employee_id,
        case_id=stage.case_id,
        cause="M01",
        medical=False,
        assessed_by=judge.account,
    )
