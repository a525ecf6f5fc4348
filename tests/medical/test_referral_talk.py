"""Within a referral: a draft that goes back, a question and its answer, an interruption; and what each is not."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden, Invalid
from core.working_days import add_working_days
from identity.actor import Actor
from identity.roles import Role
from medical.referral_forms import Asked, InterruptForm, ResultForm, ReturnForm, WordsForm
from medical.referral_messages import MessageView
from medical.referral_moves import Outcome
from medical.referral_reasons import InterruptReason, ReturnReason, WithdrawReason
from medical.referral_states import Action
from medical.referral_views import CareReferral, EmployeeReferral, ProviderReferral
from medical.referrals_answer import accept_referral
from medical.referrals_ask import answer_question, ask_information
from medical.referrals_complete import complete_referral, has_helped
from medical.referrals_draft import revise_draft
from medical.referrals_expire import expire_referrals
from medical.referrals_interrupt import interrupt_referral, resume_referral
from medical.referrals_issue import issue_referral
from medical.referrals_list import worklist
from medical.referrals_read import read_referral
from medical.referrals_return import return_draft
from medical.referrals_run import schedule_referral, withdraw_referral
from medical.tables import GoalReached, MessageKind, ReferralState, WorkResumed
from tests.medical.flaws import nothing
from tests.medical.stage import CONF_NON_MEDICAL, MEDICAL, OPEN, Stage

BACK = ReturnForm(reason=ReturnReason.UNCLEAR, words="Schrijf het doel in uren per dag.")
ASKED = WordsForm(words="Mag de werknemer tillen?")
ANSWERED = WordsForm(words="Tot tien kilo.")


def asked(goal: str = "Zes uur per dag", units: int = 4) -> Asked:
    return Asked(goal=goal, question="Wat is er nodig?", units=units, expected_days_saved=10)


def send_back(stage: Stage, referral_id: UUID, version: int | None = None) -> Outcome:
    with stage.acting(stage.physician) as session:
        return return_draft(session, stage.physician, referral_id, BACK, version)


def revise(stage: Stage, referral_id: UUID, change: Asked) -> Outcome:
    with stage.acting(stage.delegate) as session:
        return revise_draft(session, stage.delegate, referral_id, change)


def ask(stage: Stage, referral_id: UUID) -> Outcome:
    with stage.acting(stage.provider) as session:
        return ask_information(session, stage.provider, referral_id, ASKED)


def answer(stage: Stage, actor: Actor, referral_id: UUID) -> Outcome:
    with stage.acting(actor) as session:
        return answer_question(session, actor, referral_id, ANSWERED)


def interrupt(stage: Stage, actor: Actor, referral_id: UUID, until: date | None = None) -> Outcome:
    form = InterruptForm(reason=InterruptReason.EMPLOYEE_ILL, until=until or today() + timedelta(days=21))
    with stage.acting(actor) as session:
        return interrupt_referral(session, actor, referral_id, form)


def care(stage: Stage, actor: Actor, referral_id: UUID) -> CareReferral:
    with stage.acting(actor) as session:
        found = read_referral(session, actor, referral_id)
    assert isinstance(found, CareReferral)
    return found


def messages(stage: Stage, actor: Actor, referral_id: UUID) -> tuple[MessageView, ...]:
    with stage.acting(actor) as session:
        found = read_referral(session, actor, referral_id)
    assert isinstance(found, CareReferral | ProviderReferral | EmployeeReferral)
    return found.messages


def waiting(stage: Stage, actor: Actor) -> list[UUID]:
    with stage.acting(actor) as session:
        return [task.line.id for task in worklist(session, actor).items]


def by_sql(stage: Stage, actor: Actor, referral_id: UUID, change: str) -> int:
    statement = text(f"UPDATE medical.referral SET version = version + 1, {change} WHERE id = :id")
    with stage.acting(actor) as session:
        return int(getattr(session.execute(statement, {"id": referral_id}), "rowcount", -1))


class TestReturning:
    def test_it_comes_back_to_who_prepared_it_with_reason_and_words(self, stage: Stage) -> None:
        """R6, R8."""
        draft = stage.draft(MEDICAL)
        assert waiting(stage, stage.delegate) == []
        done = send_back(stage, draft.id, draft.version)
        assert (done.state, done.owner) == (ReferralState.RETURNED, Role.DELEGATE)
        assert done.due_on == add_working_days(today(), 2)
        assert (waiting(stage, stage.delegate), waiting(stage, stage.physician)) == ([draft.id], [])
        found = care(stage, stage.delegate, draft.id)
        assert [(each.kind, each.words, each.name) for each in found.messages] == [
            (MessageKind.RETURN, BACK.words, "Test physician")
        ]
        assert found.events[-1].reason == "unclear"
        (event,) = [each for each in stage.trail(draft.id) if each.tag == "medical:referral:return"]
        assert event.responsible_account_id == stage.physician.account_id

    def test_past_its_term_it_climbs_to_the_physician(self, stage: Stage) -> None:
        draft = stage.draft(MEDICAL)
        send_back(stage, draft.id)
        with standing_at(now() + timedelta(days=7)), stage.acting(stage.physician) as session:
            (task,) = worklist(session, stage.physician).items
        assert (task.line.id, task.late_owner) == (draft.id, Role.DELEGATE)

    def test_once_changed_it_waits_for_the_physician_again(self, stage: Stage) -> None:
        draft = stage.draft(MEDICAL)
        send_back(stage, draft.id)
        done = revise(stage, draft.id, asked())
        assert (done.state, done.owner) == (ReferralState.DRAFT, Role.PHYSICIAN)
        assert (waiting(stage, stage.delegate), waiting(stage, stage.physician)) == ([], [draft.id])

    def test_a_mandate_does_not_help_past_the_physician(self, stage: Stage) -> None:
        """R1, R8."""
        mandate_id = nothing(stage)
        draft = stage.draft(OPEN)
        send_back(stage, draft.id)
        revise(stage, draft.id, asked())
        assert waiting(stage, stage.delegate) == []
        assert Action.ISSUE not in care(stage, stage.delegate, draft.id).possible
        with stage.acting(stage.delegate) as session, pytest.raises(Forbidden, match="stuurde dit concept terug"):
            issue_referral(session, stage.delegate, draft.id)
        change = (
            f"state = 'issued', issued_by = '{stage.delegate.account_id}', issued_on = current_date,"
            f" physician_account_id = '{stage.physician.account_id}', mandate_id = '{mandate_id}'"
        )
        with pytest.raises(DBAPIError, match="only a physician issues"):
            by_sql(stage, stage.delegate, draft.id, change)
        with stage.acting(stage.physician) as session:
            assert issue_referral(session, stage.physician, draft.id).state is ReferralState.ISSUED

    def test_only_a_physician_sends_back_and_not_without_words(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        with stage.acting(stage.delegate) as session, pytest.raises(Forbidden):
            return_draft(session, stage.delegate, draft.id, BACK)
        with pytest.raises(DBAPIError, match="with the reason in words"):
            by_sql(stage, stage.physician, draft.id, "state = 'returned'")
        with pytest.raises(DBAPIError, match="does not go from draft to returned"):
            by_sql(stage, stage.delegate, draft.id, "state = 'returned'")

    def test_it_is_neither_signed_nor_sent_back_twice(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        send_back(stage, draft.id)
        with pytest.raises(Conflict, match=r"teruggestuurd \(door de bedrijfsarts") as refused:
            send_back(stage, draft.id)
        assert set(refused.value.possible) == {Action.REVISE, Action.WITHDRAW}
        with stage.acting(stage.physician) as session, pytest.raises(Conflict):
            issue_referral(session, stage.physician, draft.id)

    def test_neither_provider_nor_employee_reads_why(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        send_back(stage, draft.id)
        revise(stage, draft.id, asked())
        stage.consent()
        with stage.acting(stage.physician) as session:
            issue_referral(session, stage.physician, draft.id)
        assert messages(stage, stage.provider, draft.id) == messages(stage, stage.employee, draft.id) == ()
        assert len(messages(stage, stage.delegate, draft.id)) == 1


class TestVersions:
    def test_the_physician_sees_what_changed_since_he_last_looked(self, stage: Stage) -> None:
        draft = stage.draft(MEDICAL)
        assert care(stage, stage.physician, draft.id).unseen is None
        revise(stage, draft.id, asked("Vijf uur per dag", 8))
        revise(stage, draft.id, asked("Zes uur per dag", 4))
        for _look in range(2):
            unseen = care(stage, stage.physician, draft.id).unseen
            assert unseen is not None
            changes = {change.field: (change.before, change.after) for change in unseen.changes}
            assert set(changes) == {"goal", "question", "units", "expected_days_saved"}
            assert changes["goal"] == ("Weer acht uur per dag kunnen werken", "Zes uur per dag")
            assert changes["units"] == (8, 4)
        revise(stage, draft.id, asked("Zes uur per dag", 5))
        unseen = care(stage, stage.physician, draft.id).unseen
        assert unseen is not None
        assert [(change.field, change.before, change.after) for change in unseen.changes] == [("units", 4, 5)]

    def test_what_another_physician_saw_is_not_what_he_saw(self, stage: Stage) -> None:
        draft = stage.draft(MEDICAL)
        care(stage, stage.physician, draft.id)
        revise(stage, draft.id, asked())
        assert care(stage, stage.world.actor(Role.PHYSICIAN), draft.id).unseen is None
        assert care(stage, stage.delegate, draft.id).unseen is None

    def test_every_version_stays_with_who_wrote_it(self, stage: Stage) -> None:
        draft = stage.draft(MEDICAL)
        revise(stage, draft.id, asked())
        found = care(stage, stage.delegate, draft.id).versions
        assert [(each.version, each.name, len(each.changes)) for each in found] == [
            (1, "Test delegate", 0),
            (2, "Test delegate", 4),
        ]
        for statement in ("UPDATE medical.content_version SET goal = 'Anders'", "DELETE FROM medical.content_version"):
            with pytest.raises(DBAPIError, match="permission denied"), stage.acting(stage.delegate) as session:
                session.execute(text(statement))

    def test_a_draft_that_changed_meanwhile_is_not_signed(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        revise(stage, draft.id, asked())
        with stage.acting(stage.physician) as session, pytest.raises(Conflict, match="Iemand was u voor") as refused:
            issue_referral(session, stage.physician, draft.id, draft.version)
        assert refused.value.code == "overtaken"


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
