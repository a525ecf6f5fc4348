"""Recovery offers whoever referred the referrals that go on, to close (R67)."""

from uuid import UUID

import pytest

from cases.cases_recovery import record_recovery
from core.clock import today
from core.database import Door
from core.errors import Forbidden
from identity.actor import Actor
from medical.referrals.recovered import list_recovered, referrals_to_close, withdraw_recovered
from medical.tables import ReferralState
from tests.medical.stage import Stage

GOES_ON = [
    ReferralState.ISSUED,
    ReferralState.ACCEPTED,
    ReferralState.SCHEDULED,
    ReferralState.RUNNING,
    ReferralState.REPORTED,
]


def recover(stage: Stage) -> None:
    """Let the case manager record recovery: he knows of no referral."""
    with stage.world.acting(Door.OPEN, stage.case_manager) as session:
        record_recovery(session, stage.case_manager, stage.case_id, today())


def offered(stage: Stage, actor: Actor) -> list[UUID]:
    with stage.acting(actor) as session:
        return [line.id for line in list_recovered(session, actor).items]


@pytest.mark.parametrize("state", GOES_ON)
def test_what_goes_on_is_offered_from_recovery_on(stage: Stage, state: ReferralState) -> None:
    """R67."""
    referral_id = stage.in_state(state)
    assert offered(stage, stage.physician) == []
    recover(stage)
    assert offered(stage, stage.physician) == [referral_id]


def test_what_is_over_is_not_offered(stage: Stage) -> None:
    stage.in_state(ReferralState.COMPLETED)
    recover(stage)
    assert offered(stage, stage.physician) == []


def test_it_is_taken_back_in_one_act_with_recovery_as_the_reason(stage: Stage) -> None:
    """R67."""
    first = stage.issued("ADO").id
    second = stage.refer(stage.physician, "MED").id
    left = stage.refer(stage.physician, "LPB").id
    recover(stage)
    with stage.acting(stage.physician) as session:
        assert withdraw_recovered(session, stage.physician, stage.case_id, [first, second]) == 2
    assert [stage.row(each).state for each in (first, second, left)] == ["withdrawn", "withdrawn", "issued"]
    assert [event.reason for event in stage.trail(first) if event.tag == "medical:referral:withdraw"] == ["recovered"]
    assert offered(stage, stage.physician) == [left]


def test_a_second_submit_takes_back_nothing_more(stage: Stage) -> None:
    referral_id = stage.issued().id
    recover(stage)
    for expected in (1, 0):
        with stage.acting(stage.physician) as session:
            assert withdraw_recovered(session, stage.physician, stage.case_id, [referral_id]) == expected


def test_a_report_is_read_before_its_referral_is_closed(stage: Stage) -> None:
    referral_id = stage.in_state(ReferralState.REPORTED)
    recover(stage)
    with stage.acting(stage.physician) as session:
        assert withdraw_recovered(session, stage.physician, stage.case_id, [referral_id]) == 0
    assert stage.row(referral_id).state == "reported"


def test_while_the_case_runs_nothing_is_taken_back(stage: Stage) -> None:
    referral_id = stage.issued().id
    with stage.acting(stage.physician) as session:
        assert referrals_to_close(session, stage.physician, stage.case_id) == ()
        assert withdraw_recovered(session, stage.physician, stage.case_id, [referral_id]) == 0
    assert stage.row(referral_id).state == "issued"


def test_a_delegate_is_offered_his_own_and_takes_back_nothing_of_the_physician(stage: Stage) -> None:
    referral_id = stage.issued().id
    recover(stage)
    assert offered(stage, stage.delegate) == []
    with stage.acting(stage.delegate) as session, pytest.raises(Forbidden):
        withdraw_recovered(session, stage.delegate, stage.case_id, [referral_id])
    assert stage.row(referral_id).state == "issued"


def test_of_another_employer_nothing_is_offered(stage: Stage) -> None:
    elsewhere = stage.elsewhere()
    elsewhere.issued()
    recover(elsewhere)
    assert offered(stage, stage.delegate) == []
    with stage.acting(stage.delegate) as session:
        assert referrals_to_close(session, stage.delegate, elsewhere.case_id) == ()
