"""Each role sees its own part of a referral, and no more; every reading is recorded (R17, R20, R21, R27, R68)."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from cases.tables import Employee
from core.clock import now, standing_at
from core.database import Door
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from medical.cases.read import read_medical_case
from medical.referrals.answer import decline_referral
from medical.referrals.list import ReferralFilter, list_referrals
from medical.referrals.read import read_referral
from medical.referrals.reasons import DeclineReason, WithdrawReason
from medical.referrals.run import withdraw_referral
from medical.referrals.states import Action
from medical.referrals.views import CareReferral, EmployeeReferral, ProviderReferral, ReferralHeader, ReferralView
from medical.tables import ReferralBasis, ReferralContent, ReferralEvent, ReferralState
from tests.medical.flaws import assign, by_owner
from tests.medical.stage import GOAL, MEDICAL, OPEN, QUESTION, Stage
from tests.network.offers import add_provider
from tests.world import World

CAUSE = ("M01", "Spanningsklachten")
NAME = "J. de Wit"


def read(stage: Stage, actor: Actor, referral_id: UUID) -> ReferralView:
    with stage.acting(actor) as session:
        return read_referral(session, actor, referral_id)


def ids(stage: Stage, actor: Actor, **wanted: Any) -> set[UUID]:
    with stage.acting(actor) as session:
        return {line.id for line in list_referrals(session, actor, ReferralFilter(**wanted)).items}


@pytest.fixture
def running(stage: Stage) -> UUID:
    stage.judge(medical=True)
    return stage.in_state(ReferralState.RUNNING, MEDICAL)


class TestProvider:
    def test_sees_the_question_and_not_the_cause(self, stage: Stage, running: UUID) -> None:
        found = read(stage, stage.provider, running)
        assert isinstance(found, ProviderReferral)
        assert (found.goal, found.question, found.postcode) == (GOAL, QUESTION, "3511")
        assert found.header.line.employee_name == NAME
        assert found.header.physician_name == "Test physician"
        shown = str(asdict(found))
        assert not any(word in shown for word in (*CAUSE, "medical", "expected_days"))

    def test_reads_no_judgement_by_sql(self, stage: Stage, running: UUID) -> None:
        with stage.acting(stage.provider) as session:
            assert session.exec(select(ReferralBasis)).all() == []
            assert session.execute(text("SELECT count(*) FROM medical.assessment")).scalar_one() == 0
            assert session.execute(text("SELECT count(*) FROM medical.referral_content")).scalar_one() == 1

    def test_does_not_see_what_was_sent_to_another(self, stage: Stage, running: UUID) -> None:
        """R20."""
        stranger = stage.world.actor(Role.PROVIDER, add_provider(stage.world, "Een ander"))
        with pytest.raises(NotFound):
            read(stage, stranger, running)
        assert ids(stage, stranger) == set()
        with stage.acting(stranger) as session:
            assert session.exec(select(ReferralContent)).all() == []
            assert session.exec(select(Employee)).all() == []

    def test_does_not_see_a_draft(self, stage: Stage) -> None:
        """R20."""
        draft = stage.draft(OPEN)
        with pytest.raises(NotFound):
            read(stage, stage.provider, draft.id)
        with stage.acting(stage.physician) as session:
            withdraw_referral(session, stage.physician, draft.id, WithdrawReason.MISTAKE)
        for actor in (stage.provider, stage.employee, stage.secretary):
            assert ids(stage, actor) == set()

    def test_loses_content_and_name_when_he_declines(self, stage: Stage) -> None:
        done = stage.issued(MEDICAL)
        with stage.acting(stage.provider) as session:
            decline_referral(session, stage.provider, done.id, DeclineReason.NO_CAPACITY)
        found = read(stage, stage.provider, done.id)
        assert isinstance(found, ProviderReferral)
        assert (found.goal, found.question, found.postcode) == (None, None, None)
        assert (found.header.line.employee_name, found.header.line.number) == ("", done.number)
        with stage.acting(stage.provider) as session:
            assert session.exec(select(ReferralContent)).all() == []
            assert session.exec(select(Employee)).all() == []

    def test_loses_content_when_it_is_withdrawn_and_keeps_the_name_for_his_invoice(
        self, stage: Stage, running: UUID
    ) -> None:
        with stage.acting(stage.physician) as session:
            withdraw_referral(session, stage.physician, running, WithdrawReason.RECOVERED)
        found = read(stage, stage.provider, running)
        assert isinstance(found, ProviderReferral)
        assert (found.goal, found.header.line.employee_name) == (None, NAME)

    def test_loses_content_the_moment_consent_is_withdrawn(self, stage: Stage) -> None:
        """R24."""
        consent_id = stage.consent()
        done = stage.refer(stage.physician, MEDICAL)
        found = read(stage, stage.provider, done.id)
        assert isinstance(found, ProviderReferral)
        assert found.goal == GOAL
        stage.withdraw(consent_id)
        found = read(stage, stage.provider, done.id)
        assert isinstance(found, ProviderReferral)
        assert (found.goal, found.header.line.state) == (None, ReferralState.ISSUED)

    def test_loses_sight_of_it_when_his_access_ends(self, stage: Stage) -> None:
        """R20."""
        with standing_at(now() - timedelta(days=31)):
            stage.judge(medical=True)
            referral_id = stage.in_state(ReferralState.COMPLETED, MEDICAL)
        with pytest.raises(NotFound):
            read(stage, stage.provider, referral_id)
        assert ids(stage, stage.provider) == set()
        assert isinstance(read(stage, stage.physician, referral_id), CareReferral)

    def test_keeps_it_until_then(self, stage: Stage) -> None:
        with standing_at(now() - timedelta(days=29)):
            referral_id = stage.in_state(ReferralState.COMPLETED, MEDICAL)
        found = read(stage, stage.provider, referral_id)
        assert isinstance(found, ProviderReferral)
        assert found.goal == GOAL


class TestSecretary:
    def test_sees_what_an_invoice_must_match(self, stage: Stage, running: UUID) -> None:
        """R21."""
        found = read(stage, stage.secretary, running)
        assert isinstance(found, ReferralHeader)
        assert (found.units, found.unit_price_cents, found.line.state) == (8, 10_500, ReferralState.RUNNING)
        shown = str(asdict(found))
        assert not any(word in shown for word in (*CAUSE, GOAL, QUESTION, NAME))

    @pytest.mark.parametrize("part", [ReferralContent, ReferralBasis, ReferralEvent])
    def test_reads_nothing_else_by_sql(self, stage: Stage, running: UUID, part: type[ReferralContent]) -> None:
        """R21."""
        with stage.acting(stage.secretary) as session:
            assert session.exec(select(part)).all() == []
        with stage.acting(stage.physician) as session:
            assert session.exec(select(part)).all() != []


class TestEmployee:
    def test_sees_everything_about_himself(self, stage: Stage, running: UUID) -> None:
        """R27."""
        found = read(stage, stage.employee, running)
        assert isinstance(found, EmployeeReferral)
        assert (found.goal, found.question, found.cause, found.medical) == (GOAL, QUESTION, "M01", True)
        assert [event.action for event in found.events] == [
            Action.ISSUE,
            Action.ACCEPT,
            Action.SCHEDULE,
            Action.START,
        ]

    def test_sees_nobody_elses(self, stage: Stage, running: UUID) -> None:
        """R27."""
        colleague = stage.elsewhere().employee
        with pytest.raises(NotFound):
            read(stage, colleague, running)
        assert ids(stage, colleague) == set()
        assert ids(stage, stage.employee) == {running}

    def test_finds_each_reading_in_his_trail(self, stage: Stage, running: UUID) -> None:
        """R8, R27, R68."""
        before = len(stage.trail(running))
        for actor in (stage.physician, stage.provider, stage.secretary):
            read(stage, actor, running)
        events = stage.trail(running)[before:]
        assert [(event.tag, event.role) for event in events] == [
            ("medical:referral:read", role) for role in (Role.PHYSICIAN, Role.PROVIDER, Role.SECRETARY)
        ]
        assert {event.data_subject_id for event in events} == {stage.employee_id}
        assert {event.responsible_account_id for event in events} == {stage.physician.account_id}


class TestDelegate:
    def test_sees_as_the_physician_for_assigned_employers(self, stage: Stage, running: UUID) -> None:
        """R17."""
        mine, theirs = read(stage, stage.delegate, running), read(stage, stage.physician, running)
        assert isinstance(mine, CareReferral)
        assert isinstance(theirs, CareReferral)
        assert (mine.goal, mine.cause, mine.medical, mine.events) == (
            theirs.goal,
            theirs.cause,
            theirs.medical,
            theirs.events,
        )

    def test_sees_nothing_of_other_employers(self, stage: Stage, running: UUID) -> None:
        """R17."""
        elsewhere = stage.elsewhere()
        with pytest.raises(NotFound):
            read(stage, elsewhere.delegate, running)
        assert ids(stage, elsewhere.delegate) == set()
        assign(stage, elsewhere.delegate, stage.employer_id)
        assert ids(stage, elsewhere.delegate) == {running}
        by_owner(
            stage,
            "UPDATE identity.assignment SET ended_at = now() WHERE membership_id = :id",
            elsewhere.delegate.membership_id,
        )
        assert ids(stage, elsewhere.delegate) == set()


class TestStrangers:
    def test_another_arbodienst_sees_nothing(self, stage: Stage, running: UUID) -> None:
        other = World(stage.world.database)
        for role in (Role.PHYSICIAN, Role.SECRETARY):
            stranger = other.actor(role)
            with pytest.raises(NotFound):
                read(stage, stranger, running)
            assert ids(stage, stranger) == set()

    @pytest.mark.parametrize(
        "role", [Role.CASE_MANAGER, Role.EMPLOYER, Role.INSURER, Role.NETWORK_MANAGER, Role.AUDITOR]
    )
    def test_the_open_side_is_refused(self, stage: Stage, running: UUID, role: Role) -> None:
        somebody = stage.world.actor(role, stage.employer_id)
        with stage.acting(somebody) as session, pytest.raises((Forbidden, NotFound)):
            read_referral(session, somebody, running)
        with stage.acting(somebody) as session, pytest.raises((Forbidden, NotFound)):
            list_referrals(session, somebody)
        with stage.acting(somebody) as session:  # even if such a one came through the wrong door
            assert session.execute(text("SELECT count(*) FROM medical.referral")).scalar_one() == 0


class TestLists:
    def test_filters(self, stage: Stage, running: UUID) -> None:
        other = stage.issued(OPEN)
        assert ids(stage, stage.physician) == {running, other.id}
        assert ids(stage, stage.physician, state=ReferralState.ISSUED) == {other.id}
        assert ids(stage, stage.physician, case_id=stage.case_id) == {running, other.id}
        assert ids(stage, stage.physician, case_id=stage.elsewhere().case_id) == set()
        assert ids(stage, stage.physician, q=other.number[2:].lower()) == {other.id}
        assert ids(stage, stage.physician, q="de wit") == {running, other.id}
        assert ids(stage, stage.physician, q="%") == set()
        assert ids(stage, stage.secretary, q="de wit") == set()

    def test_pages(self, stage: Stage) -> None:
        made = [stage.issued(OPEN, goal=f"Doel {n}").id for n in range(5)]
        with stage.acting(stage.physician) as session:
            pages = [list_referrals(session, stage.physician, None, page, 2) for page in (1, 2, 3)]
        assert {page.total for page in pages} == {5}
        assert [line.id for page in pages for line in page.items] == made[::-1]

    def test_one_event_for_each_list(self, stage: Stage, running: UUID) -> None:
        ids(stage, stage.secretary)
        with stage.world.acting(Door.OPEN, stage.auditor) as session:
            found = session.execute(
                text("SELECT role FROM identity.audit_event WHERE tag = 'medical:referral:list'")
            ).scalars()
            assert list(found) == ["secretary"]

    def test_the_medical_side_of_a_case_in_one_piece(self, stage: Stage, running: UUID) -> None:
        with stage.acting(stage.delegate) as session:
            found = read_medical_case(session, stage.delegate, stage.case_id)
        assert found.judged is not None
        assert (found.judged.cause, [line.id for line in found.referrals.items]) == ("M01", [running])
        for actor in (stage.provider, stage.secretary, stage.employee):
            with stage.acting(actor) as session, pytest.raises(Forbidden):
                read_medical_case(session, actor, stage.case_id)
