"""What was told to whom, over JSON's door."""

import pytest

from identity.roles import Role
from tests.api.callers import Caller
from tests.medical.stage import MEDICAL, Stage


@pytest.mark.parametrize("reader", ["employee", "physician", "delegate"])
def test_it_says_what_to_whom_when_and_under_which_consent(stage: Stage, call: Caller, reader: str) -> None:
    """R27."""
    done = stage.issued(MEDICAL)
    answer = call(getattr(stage, reader)).get(f"/cases/{stage.case_id}/disclosures")
    assert answer.status_code == 200
    (told,) = answer.json()["results"]
    assert (told["what"], told["recipient"], told["recipient_name"]) == ("referral", "provider", "Praktijk De Brug")
    assert (told["referral_id"], told["referral_number"]) == (str(done.id), done.number)
    assert told["consent"] == {"scope": "provider", "form": "written", "text_version": "2026-1", "withdrawn_at": None}


def test_a_consent_says_its_words_and_who_recorded_it(stage: Stage, call: Caller) -> None:
    """R23."""
    stage.consent()
    (found,) = call(stage.employee).get(f"/cases/{stage.case_id}/consents").json()["results"]
    assert "Uw klacht of oorzaak gaat niet mee" in found["text"]
    assert (found["recorded_role"], found["recorded_by_name"], found["withdrawn_role"]) == (
        "physician",
        "Test physician",
        None,
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SECRETARY, 403), (Role.PROVIDER, 403), (Role.CASE_MANAGER, 403), (Role.EMPLOYER, 404), (Role.INSURER, 404)],
)
def test_others_are_turned_away(stage: Stage, call: Caller, role: Role, status: int) -> None:
    """R18, R20, R21."""
    assert call(stage.world.actor(role)).get(f"/cases/{stage.case_id}/disclosures").status_code == status


def test_another_case_is_not_there(stage: Stage, call: Caller) -> None:
    elsewhere = stage.elsewhere()
    assert call(elsewhere.employee).get(f"/cases/{stage.case_id}/disclosures").status_code == 404
    assert call(elsewhere.delegate).get(f"/cases/{stage.case_id}/disclosures").status_code == 404
