"""The referral letter over JSON's door: a file for whoever may read what is asked, and nothing for anybody else."""

import pytest

from identity.roles import Role
from medical.tables import ReferralState
from tests.api.callers import Caller
from tests.medical.stage import MEDICAL, Stage


@pytest.mark.parametrize("reader", ["physician", "delegate", "provider", "employee"])
def test_it_is_a_file_to_keep_that_can_do_nothing(stage: Stage, call: Caller, reader: str) -> None:
    done = stage.issued(MEDICAL)
    answer = call(getattr(stage, reader)).get(f"/referrals/{done.id}/letter.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-1.7")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="verwijsbrief-{done.number}.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SECRETARY, 403), (Role.CASE_MANAGER, 403), (Role.AUDITOR, 403), (Role.EMPLOYER, 404), (Role.INSURER, 404)],
)
def test_others_are_turned_away(stage: Stage, call: Caller, role: Role, status: int) -> None:
    """R18, R21."""
    done = stage.issued(MEDICAL)
    answer = call(stage.world.actor(role)).get(f"/referrals/{done.id}/letter.pdf")
    assert answer.status_code == status


def test_a_draft_has_no_letter_yet(stage: Stage, call: Caller) -> None:
    answer = call(stage.delegate).get(f"/referrals/{stage.draft(MEDICAL).id}/letter.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_issued")


def test_who_declined_gets_it_no_more(stage: Stage, call: Caller) -> None:
    done = stage.issued(MEDICAL)
    provider = call(stage.provider)
    assert provider.post(f"/referrals/{done.id}/decline", json={"reason": "no_capacity"}).status_code == 200
    assert provider.get(f"/referrals/{done.id}/letter.pdf").status_code == 404
    assert stage.row(done.id).state is ReferralState.DECLINED
