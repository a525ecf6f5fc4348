"""The physician's estimate of days over JSON (R60)."""

import pytest

from tests.api.callers import Caller
from tests.medical.insured import by_delegate, insured_stage
from tests.medical.stage import Stage
from tests.world import World


@pytest.fixture
def insured(world: World) -> Stage:
    """A case whose employer has a policy, with every consent, and a delegate who may issue."""
    return insured_stage(world)


def test_from_the_waiting_to_the_estimate(insured: Stage, call: Caller) -> None:
    """R60."""
    referral_id = by_delegate(insured)
    physician, delegate, provider = call(insured.physician), call(insured.delegate), call(insured.provider)
    path = f"/referrals/{referral_id}/days-estimate"
    (found,) = physician.get("/referrals/awaiting-days-estimate").json()["results"]
    assert (found["referral_id"], found["stated_days"]) == (str(referral_id), 30)
    assert physician.get(path).status_code == 404
    assert delegate.post(path, json={"days": 30}).status_code == 403
    assert provider.get(path).status_code == 403
    assert physician.post(path, json={"days": 731}).status_code == 422
    made = physician.post(path, json={"days": 20})
    assert (made.status_code, made.json()["days"], made.json()["is_prepared"]) == (201, 20, True)
    assert delegate.get(path).json()["days"] == 20
    assert physician.post(path, json={"days": 20}).status_code == 409
