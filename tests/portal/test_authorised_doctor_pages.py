"""The case manager names the doctor whom the employer authorises, and ends it; in the portal and over JSON."""

import pytest

from identity.roles import Role
from tests.medical.stage import Stage
from tests.portal.reading import field, find, main_of
from tests.portal.visitors import SignIn


def test_named_seen_and_ended(stage: Stage, sign_in: SignIn) -> None:
    """R16."""
    manager = sign_in(stage.case_manager)
    case = f"/regie/dossiers/{stage.case_id}"
    assert f"{case}/arts-gemachtigde" in manager.get(case).text
    path = f"{case}/arts-gemachtigde"
    wrong = manager.send(path, name="A. Bos", register_number="12")
    assert (wrong.status_code, field(wrong.text, "name")) == (422, "A. Bos")
    assert manager.send(path, name="A. Bos", register_number="19065432101").status_code == 303
    page = manager.get(path).text
    assert "19065432101" in main_of(page)
    (act,) = find(page, '//form[contains(@action, "beeindigen")]/@action')
    assert manager.send(str(act)).status_code == 303
    assert "A. Bos" not in main_of(manager.get(path).text)


def test_a_physician_says_so_himself(stage: Stage, sign_in: SignIn) -> None:
    """R16."""
    physician = sign_in(stage.physician)
    path = f"/arts/dossiers/{stage.case_id}/oordeel"
    (act,) = find(physician.get(path).text, '//form[contains(@action, "gemachtigd")]/@action')
    assert physician.send(str(act)).status_code == 303
    refused = physician.send(path, cause="M01", medical="yes")
    assert refused.status_code == 403
    assert "arts-gemachtigde" in main_of(refused.text)


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER, Role.NETWORK_MANAGER])
def test_nobody_else_has_the_page(stage: Stage, sign_in: SignIn, role: Role) -> None:
    organisation = stage.employer_id if role is Role.EMPLOYER else None
    visitor = sign_in(stage.world.actor(role, organisation))
    assert visitor.get(f"/regie/dossiers/{stage.case_id}/arts-gemachtigde").status_code in (403, 404)
