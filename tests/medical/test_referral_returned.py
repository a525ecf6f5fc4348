"""A draft that goes back to who prepared it, and what a physician sees of what changed in it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden
from core.working_days import add_working_days
from identity.roles import Role
from medical.referrals.hand_back import return_draft
from medical.referrals.issue import issue_referral
from medical.referrals.list import worklist
from medical.referrals.states import Action
from medical.tables import MessageKind, ReferralState
from tests.medical.course import BACK, asked, by_sql, care, messages, revise, send_back, waiting
from tests.medical.flaws import nothing
from tests.medical.stage import MEDICAL, OPEN, Stage


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
