"""Withdrawing consent stops what rests on it: at once for the provider, and known to everybody soon after (R24)."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from cases.tables import ConsentScope
from core.errors import Conflict, Forbidden, NotFound
from identity.roles import Role
from medical.cases.consents_withdrawn import stop_after_withdrawal
from medical.referrals.answer import accept_referral
from medical.referrals.read import read_referral
from medical.referrals.views import CareReferral
from medical.tables import ReferralContent, ReferralState
from tests.medical.stage import MEDICAL, OPEN, Stage

RUNS = [ReferralState.ISSUED, ReferralState.ACCEPTED, ReferralState.SCHEDULED, ReferralState.RUNNING]


def stop(stage: Stage, consent_id: UUID) -> int:
    with stage.acting(stage.system) as session:
        return stop_after_withdrawal(session, stage.system, consent_id)


def consent_of(stage: Stage, referral_id: UUID) -> UUID:
    found = stage.row(referral_id).consent_id
    assert found is not None
    return found


@pytest.mark.parametrize("state", RUNS)
def test_confidential_referrals_are_taken_back(stage: Stage, state: ReferralState) -> None:
    """R24."""
    referral_id = stage.in_state(state, MEDICAL)
    consent_id = consent_of(stage, referral_id)
    stage.withdraw(consent_id)
    assert stop(stage, consent_id) == 1
    with stage.acting(stage.physician) as session:
        found = read_referral(session, stage.physician, referral_id)
    assert isinstance(found, CareReferral)
    last = found.events[-1]
    assert (last.to_state, last.role, last.reason) == (ReferralState.WITHDRAWN, Role.SYSTEM, "consent_withdrawn")


@pytest.mark.parametrize("state", [ReferralState.REPORTED, ReferralState.COMPLETED])
def test_what_is_over_stays_and_is_no_longer_disclosed(stage: Stage, state: ReferralState) -> None:
    """R24."""
    referral_id = stage.in_state(state, MEDICAL)
    consent_id = consent_of(stage, referral_id)
    stage.withdraw(consent_id)
    assert stop(stage, consent_id) == 0
    assert stage.row(referral_id).state is state
    with stage.acting(stage.provider) as session:
        assert session.exec(select(ReferralContent)).all() == []


def test_open_referrals_go_on(stage: Stage) -> None:
    referral_id = stage.in_state(ReferralState.RUNNING, OPEN)
    consent_id = consent_of(stage, referral_id)
    stage.withdraw(consent_id)
    assert stop(stage, consent_id) == 0
    assert stage.row(referral_id).state is ReferralState.RUNNING


def test_referrals_under_a_later_consent_go_on(stage: Stage) -> None:
    first = stage.in_state(ReferralState.ACCEPTED, MEDICAL)
    consent_id = consent_of(stage, first)
    stage.withdraw(consent_id)
    second = stage.issued(MEDICAL, goal="Onder nieuwe toestemming").id
    assert stop(stage, consent_id) == 1
    assert stage.row(second).state is ReferralState.ISSUED


def test_the_job_may_come_again(stage: Stage) -> None:
    referral_id = stage.in_state(ReferralState.ACCEPTED, MEDICAL)
    consent_id = consent_of(stage, referral_id)
    stage.withdraw(consent_id)
    assert [stop(stage, consent_id), stop(stage, consent_id)] == [1, 0]
    with stage.acting(stage.provider) as session, pytest.raises(Conflict):
        accept_referral(session, stage.provider, referral_id)


def test_nothing_stops_while_consent_holds_or_for_another_scope(stage: Stage) -> None:
    referral_id = stage.in_state(ReferralState.ACCEPTED, MEDICAL)
    assert stop(stage, consent_of(stage, referral_id)) == 0
    other = stage.consent(ConsentScope.REPORT_BACK)
    stage.withdraw(other)
    assert stop(stage, other) == 0
    assert stage.row(referral_id).state is ReferralState.ACCEPTED


def test_only_the_system_stops(stage: Stage) -> None:
    consent_id = stage.consent()
    with stage.acting(stage.physician) as session, pytest.raises(Forbidden):
        stop_after_withdrawal(session, stage.physician, consent_id)
    with pytest.raises(NotFound):
        stop(stage, uuid4())
