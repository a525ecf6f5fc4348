"""Referring: what is asked is checked and frozen, consent comes first, and a second click makes no second referral."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import Session, select

from cases.cases_recovery import record_recovery
from cases.tables import ConsentScope
from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden, NotFound
from core.working_days import add_working_days
from identity.roles import OrganisationKind, Role
from medical.referrals.draft import SAME_FORM, revise_draft
from medical.referrals.forms import Asked
from medical.referrals.issue import issue_referral
from medical.referrals.read import read_referral
from medical.referrals.states import Action
from medical.referrals.views import CareReferral
from medical.tables import Referral, ReferralState
from network.tables import Offering, OfferingState
from network.taxonomy import Disclosure, ReferralClass
from tests.medical.flaws import nothing
from tests.medical.stage import CONF_NON_MEDICAL, GOAL, MEDICAL, OPEN, QUESTION, Stage
from tests.network.offers import add_offering


def change_offering(stage: Stage, intervention: str, **changes: Any) -> None:
    with Session(stage.world.database.owner) as session:
        offering = session.get_one(Offering, stage.offering(intervention))
        offering.sqlmodel_update(changes)
        session.add(offering)
        session.commit()


def read(stage: Stage, referral_id: Any) -> CareReferral:
    with stage.acting(stage.physician) as session:
        found = read_referral(session, stage.physician, referral_id)
    assert isinstance(found, CareReferral)
    return found


def test_everything_of_the_rule_is_in_it(stage: Stage) -> None:
    """R9."""
    stage.judge(medical=True)
    consent_id = stage.consent()
    done = stage.refer(stage.physician, MEDICAL)
    found = read(stage, done.id)
    line = found.header.line
    assert done.number.startswith("V-")
    assert (found.goal, found.question, found.expected_days_saved) == (GOAL, QUESTION, 30)
    assert (found.cause, found.cause_label) == ("M01", "Spanningsklachten, overspanning of burn-out")
    assert (found.sickness_week, found.sickness_year) == (9, 1)
    assert (found.consent_id, found.postcode) == (consent_id, "3511")
    assert (found.disclosure, found.referral_class) == (Disclosure.CONF, ReferralClass.MEDICAL)
    assert (found.header.units, found.header.unit_price_cents, found.header.vat_rate) == (8, 10_500, 0)
    assert (line.issued_on, line.due_on, line.owner) == (today(), add_working_days(today(), 3), Role.PROVIDER)
    assert found.header.physician_number == "12345678901"


def test_the_price_stays_as_it_was_when_referred(stage: Stage) -> None:
    """R35."""
    done = stage.issued(OPEN)
    change_offering(stage, OPEN, price_cents=99_900, vat_rate=9)
    header = read(stage, done.id).header
    assert (header.unit_price_cents, header.vat_rate) == (10_500, 0)


def test_a_draft_is_issued_at_the_price_of_the_day_and_says_so(stage: Stage) -> None:
    """R35."""
    draft = stage.draft(OPEN)
    change_offering(stage, OPEN, price_cents=99_900)
    with stage.acting(stage.physician) as session:
        done = issue_referral(session, stage.physician, draft.id)
    assert read(stage, draft.id).header.unit_price_cents == 99_900
    assert any("prijs is veranderd" in notice for notice in done.notices)


def test_a_draft_is_issued_on_the_judgement_of_the_day(stage: Stage) -> None:
    stage.judge(medical=False, cause="W03")
    draft = stage.draft(OPEN)
    stage.judge(medical=True, cause="L01")
    with stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, draft.id)
    found = read(stage, draft.id)
    assert (found.cause, found.medical) == ("L01", True)


class TestConsent:
    @pytest.mark.parametrize("intervention", [MEDICAL, CONF_NON_MEDICAL])
    def test_a_confidential_referral_waits_for_it(self, stage: Stage, intervention: str) -> None:
        """R23."""
        with pytest.raises(Conflict, match="werknemer ermee instemt") as refused:
            stage.refer(stage.physician, intervention)
        assert refused.value.code == "consent_missing"
        with stage.acting(stage.physician) as session:
            assert session.exec(select(Referral)).all() == []
        stage.consent()
        assert stage.refer(stage.physician, intervention).state is ReferralState.ISSUED

    @pytest.mark.parametrize("scope", [ConsentScope.EMPLOYER, ConsentScope.INSURER, ConsentScope.REPORT_BACK])
    def test_that_of_another_scope_does_not_count(self, stage: Stage, scope: ConsentScope) -> None:
        """R23."""
        stage.consent(scope)
        with pytest.raises(Conflict):
            stage.refer(stage.physician, MEDICAL)

    def test_one_that_was_withdrawn_does_not_count(self, stage: Stage) -> None:
        """R23."""
        stage.withdraw(stage.consent())
        with pytest.raises(Conflict):
            stage.refer(stage.physician, MEDICAL)

    def test_an_open_referral_does_without_and_records_what_there_is(self, stage: Stage) -> None:
        without = stage.refer(stage.physician, OPEN)
        consent_id = stage.consent()
        with_it = stage.refer(stage.physician, OPEN, goal="Een ander doel")
        assert [read(stage, each.id).consent_id for each in (without, with_it)] == [None, consent_id]

    def test_an_open_service_of_a_provider_whose_name_tells_is_confidential(self, stage: Stage) -> None:
        with Session(stage.world.database.owner) as session:
            session.execute(
                text("UPDATE network.organisation_profile SET name_reveals_care = true WHERE organisation_id = :id"),
                {"id": stage.provider_id},
            )
            session.commit()
        with pytest.raises(Conflict):
            stage.refer(stage.physician, OPEN)

    def test_a_delegate_may_draft_before_it_is_given(self, stage: Stage) -> None:
        """R6."""
        nothing(stage)
        draft = stage.draft(CONF_NON_MEDICAL)
        with stage.acting(stage.delegate) as session, pytest.raises(Conflict):
            issue_referral(session, stage.delegate, draft.id)
        stage.consent()
        with stage.acting(stage.delegate) as session:
            assert issue_referral(session, stage.delegate, draft.id).state is ReferralState.ISSUED


class TestOffering:
    @pytest.mark.parametrize("state", [OfferingState.SUBMITTED, OfferingState.WITHDRAWN])
    def test_only_an_approved_one(self, stage: Stage, state: OfferingState) -> None:
        """R29."""
        change_offering(stage, OPEN, state=state)
        with pytest.raises(Conflict):
            stage.refer(stage.physician, OPEN)

    def test_a_draft_is_not_issued_once_its_offering_is_gone(self, stage: Stage) -> None:
        """R29."""
        draft = stage.draft(OPEN)
        change_offering(stage, OPEN, state=OfferingState.WITHDRAWN)
        with stage.acting(stage.physician) as session, pytest.raises(Conflict):
            issue_referral(session, stage.physician, draft.id)

    def test_one_of_another_arbodienst_is_not_there(self, stage: Stage) -> None:
        other = type(stage.world)(stage.world.database)
        foreign = add_offering(other, other.organisation(OrganisationKind.PROVIDER, "Elders"), intervention=OPEN)
        with pytest.raises(NotFound):
            stage.refer(stage.physician, OPEN, offering_id=foreign)

    def test_what_speaks_against_it_is_said_and_does_not_refuse(self, stage: Stage) -> None:
        stage.judge(medical=False, cause="W03")
        change_offering(stage, OPEN, causes=["L01"], sickness_years=[2])
        done = stage.refer(stage.physician, OPEN)
        assert done.state is ReferralState.ISSUED
        assert len(done.notices) == 2


class TestCase:
    def test_a_closed_one_is_not_referred_any_more(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        with stage.acting(stage.physician) as session:
            record_recovery(session, stage.physician, stage.case_id, today())
        with pytest.raises(Conflict, match="afgesloten"):
            stage.refer(stage.physician, OPEN, goal="Nog iets")
        with stage.acting(stage.physician) as session, pytest.raises(Conflict, match="afgesloten"):
            issue_referral(session, stage.physician, draft.id)

    def test_one_of_another_employer_is_not_there_for_a_delegate(self, stage: Stage) -> None:
        with pytest.raises(NotFound):
            stage.refer(stage.delegate, OPEN, case_id=stage.elsewhere().case_id)


class TestSecondSubmit:
    def test_the_same_form_is_the_same_referral(self, stage: Stage) -> None:
        first, second = stage.refer(stage.physician, OPEN), stage.refer(stage.physician, OPEN)
        assert (first.id, first.known, second.known) == (second.id, False, True)
        with stage.acting(stage.physician) as session:
            assert len(session.exec(select(Referral)).all()) == 1

    def test_the_draft_of_a_delegate_is_the_same_draft(self, stage: Stage) -> None:
        assert stage.draft(OPEN).id == stage.draft(OPEN).id

    def test_the_physician_signs_what_the_delegate_drafted(self, stage: Stage) -> None:
        """R6."""
        draft, done = stage.draft(OPEN), stage.refer(stage.physician, OPEN)
        assert (draft.id, done.state) == (done.id, ReferralState.ISSUED)

    def test_what_he_signs_so_rests_on_his_judgement_of_today(self, stage: Stage) -> None:
        stage.judge(medical=False, cause="W03")
        stage.draft(OPEN)
        stage.judge(medical=True, cause="L01")
        assert read(stage, stage.refer(stage.physician, OPEN).id).cause == "L01"

    def test_another_question_or_another_time_is_another_referral(self, stage: Stage) -> None:
        first = stage.refer(stage.physician, OPEN)
        other = stage.refer(stage.physician, OPEN, question="Iets anders?")
        with standing_at(now() + SAME_FORM + timedelta(seconds=1)):
            later = stage.refer(stage.physician, OPEN)
        assert len({first.id, other.id, later.id}) == 3


class TestForm:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("goal", ""),
            ("goal", "   "),
            ("goal", "x" * 2001),
            ("question", "x" * 2001),
            ("question", "nul\x00"),
            ("units", 0),
            ("units", 201),
            ("expected_days_saved", -1),
            ("expected_days_saved", 731),
            ("diagnosis", "M54.5"),
        ],
    )
    def test_every_field_has_its_limits(self, stage: Stage, field: str, value: object) -> None:
        """R9."""
        with pytest.raises(ValidationError) as refused:
            stage.form(OPEN, **{field: value})
        assert [error["loc"] for error in refused.value.errors()] == [(field,)]

    def test_every_fault_is_told_at_once(self, stage: Stage) -> None:
        """R9."""
        with pytest.raises(ValidationError) as refused:
            stage.form(OPEN, goal="", units=0, expected_days_saved=-1)
        assert refused.value.error_count() == 3


class TestRevision:
    ASKED = Asked(goal="Nieuw doel", question="Nieuwe vraag", units=3, expected_days_saved=5)

    def test_a_draft_can_be_changed(self, stage: Stage) -> None:
        draft = stage.draft(OPEN)
        with stage.acting(stage.physician) as session:
            done = revise_draft(session, stage.physician, draft.id, self.ASKED, draft.version)
        found = read(stage, draft.id)
        assert (found.goal, found.header.units, found.expected_days_saved) == ("Nieuw doel", 3, 5)
        assert done.version == draft.version + 1

    def test_what_was_issued_cannot(self, stage: Stage) -> None:
        done = stage.issued(OPEN)
        with stage.acting(stage.physician) as session, pytest.raises(Conflict) as refused:
            revise_draft(session, stage.physician, done.id, self.ASKED)
        assert set(refused.value.possible) == {Action.REDIRECT, Action.WITHDRAW}

    def test_a_provider_cannot_at_all(self, stage: Stage) -> None:
        """R4."""
        done = stage.issued(OPEN)
        with stage.acting(stage.provider) as session, pytest.raises(Forbidden):
            revise_draft(session, stage.provider, done.id, self.ASKED)
