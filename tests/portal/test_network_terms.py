"""The page of the terms: filled, faulty, saved, and overtaken."""

from identity.roles import Role
from network.referral_terms import Terms
from tests.portal.reading import field
from tests.portal.visitors import SignIn
from tests.world import World


def test_in_the_portal(world: World, sign_in: SignIn) -> None:
    manager = sign_in(world.actor(Role.NETWORK_MANAGER))
    page = manager.get("/netwerk/termijnen").text
    typed = {name: field(page, name) for name in Terms.model_fields}
    assert typed["report_working_days"] == "30"
    wrong = manager.send("/netwerk/termijnen", **(typed | {"report_working_days": "0"}))
    assert (wrong.status_code, field(wrong.text, "report_working_days")) == (422, "0")
    assert manager.send("/netwerk/termijnen", **(typed | {"report_working_days": "20"})).status_code == 303
    assert field(manager.get("/netwerk/termijnen").text, "report_working_days") == "20"
    assert manager.send("/netwerk/termijnen", **typed).status_code == 409
