"""Who may refer: every way without authority is refused, by the use case with its reason and by the database."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.errors import Forbidden
from identity.actor import Actor
from identity.roles import Role
from medical.referrals.issue import issue_referral, refer
from medical.referrals.read import read_referral, referral_actions
from medical.referrals.states import Action
from medical.referrals.views import CareReferral
from medical.tables import ReferralState
from tests.medical.flaws import FLAWS, Flaw, by_owner, nothing
from tests.medical.stage import CONF_NON_MEDICAL, MEDICAL, OPEN, Stage

ISSUE = text(
    "UPDATE medical.referral SET state = 'issued', issued_by = :by, issued_on = current_date, version = version + 1,"
    " physician_account_id = :physician, mandate_id = :mandate, consent_id = :consent WHERE id = :id"
)
EVERY_FLAW = pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)


def issue(stage: Stage, actor: Actor, referral_id: UUID) -> ReferralState:
    with stage.acting(actor) as session:
        return issue_referral(session, actor, referral_id).state


def issue_by_sql(stage: Stage, actor: Actor, referral_id: UUID, **changes: UUID | None) -> int:
    values = {"by": actor.account_id, "physician": stage.physician.account_id, "mandate": None, "consent": None}
    with stage.acting(actor) as session:
        done = session.execute(ISSUE, values | {"id": referral_id} | changes)
        return int(getattr(done, "rowcount", -1))


class TestDelegate:
    @EVERY_FLAW
    def test_is_told_why_he_may_not(self, stage: Stage, flaw: Flaw) -> None:
        """R1, R2, R3, R6, R7, R17, R19."""
        flaw.arrange(stage)
        draft = stage.draft(flaw.intervention)
        stage.consent()
        with pytest.raises(Forbidden, match=flaw.says):
            issue(stage, stage.delegate, draft.id)
        assert stage.row(draft.id).state is ReferralState.DRAFT

    @EVERY_FLAW
    def test_does_not_get_past_the_database(self, stage: Stage, flaw: Flaw) -> None:
        """R1, R2, R3, R6, R7, R17, R19."""
        mandate_id = flaw.arrange(stage)
        draft = stage.draft(flaw.intervention)
        consent_id = stage.consent()
        with pytest.raises(DBAPIError, match=r"only a physician refers|no mandate that is valid today"):
            issue_by_sql(stage, stage.delegate, draft.id, mandate=mandate_id, consent=consent_id)

    @EVERY_FLAW
    def test_is_not_offered_what_he_may_not(self, stage: Stage, flaw: Flaw) -> None:
        """R6."""
        flaw.arrange(stage)
        draft = stage.draft(flaw.intervention)
        with stage.acting(stage.delegate) as session:
            assert Action.ISSUE not in referral_actions(session, stage.delegate, draft.id).possible

    def test_issues_under_a_mandate_and_names_the_physician(self, stage: Stage) -> None:
        """R2, R8."""
        mandate_id = nothing(stage)
        draft = stage.draft(OPEN)
        assert draft.state is ReferralState.DRAFT
        with stage.acting(stage.delegate) as session:
            assert Action.ISSUE in referral_actions(session, stage.delegate, draft.id).possible
        assert issue(stage, stage.delegate, draft.id) is ReferralState.ISSUED
        with stage.acting(stage.delegate) as session:
            found = read_referral(session, stage.delegate, draft.id)
        assert isinstance(found, CareReferral)
        assert found.mandate_id == mandate_id
        assert (found.issued_by, found.header.physician_name) == ("Test delegate", "Test physician")
        responsible = {event.responsible_account_id for event in stage.trail(draft.id) if event.tag.endswith("issue")}
        assert responsible == {stage.physician.account_id}

    def test_with_all_in_order_the_database_lets_him(self, stage: Stage) -> None:
        """R2."""
        mandate_id = nothing(stage)
        draft = stage.draft(OPEN)
        assert issue_by_sql(stage, stage.delegate, draft.id, mandate=mandate_id) == 1

    def test_does_not_take_the_place_of_the_physician(self, stage: Stage) -> None:
        """R8."""
        mandate_id = nothing(stage)
        draft = stage.draft(OPEN)
        with pytest.raises(DBAPIError, match="in the name of another"):
            issue_by_sql(stage, stage.delegate, draft.id, mandate=mandate_id, by=stage.physician.account_id)
        with pytest.raises(DBAPIError, match="no mandate"):
            issue_by_sql(stage, stage.delegate, draft.id, mandate=mandate_id, physician=stage.delegate.account_id)

    def test_loses_sight_of_an_employer_for_whom_he_no_longer_works(self, stage: Stage) -> None:
        """R15."""
        mandate_id = nothing(stage)
        draft = stage.draft(OPEN)
        by_owner(
            stage,
            "UPDATE identity.assignment SET ended_at = now() WHERE membership_id = :id",
            stage.delegate.membership_id,
        )
        assert issue_by_sql(stage, stage.delegate, draft.id, mandate=mandate_id) == 0

    def test_running_referrals_keep_their_basis_when_the_mandate_ends(self, stage: Stage) -> None:
        """R7."""
        mandate_id = nothing(stage)
        draft = stage.draft(OPEN)
        issue(stage, stage.delegate, draft.id)
        stage.revoke(mandate_id)
        row = stage.row(draft.id)
        assert (row.state, row.mandate_id) == (ReferralState.ISSUED, mandate_id)

    def test_a_revoked_mandate_ends_with_the_next_statement(self, stage: Stage) -> None:
        """R7: not with the next sign-in or the next request; a transaction that is under way feels it too."""
        mandate_id = nothing(stage)
        draft = stage.draft(OPEN)
        issuing = {"by": stage.delegate.account_id, "physician": stage.physician.account_id, "mandate": mandate_id}
        with stage.acting(stage.delegate) as session:
            assert session.execute(text("SELECT count(*) FROM cases.mandate WHERE revoked_at IS NULL")).scalar() == 1
            stage.revoke(mandate_id)
            with pytest.raises(DBAPIError, match="no mandate"):
                session.execute(ISSUE, issuing | {"id": draft.id, "consent": None})
            session.rollback()

    def test_does_not_lower_the_class_of_an_intervention(self, stage: Stage) -> None:
        """R1."""
        mandate_id = stage.mandate(OPEN)
        stage.judge(medical=False, cause="W03")
        draft = stage.draft(MEDICAL)
        consent_id = stage.consent()
        lowered = text("UPDATE medical.referral SET referral_class = 'NM', version = version + 1 WHERE id = :id")
        with stage.acting(stage.delegate) as session:
            session.execute(lowered, {"id": draft.id})
        with pytest.raises(DBAPIError, match="no mandate"):
            issue_by_sql(stage, stage.delegate, draft.id, mandate=mandate_id, consent=consent_id)
        renamed = text("UPDATE medical.referral SET intervention = 'ADO', version = version + 1 WHERE id = :id")
        with stage.acting(stage.delegate) as session:
            session.execute(renamed, {"id": draft.id})
        with pytest.raises(DBAPIError, match="not approved and under contract"):
            issue_by_sql(stage, stage.delegate, draft.id, mandate=mandate_id, consent=consent_id)


class TestPhysician:
    @pytest.mark.parametrize("medical", [True, False, None])
    def test_refers_whatever_the_cause(self, stage: Stage, medical: bool | None) -> None:
        """R1."""
        if medical is not None:
            stage.judge(medical=medical)
        stage.consent()
        done = stage.refer(stage.physician, MEDICAL)
        assert done.state is ReferralState.ISSUED
        row = stage.row(done.id)
        assert (row.issued_by, row.physician_account_id) == (stage.physician.account_id,) * 2
        assert row.mandate_id is None

    def test_does_not_refer_without_a_valid_registration(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        stage.end_registration(stage.physician)
        with pytest.raises(Forbidden, match="Uw registratie is verlopen"):
            issue(stage, stage.physician, draft.id)
        with pytest.raises(DBAPIError, match="only a physician refers"):
            issue_by_sql(stage, stage.physician, draft.id)

    def test_refers_under_his_own_name_only(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        other = stage.world.actor(Role.PHYSICIAN)
        with pytest.raises(DBAPIError, match="under his own name"):
            issue_by_sql(stage, stage.physician, draft.id, physician=other.account_id)
        with pytest.raises(DBAPIError, match="in the name of another"):
            issue_by_sql(stage, stage.physician, draft.id, by=other.account_id)


class TestOthers:
    @pytest.mark.parametrize("name", ["provider", "secretary", "employee", "system"])
    def test_neither_draft_nor_issue(self, stage: Stage, name: str) -> None:
        """R4."""
        actor: Actor = getattr(stage, name)
        draft = stage.draft(OPEN)
        with stage.acting(actor) as session, pytest.raises(Forbidden):
            refer(session, actor, stage.form(OPEN))
        with stage.acting(actor) as session, pytest.raises(Forbidden):
            issue_referral(session, actor, draft.id)

    @pytest.mark.parametrize("name", ["provider", "secretary", "employee", "system"])
    def test_do_not_get_past_the_database(self, stage: Stage, name: str) -> None:
        """R4."""
        actor: Actor = getattr(stage, name)
        nothing(stage)
        draft = stage.draft(OPEN)
        try:
            changed = issue_by_sql(stage, actor, draft.id)
        except DBAPIError:
            changed = 0
        assert changed == 0
        assert stage.row(draft.id).state is ReferralState.DRAFT

    def test_a_physician_of_another_arbodienst_sees_nothing(self, stage: Stage) -> None:
        stranger = type(stage.world)(stage.world.database).actor(Role.PHYSICIAN)
        draft = stage.draft(OPEN)
        assert issue_by_sql(stage, stranger, draft.id) == 0


class TestConsent:
    def test_database_refuses_a_confidential_referral_without_it(self, stage: Stage) -> None:
        """R23."""
        draft = stage.draft(CONF_NON_MEDICAL)
        with pytest.raises(DBAPIError, match="needs the consent"):
            issue_by_sql(stage, stage.physician, draft.id)

    def test_database_refuses_one_that_was_withdrawn(self, stage: Stage) -> None:
        """R23."""
        draft = stage.draft(CONF_NON_MEDICAL)
        consent_id = stage.consent()
        stage.withdraw(consent_id)
        with pytest.raises(DBAPIError, match="needs the consent"):
            issue_by_sql(stage, stage.physician, draft.id, consent=consent_id)

    def test_database_refuses_that_of_another_case(self, stage: Stage) -> None:
        """R23."""
        draft = stage.draft(CONF_NON_MEDICAL)
        with pytest.raises(DBAPIError, match="needs the consent"):
            issue_by_sql(stage, stage.physician, draft.id, consent=stage.elsewhere().consent())

    def test_database_refuses_to_call_it_open(self, stage: Stage) -> None:
        draft = stage.draft(CONF_NON_MEDICAL)
        with stage.acting(stage.physician) as session:
            session.execute(
                text("UPDATE medical.referral SET disclosure = 'OPEN', version = version + 1 WHERE id = :id"),
                {"id": draft.id},
            )
        with pytest.raises(DBAPIError, match="as the taxonomy says"):
            issue_by_sql(stage, stage.physician, draft.id)

    def test_with_it_the_database_lets_the_physician(self, stage: Stage) -> None:
        draft = stage.draft(CONF_NON_MEDICAL)
        assert issue_by_sql(stage, stage.physician, draft.id, consent=stage.consent()) == 1
