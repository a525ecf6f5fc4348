"""Within a referral: a question and its answer, an interruption, and a result; and what each is not."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden, Invalid
from core.working_days import add_working_days
from identity.roles import Role
from medical.referrals.answer import accept_referral
from medical.referrals.complete import complete_referral, has_helped
from medical.referrals.expire import expire_referrals
from medical.referrals.forms import ResultForm
from medical.referrals.interrupt import resume_referral
from medical.referrals.list import worklist
from medical.referrals.read import read_referral
from medical.referrals.reasons import WithdrawReason
from medical.referrals.run import schedule_referral, withdraw_referral
from medical.referrals.states import Action
from medical.referrals.views import EmployeeReferral, ProviderReferral
from medical.tables import GoalReached, MessageKind, ReferralState, WorkResumed
from tests.medical.course import ANSWERED, ASKED, answer, ask, by_sql, care, interrupt, messages, waiting
from tests.medical.stage import CONF_NON_MEDICAL, OPEN, Stage


class TestAsking:
    @pytest.mark.parametrize("state", [ReferralState.ISSUED, ReferralState.ACCEPTED, ReferralState.RUNNING])
    def test_it_waits_for_whoever_referred_until_he_answers(self, stage: Stage, state: ReferralState) -> None:
        referral_id = stage.in_state(state)
        before = stage.row(referral_id).due_on
        done = ask(stage, referral_id)
        assert (done.state, done.owner, done.due_on) == (state, Role.PHYSICIAN, add_working_days(today(), 2))
        assert (waiting(stage, stage.physician), waiting(stage, stage.provider)) == ([referral_id], [])
        done = answer(stage, stage.physician, referral_id)
        assert (done.state, done.owner, done.due_on) == (state, Role.PROVIDER, before)
        assert (waiting(stage, stage.physician), waiting(stage, stage.provider)) == ([], [referral_id])
        for reader in (stage.physician, stage.provider, stage.employee):
            said = [(each.kind, each.words) for each in messages(stage, reader, referral_id)]
            assert said == [(MessageKind.QUESTION, ASKED.words), (MessageKind.ANSWER, ANSWERED.words)]

    def test_who_waits_for_an_answer_is_not_silent(self, stage: Stage) -> None:
        """R10."""
        referral_id = stage.issued(OPEN).id
        ask(stage, referral_id)
        with standing_at(now() + timedelta(days=30)), stage.acting(stage.system) as session:
            assert expire_referrals(session, stage.system) == 0
        with pytest.raises(DBAPIError, match="waits for an answer"):
            by_sql(stage, stage.system, referral_id, "state = 'expired'")

    def test_any_delegate_of_the_employer_answers_and_nobody_else(self, stage: Stage) -> None:
        """R17."""
        referral_id = stage.issued(OPEN).id
        ask(stage, referral_id)
        stranger = stage.elsewhere().delegate
        assert Action.ANSWER in care(stage, stage.delegate, referral_id).possible
        with pytest.raises(Exception, match="niet gevonden"):
            answer(stage, stranger, referral_id)
        with pytest.raises(Forbidden):
            answer(stage, stage.provider, referral_id)
        assert answer(stage, stage.delegate, referral_id).owner is Role.PROVIDER
        events = [each for each in stage.trail(referral_id) if each.tag == "medical:referral:answer"]
        assert [each.responsible_account_id for each in events] == [stage.physician.account_id]

    def test_one_question_at_a_time_and_one_answer(self, stage: Stage) -> None:
        referral_id = stage.issued(OPEN).id
        with pytest.raises(Conflict):
            answer(stage, stage.physician, referral_id)
        ask(stage, referral_id)
        with pytest.raises(Conflict):
            ask(stage, referral_id)
        answer(stage, stage.physician, referral_id)
        with pytest.raises(Conflict):
            answer(stage, stage.physician, referral_id)
        ask(stage, referral_id)

    def test_a_provider_may_go_on_while_he_waits(self, stage: Stage) -> None:
        referral_id = stage.issued(OPEN).id
        due = ask(stage, referral_id).due_on
        with stage.acting(stage.provider) as session:
            done = accept_referral(session, stage.provider, referral_id)
        assert (done.state, done.owner, done.due_on) == (ReferralState.ACCEPTED, Role.PHYSICIAN, due)
        assert answer(stage, stage.physician, referral_id).due_on == add_working_days(today(), 5)

    def test_the_provider_reads_nothing_of_it_once_his_part_is_over(self, stage: Stage) -> None:
        """R20."""
        referral_id = stage.issued(CONF_NON_MEDICAL).id
        ask(stage, referral_id)
        with stage.acting(stage.physician) as session:
            withdraw_referral(session, stage.physician, referral_id, WithdrawReason.MISTAKE)
        assert messages(stage, stage.provider, referral_id) == ()
        assert stage.row(referral_id).asked_on is None

    def test_nothing_is_asked_once_the_employee_no_longer_consents(self, stage: Stage) -> None:
        """R24."""
        consent_id = stage.consent()
        referral_id = stage.refer(stage.physician, CONF_NON_MEDICAL).id
        stage.withdraw(consent_id)
        with pytest.raises(Conflict, match="toestemming ingetrokken"):
            ask(stage, referral_id)

    @pytest.mark.parametrize(
        ("name", "change", "says"),
        [
            ("provider", "asked_on = current_date", "without words"),
            ("provider", "due_on = due_on + 30", "changes by what is done to it"),
            ("provider", "scheduled_for = current_date", "changes by what is done to it"),
            ("provider", "state = 'accepted', asked_on = current_date", "stays open until it is answered"),
            ("physician", "due_on = due_on + 30", "changes by what is done to it"),
            ("physician", "goal = 'x'", "does not exist"),
            ("delegate", "asked_on = current_date", "changes by what is done to it"),
        ],
    )
    def test_raw_sql_gets_no_further(self, stage: Stage, name: str, change: str, says: str) -> None:
        referral_id = stage.issued(OPEN).id
        with pytest.raises(DBAPIError, match=says):
            by_sql(stage, getattr(stage, name), referral_id, change)

    @pytest.mark.parametrize("name", ["provider", "physician"])
    def test_nobody_lets_a_question_disappear(self, stage: Stage, name: str) -> None:
        referral_id = stage.issued(OPEN).id
        ask(stage, referral_id)
        with pytest.raises(DBAPIError, match=r"without words|changes by what is done to it"):
            by_sql(stage, getattr(stage, name), referral_id, "asked_on = NULL")


class TestInterruption:
    @pytest.mark.parametrize("name", ["provider", "physician"])
    def test_it_stands_still_until_a_day_and_goes_on(self, stage: Stage, name: str) -> None:
        referral_id = stage.in_state(ReferralState.RUNNING)
        actor, until = getattr(stage, name), today() + timedelta(days=21)
        done = interrupt(stage, actor, referral_id, until)
        assert (done.state, done.owner) == (ReferralState.INTERRUPTED, Role.PROVIDER)
        assert done.due_on == add_working_days(until, 1)
        assert care(stage, stage.physician, referral_id).events[-1].reason == "employee_ill"
        row = stage.row(referral_id)
        assert (row.started_on, row.access_until) == (today(), None)
        with stage.acting(actor) as session:
            done = resume_referral(session, actor, referral_id)
        assert (done.state, done.due_on) == (ReferralState.RUNNING, add_working_days(today(), 30))
        assert stage.row(referral_id).interrupted_until is None

    def test_it_is_not_a_withdrawal(self, stage: Stage) -> None:
        """R12."""
        referral_id = stage.in_state(ReferralState.RUNNING)
        interrupt(stage, stage.provider, referral_id)
        with stage.acting(stage.provider) as session:
            found = read_referral(session, stage.provider, referral_id)
        assert isinstance(found, ProviderReferral)
        assert found.goal is not None
        with stage.acting(stage.physician) as session:
            done = withdraw_referral(session, stage.physician, referral_id, WithdrawReason.RECOVERED)
        assert done.state is ReferralState.WITHDRAWN

    @pytest.mark.parametrize("days", [0, -1, 184])
    def test_a_day_that_is_past_or_too_far_is_refused(self, stage: Stage, days: int) -> None:
        referral_id = stage.in_state(ReferralState.RUNNING)
        with pytest.raises(Invalid) as refused:
            interrupt(stage, stage.provider, referral_id, today() + timedelta(days=days))
        assert [error.field for error in refused.value.errors] == ["until"]
        assert stage.row(referral_id).state is ReferralState.RUNNING

    def test_what_has_not_begun_is_not_interrupted(self, stage: Stage) -> None:
        with pytest.raises(Conflict):
            interrupt(stage, stage.provider, stage.in_state(ReferralState.SCHEDULED))

    def test_past_its_day_it_climbs_to_the_physician(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.RUNNING)
        interrupt(stage, stage.provider, referral_id, today() + timedelta(days=7))
        assert waiting(stage, stage.physician) == []
        with standing_at(now() + timedelta(days=14)), stage.acting(stage.physician) as session:
            (task,) = worklist(session, stage.physician).items
        assert (task.line.id, task.late_owner) == (referral_id, Role.PROVIDER)

    def test_raw_sql_does_not_interrupt_without_a_day(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.RUNNING)
        with pytest.raises(DBAPIError, match="has its day"):
            by_sql(stage, stage.provider, referral_id, "state = 'interrupted'")


class TestResult:
    def test_closed_and_helped_are_told_apart(self, stage: Stage) -> None:
        """R75."""
        referral_id = stage.in_state(ReferralState.REPORTED)
        nothing_came_of_it = ResultForm(goal_reached=GoalReached.PARTLY, work_resumed=WorkResumed.NOT_RESUMED)
        with stage.acting(stage.physician) as session:
            complete_referral(session, stage.physician, referral_id, nothing_came_of_it)
        found = care(stage, stage.physician, referral_id)
        assert found.header.line.state is ReferralState.COMPLETED
        assert found.result is not None
        assert (found.result.helped, found.result.hours_per_week) == (False, None)
        with stage.acting(stage.employee) as session:
            mine = read_referral(session, stage.employee, referral_id)
        assert isinstance(mine, EmployeeReferral)
        assert mine.result == found.result

    @pytest.mark.parametrize(
        ("goal", "work", "helped"),
        [
            (GoalReached.REACHED, WorkResumed.NOT_RESUMED, True),
            (GoalReached.PARTLY, WorkResumed.PARTLY, True),
            (GoalReached.PARTLY, WorkResumed.NOT_RESUMED, False),
            (GoalReached.NOT_REACHED, WorkResumed.FULLY, False),
        ],
    )
    def test_what_helping_is(self, goal: GoalReached, work: WorkResumed, helped: bool) -> None:
        """R75."""
        assert has_helped(goal, work) is helped

    @pytest.mark.parametrize(("work", "hours"), [(WorkResumed.PARTLY, None), (WorkResumed.NOT_RESUMED, 8)])
    def test_hours_that_contradict_the_work_are_refused(
        self, stage: Stage, work: WorkResumed, hours: int | None
    ) -> None:
        referral_id = stage.in_state(ReferralState.REPORTED)
        form = ResultForm(goal_reached=GoalReached.REACHED, work_resumed=work, hours_per_week=hours)
        with stage.acting(stage.physician) as session, pytest.raises(Invalid) as refused:
            complete_referral(session, stage.physician, referral_id, form)
        assert [error.field for error in refused.value.errors] == ["hours_per_week"]

    def test_raw_sql_completes_nothing_without_one(self, stage: Stage) -> None:
        """R75."""
        referral_id = stage.in_state(ReferralState.REPORTED)
        with pytest.raises(DBAPIError, match="without its result"):
            by_sql(stage, stage.physician, referral_id, "state = 'completed'")

    def test_raw_sql_reports_nothing_without_a_report(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.RUNNING)
        with pytest.raises(DBAPIError, match="no report without its text"):
            by_sql(stage, stage.provider, referral_id, "state = 'reported'")

    def test_there_is_none_before_the_report(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.RUNNING)
        row = stage.row(referral_id)
        statement = text(
            "INSERT INTO medical.referral_result (id, tenant_id, created_at, employer_id, employee_id, case_id,"
            " referral_id, provider_id, goal_reached, work_resumed, judged_by) VALUES (gen_random_uuid(), :tenant_id,"
            " now(), :employer_id, :employee_id, :case_id, :id, :provider_id, 'reached', 'fully', :me)"
        )
        with pytest.raises(DBAPIError, match="a result follows a report"), stage.acting(stage.physician) as session:
            session.execute(statement, row.model_dump() | {"me": stage.physician.account_id})

    def test_a_start_past_its_term_is_marked(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.SCHEDULED)
        row = stage.row(referral_id)
        assert row.start_by == add_working_days(today(), 5)
        assert care(stage, stage.physician, referral_id).header.line.starts_late is False
        with stage.acting(stage.provider) as session:
            schedule_referral(session, stage.provider, referral_id, today() + timedelta(days=20))
        assert care(stage, stage.physician, referral_id).header.line.starts_late is True
