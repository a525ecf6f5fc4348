"""The usual road of a referral, from the judgement to completion, and what is written down on the way."""

from datetime import timedelta

import pytest

from core.clock import today
from medical.referrals.read import read_referral
from medical.referrals.states import Action
from medical.referrals.views import CareReferral
from medical.tables import ReferralState
from tests.medical.stage import GOAL, MEDICAL, Stage, set_stage
from tests.world import World


@pytest.fixture
def stage(world: World) -> Stage:
    return set_stage(world)


def test_a_referral_goes_the_whole_road(stage: Stage) -> None:
    stage.judge(medical=True)
    referral_id = stage.in_state(ReferralState.COMPLETED, MEDICAL)
    with stage.acting(stage.physician) as session:
        found = read_referral(session, stage.physician, referral_id)
    assert isinstance(found, CareReferral)
    assert [event.action for event in found.events] == [
        Action.ISSUE,
        Action.ACCEPT,
        Action.SCHEDULE,
        Action.START,
        Action.REPORT,
        Action.COMPLETE,
    ]
    assert (found.cause, found.medical, found.goal) == ("M01", True, GOAL)
    assert found.header.line.owner is None
    assert found.header.access_until == today() + timedelta(days=30)
    assert found.possible == ()
