"""The course of a referral: answered, planned, begun, withdrawn, redirected, expired; each in its turn only."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.working_days import add_working_days
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.complete import complete_referral
from medical.referrals.expire import expire_referrals
from medical.referrals.issue import issue_referral
from medical.referrals.moves import Outcome
from medical.referrals.read import read_referral
from medical.referrals.reasons import DeclineReason, WithdrawReason
from medical.referrals.redirect import redirect_referral
from medical.referrals.reports import report_on_referral
from medical.referrals.run import schedule_referral, start_referral, withdraw_referral
from medical.referrals.states import Action
from medical.referrals.views import CareReferral
from medical.tables import ReferralState
from tests.medical.flaws import nothing
from tests.medical.stage import MEDICAL, OPEN, Stage, report_form, result_form
from tests.network.offers import add_offering, add_provider

Act = Callable[[Session, Actor, UUID], Outcome]

ACTS: dict[Action, Act] = {
    Action.ISSUE: issue_referral,
    Action.ACCEPT: accept_referral,
    Action.DECLINE: lambda s, a, r: decline_referral(s, a, r, DeclineReason.NO_CAPACITY),
    Action.SCHEDULE: lambda s, a, r: schedule_referral(s, a, r, today()),
    Action.START: start_referral,
    Action.REPORT: lambda s, a, r: report_on_referral(s, a, r, report_form()),
    Action.COMPLETE: lambda s, a, r: complete_referral(s, a, r, result_form()),
    Action.WITHDRAW: lambda s, a, r: withdraw_referral(s, a, r, WithdrawReason.NOT_NEEDED),
    Action.REDIRECT: lambda s, a, r: redirect_referral(s, a, r, uuid4()),
}
OF_PROVIDER = {Action.ACCEPT, Action.DECLINE, Action.SCHEDULE, Action.START, Action.REPORT}


def do(stage: Stage, actor: Actor, action: Action, referral_id: UUID) -> Outcome:
    with stage.acting(actor) as session:
        return ACTS[action](session, actor, referral_id)


class TestTurns:
    @pytest.mark.parametrize(
        ("state", "action", "possible"),
        [
            (ReferralState.ISSUED, Action.START, {Action.ACCEPT, Action.DECLINE, Action.ASK}),
            (ReferralState.ISSUED, Action.REPORT, {Action.ACCEPT, Action.DECLINE, Action.ASK}),
            (ReferralState.ACCEPTED, Action.ACCEPT, {Action.SCHEDULE, Action.ASK}),
            (ReferralState.ACCEPTED, Action.DECLINE, {Action.SCHEDULE, Action.ASK}),
            (ReferralState.ACCEPTED, Action.START, {Action.SCHEDULE, Action.ASK}),
            (ReferralState.RUNNING, Action.SCHEDULE, {Action.REPORT, Action.INTERRUPT, Action.ASK}),
            (ReferralState.REPORTED, Action.REPORT, set()),
            (ReferralState.COMPLETED, Action.START, set()),
        ],
    )
    def test_a_provider_out_of_turn_is_told_what_he_can_do(
        self, stage: Stage, state: ReferralState, action: Action, possible: set[Action]
    ) -> None:
        referral_id = stage.in_state(state)
        with pytest.raises(Conflict, match="Dit kan nu niet") as refused:
            do(stage, stage.provider, action, referral_id)
        assert set(refused.value.possible) == possible
        assert stage.row(referral_id).state is state

    @pytest.mark.parametrize(
        ("state", "action"),
        [
            (ReferralState.ISSUED, Action.ISSUE),
            (ReferralState.ISSUED, Action.COMPLETE),
            (ReferralState.RUNNING, Action.COMPLETE),
            (ReferralState.RUNNING, Action.REDIRECT),
            (ReferralState.REPORTED, Action.WITHDRAW),
            (ReferralState.COMPLETED, Action.WITHDRAW),
        ],
    )
    def test_a_physician_out_of_turn_is_refused_too(self, stage: Stage, state: ReferralState, action: Action) -> None:
        referral_id = stage.in_state(state)
        with pytest.raises(Conflict):
            do(stage, stage.physician, action, referral_id)

    @pytest.mark.parametrize("action", sorted(ACTS))
    def test_each_does_his_own_acts_only(self, stage: Stage, action: Action) -> None:
        referral_id = stage.in_state(ReferralState.ISSUED)
        wrong = stage.physician if action in OF_PROVIDER else stage.provider
        with pytest.raises(Forbidden):
            do(stage, wrong, action, referral_id)

    @pytest.mark.parametrize("action", sorted(ACTS))
    @pytest.mark.parametrize("name", ["secretary", "employee"])
    def test_onlookers_do_nothing(self, stage: Stage, action: Action, name: str) -> None:
        """R4."""
        referral_id = stage.in_state(ReferralState.ISSUED)
        with pytest.raises(Forbidden):
            do(stage, getattr(stage, name), action, referral_id)

    @pytest.mark.parametrize("action", sorted(OF_PROVIDER))
    def test_another_provider_does_not_find_it(self, stage: Stage, action: Action) -> None:
        """R20."""
        referral_id = stage.in_state(ReferralState.ISSUED)
        stranger = stage.world.actor(Role.PROVIDER, add_provider(stage.world, "Een ander"))
        with pytest.raises(NotFound):
            do(stage, stranger, action, referral_id)

    def test_an_unknown_one_is_not_there(self, stage: Stage) -> None:
        with pytest.raises(NotFound):
            do(stage, stage.provider, Action.ACCEPT, uuid4())

    def test_the_refusal_says_what_happened(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.ACCEPTED)
        with pytest.raises(Conflict, match=r"aangenomen \(door de provider, op \d\d-\d\d-\d{4} om \d\d:\d\d\)"):
            do(stage, stage.provider, Action.ACCEPT, referral_id)

    def test_an_act_on_an_older_version_is_refused(self, stage: Stage) -> None:
        done = stage.issued(OPEN)
        with stage.acting(stage.provider) as session:
            accept_referral(session, stage.provider, done.id, done.version)
        with stage.acting(stage.physician) as session, pytest.raises(Conflict, match="Iemand was u voor") as refused:
            withdraw_referral(session, stage.physician, done.id, WithdrawReason.MISTAKE, done.version)
        assert refused.value.code == "overtaken"
        assert set(refused.value.possible) == {Action.REDIRECT, Action.WITHDRAW}


class TestPlanning:
    def test_the_term_is_the_day_after_the_appointment(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.ACCEPTED)
        for days in (9, 16):  # planned, and planned anew
            day = today() + timedelta(days=days)
            with stage.acting(stage.provider) as session:
                done = schedule_referral(session, stage.provider, referral_id, day)
            assert (done.state, done.due_on) == (ReferralState.SCHEDULED, add_working_days(day, 1))
        assert stage.row(referral_id).scheduled_for == today() + timedelta(days=16)

    def test_a_day_before_the_referral_is_refused(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.ACCEPTED)
        with stage.acting(stage.provider) as session, pytest.raises(Invalid) as refused:
            schedule_referral(session, stage.provider, referral_id, today() - timedelta(days=1))
        assert [error.field for error in refused.value.errors] == ["date"]

    def test_the_start_is_written_down(self, stage: Stage) -> None:
        row = stage.row(stage.in_state(ReferralState.RUNNING))
        assert (row.started_on, row.due_on) == (today(), add_working_days(today(), 30))


class TestWithdrawal:
    @pytest.mark.parametrize(
        "state", [ReferralState.ISSUED, ReferralState.ACCEPTED, ReferralState.SCHEDULED, ReferralState.RUNNING]
    )
    def test_a_physician_takes_back_what_runs(self, stage: Stage, state: ReferralState) -> None:
        referral_id = stage.in_state(state)
        assert do(stage, stage.physician, Action.WITHDRAW, referral_id).state is ReferralState.WITHDRAWN
        row = stage.row(referral_id)
        assert (row.due_on, row.access_until) == (None, today() + timedelta(days=30))
        with stage.acting(stage.physician) as session:
            found = read_referral(session, stage.physician, referral_id)
        assert isinstance(found, CareReferral)
        assert found.events[-1].reason == "not_needed"

    def test_that_the_employer_does_not_follow_the_advice_is_kept_with_its_day(self, stage: Stage) -> None:
        """R12."""
        referral_id = stage.in_state(ReferralState.ACCEPTED, OPEN)
        with stage.acting(stage.physician) as session:
            withdraw_referral(session, stage.physician, referral_id, WithdrawReason.EMPLOYER_DECLINES)
            found = read_referral(session, stage.physician, referral_id)
        assert isinstance(found, CareReferral)
        last = found.events[-1]
        assert (last.action, last.reason) == (Action.WITHDRAW, "employer_declines")
        assert now() - last.at < timedelta(minutes=1)

    def test_a_delegate_does_not_take_back_what_the_physician_sent(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.ISSUED)
        with pytest.raises(Forbidden, match="niet door u verstuurd"):
            do(stage, stage.delegate, Action.WITHDRAW, referral_id)
        with pytest.raises(DBAPIError, match="issued himself"), stage.acting(stage.delegate) as session:
            session.execute(
                text("UPDATE medical.referral SET state = 'withdrawn', version = version + 1 WHERE id = :id"),
                {"id": referral_id},
            )

    def test_a_delegate_takes_back_what_he_sent_and_what_he_drafted(self, stage: Stage) -> None:
        nothing(stage)
        draft = stage.draft(OPEN)
        do(stage, stage.delegate, Action.ISSUE, draft.id)
        other = stage.draft(OPEN, goal="Nog een")
        for referral_id in (draft.id, other.id):
            assert do(stage, stage.delegate, Action.WITHDRAW, referral_id).state is ReferralState.WITHDRAWN


class TestRedirection:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (ReferralState.ISSUED, ReferralState.WITHDRAWN),
            (ReferralState.ACCEPTED, ReferralState.WITHDRAWN),
            (ReferralState.DECLINED, ReferralState.DECLINED),
            (ReferralState.EXPIRED, ReferralState.EXPIRED),
        ],
    )
    def test_what_was_asked_goes_to_another_and_history_stays(
        self, stage: Stage, before: ReferralState, after: ReferralState
    ) -> None:
        """R11."""
        stage.judge(medical=True)
        old_id = bring_to(stage, before)
        other = add_offering(stage.world, add_provider(stage.world, "Een ander"), intervention=MEDICAL)
        with stage.acting(stage.physician) as session:
            done = redirect_referral(session, stage.physician, old_id, other, units=5)
        assert done.replaced_by is not None
        old, new = stage.row(old_id), stage.row(done.replaced_by)
        assert (old.state, old.due_on) == (after, None)
        assert (new.state, new.replaces_id, new.units) == (ReferralState.ISSUED, old_id, 5)
        with stage.acting(stage.physician) as session:
            before_view = read_referral(session, stage.physician, old_id)
            after_view = read_referral(session, stage.physician, new.id)
        assert isinstance(before_view, CareReferral)
        assert isinstance(after_view, CareReferral)
        assert before_view.replaced_by == new.id
        assert before_view.events[-1].action is Action.REDIRECT
        assert before_view.possible == ()
        assert (after_view.goal, after_view.cause) == (before_view.goal, before_view.cause)

    def test_it_is_done_once(self, stage: Stage) -> None:
        old_id = bring_to(stage, ReferralState.DECLINED)
        other = add_offering(stage.world, add_provider(stage.world, "Een ander"), intervention=MEDICAL)
        with stage.acting(stage.physician) as session:
            redirect_referral(session, stage.physician, old_id, other)
        with stage.acting(stage.physician) as session, pytest.raises(Conflict):
            redirect_referral(session, stage.physician, old_id, other)

    def test_when_the_new_one_cannot_be_issued_the_old_one_stays(self, stage: Stage) -> None:
        """R11."""
        done = stage.refer(stage.physician, OPEN)  # nobody consented to more
        with pytest.raises(Conflict), stage.acting(stage.physician) as session:
            redirect_referral(session, stage.physician, done.id, stage.offering(MEDICAL))
        assert stage.row(done.id).state is ReferralState.ISSUED

    def test_the_same_offering_is_no_redirection(self, stage: Stage) -> None:
        done = stage.issued(OPEN)
        with stage.acting(stage.physician) as session, pytest.raises(Invalid) as refused:
            redirect_referral(session, stage.physician, done.id, stage.offering(OPEN))
        assert [error.field for error in refused.value.errors] == ["offering_id"]


class TestExpiry:
    def test_unanswered_ones_expire_after_their_term_and_not_before(self, stage: Stage) -> None:
        """R10."""
        answered, unanswered = stage.in_state(ReferralState.ACCEPTED), stage.issued(OPEN, goal="Een ander doel")
        assert unanswered.due_on is not None
        for day, expected in ((unanswered.due_on, 0), (unanswered.due_on + timedelta(days=1), 1)):
            with standing_at(now() + (day - today())), stage.acting(stage.system) as session:
                assert expire_referrals(session, stage.system) == expected
        assert stage.row(answered).state is ReferralState.ACCEPTED
        row = stage.row(unanswered.id)
        assert (row.state, row.due_on is not None) == (ReferralState.EXPIRED, True)
        assert [event.role for event in stage.trail(unanswered.id)][-1] is Role.SYSTEM

    def test_only_the_system_lets_them_expire(self, stage: Stage) -> None:
        """R10."""
        with stage.acting(stage.physician) as session, pytest.raises(Forbidden):
            expire_referrals(session, stage.physician)


class TestDatabase:
    @pytest.mark.parametrize(
        "change",
        [
            "state = 'completed'",
            "state = 'reported'",
            "state = 'withdrawn'",
            "state = 'accepted', units = 900",
            "state = 'accepted', unit_price_cents = 1",
            "state = 'accepted', disclosure = 'OPEN'",
            "state = 'accepted', consent_id = NULL",
            "state = 'accepted', access_until = NULL, number = 'V-OTHER'",
            "state = 'accepted', access_until = current_date + 9999",
        ],
    )
    def test_a_provider_does_not_get_further_with_sql(self, stage: Stage, change: str) -> None:
        """R4."""
        referral_id = stage.in_state(ReferralState.ISSUED, MEDICAL)
        statement = text(f"UPDATE medical.referral SET {change}, version = version + 1 WHERE id = :id")
        with pytest.raises(DBAPIError), stage.acting(stage.provider) as session:
            session.execute(statement, {"id": referral_id})
        assert stage.row(referral_id).state is ReferralState.ISSUED

    def test_what_he_may_he_may_with_sql_too(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.ISSUED, MEDICAL)
        with stage.acting(stage.provider) as session:
            session.execute(
                text("UPDATE medical.referral SET state = 'accepted', version = version + 1 WHERE id = :id"),
                {"id": referral_id},
            )
        assert stage.row(referral_id).state is ReferralState.ACCEPTED

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE medical.referral SET unit_price_cents = 1, version = version + 1 WHERE id = :id",
            "UPDATE medical.referral SET state = 'withdrawn' WHERE id = :id",
            "UPDATE medical.referral_content SET goal = 'x' WHERE referral_id = :id",
            "UPDATE medical.referral_basis SET medical = false WHERE referral_id = :id",
            "UPDATE medical.referral_event SET reason = 'x' WHERE referral_id = :id",
            "DELETE FROM medical.referral WHERE id = :id",
            "DELETE FROM medical.referral_event WHERE referral_id = :id",
        ],
    )
    def test_what_was_issued_stays_as_it_was_sent(self, stage: Stage, statement: str) -> None:
        """R9, R35."""
        referral_id = stage.in_state(ReferralState.ISSUED)
        with pytest.raises(DBAPIError), stage.acting(stage.physician) as session:
            session.execute(text(statement), {"id": referral_id})

    def test_nobody_writes_in_the_history_of_what_is_not_his(self, stage: Stage) -> None:
        referral_id = stage.in_state(ReferralState.ISSUED)
        stranger = stage.world.actor(Role.PROVIDER, add_provider(stage.world, "Een ander"))
        row = stage.row(referral_id)
        statement = text(
            "INSERT INTO medical.referral_event (id, tenant_id, created_at, employer_id, employee_id, case_id,"
            " referral_id, provider_id, action, to_state, account_id, role, version) VALUES (gen_random_uuid(),"
            " :tenant, now(), :employer, :employee, :case, :referral, :provider, 'accept', 'accepted', :account,"
            " 'provider', 9)"
        )
        values = {
            "tenant": row.tenant_id,
            "employer": row.employer_id,
            "employee": row.employee_id,
            "case": row.case_id,
            "referral": referral_id,
            "provider": row.provider_id,
        }
        with pytest.raises(DBAPIError, match="belongs to a referral"), stage.acting(stranger) as session:
            session.execute(statement, values | {"account": stranger.account_id})
        with stage.acting(stage.provider) as session:  # whose it is may
            session.execute(statement, values | {"account": stage.provider.account_id})


def bring_to(stage: Stage, state: ReferralState) -> UUID:
    """Return a medical referral in a state off the usual road."""
    if state in (ReferralState.ISSUED, ReferralState.ACCEPTED):
        return stage.in_state(state, MEDICAL)
    referral_id = stage.issued(MEDICAL).id
    if state is ReferralState.DECLINED:
        do(stage, stage.provider, Action.DECLINE, referral_id)
        return referral_id
    with standing_at(now() + timedelta(days=20)), stage.acting(stage.system) as session:
        expire_referrals(session, stage.system)
    return referral_id
