"""The terms of a referral over JSON: everybody who acts on one reads them, the network manager sets them."""

from identity.roles import Role
from tests.api.callers import Caller, faulty_fields
from tests.world import World


def test_over_json(world: World, call: Caller) -> None:
    manager, provider = call(world.actor(Role.NETWORK_MANAGER)), call(world.actor(Role.PROVIDER))
    now = provider.get("/referral-terms").json()
    assert now["answer_working_days"] == 3
    assert provider.put("/referral-terms", json=now).status_code == 403
    wrong = manager.put("/referral-terms", json=now | {"sign_working_days": 0, "extra": 1})
    assert (wrong.status_code, set(faulty_fields(wrong.json()))) == (422, {"sign_working_days", "extra"})
    assert manager.put("/referral-terms", json=now | {"sign_working_days": 4}).json()["terms_version"] == 2
    assert manager.put("/referral-terms", json=now).status_code == 409
