"""The page on which the physician estimates the days, before an insurer is asked (R60)."""

import pytest

from tests.medical.insured import by_delegate, insured_stage
from tests.medical.stage import Stage
from tests.portal.open_pages import faults_of, words_of
from tests.portal.visitors import SignIn
from tests.world import World


@pytest.fixture
def insured(world: World) -> Stage:
    """A case whose employer has a policy, with every consent, and a delegate who may issue."""
    return insured_stage(world)


def test_from_the_worklist_to_the_request(insured: Stage, sign_in: SignIn) -> None:
    """R60: from the worklist to the request."""
    referral_id = by_delegate(insured)
    physician, delegate = sign_in(insured.physician), sign_in(insured.delegate)
    path = f"/arts/verwijzingen/{referral_id}"
    assert "Schat de dagen voor een verzekeraar" in words_of(physician.get("/arts").text)
    assert "Schat de dagen" not in words_of(delegate.get("/arts").text)
    assert delegate.get(f"{path}/dagen").status_code == 403
    assert 'value="30"' in physician.get(f"{path}/dagen").text
    assert len(faults_of(physician.send(f"{path}/dagen", days="0").text)) == 1
    assert physician.send(f"{path}/dagen", days="15").status_code == 303
    assert "Geschat door de bedrijfsarts" in words_of(physician.get(path).text)
    assert "geen schatting meer nodig" in words_of(physician.get(f"{path}/dagen").text)
    assert "Schat de dagen voor een verzekeraar" not in words_of(physician.get("/arts").text)
