"""A case as it was known at any moment: nothing of later, and nothing lost of before."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from cases.tables import ConsentScope
from core.clock import now, standing_at
from core.errors import Forbidden, Invalid, NotFound
from identity.actor import Actor
from medical.cases.history import CaseThen, case_as_of
from medical.referrals.draft import revise_draft
from medical.referrals.forms import Asked
from medical.referrals.issue import issue_referral
from medical.tables import ReferralState
from tests.api.callers import Caller, callers
from tests.medical.stage import OPEN, Stage


def ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def then(stage: Stage, days: int, reader: Actor | None = None) -> CaseThen:
    reader = reader or stage.physician
    with stage.acting(reader) as session:
        return case_as_of(session, reader, stage.case_id, ago(days) + timedelta(minutes=5))


@pytest.fixture
def played(stage: Stage) -> UUID:
    """Ten days: judged, consented, mandated, drafted, changed, judged anew, withdrawn, revoked and issued."""
    with standing_at(ago(10)):
        stage.judge(medical=True, cause="M01")
        consent = stage.consent(ConsentScope.INSURER)
        mandate = stage.mandate()
    with standing_at(ago(8)):
        draft = stage.draft(OPEN)
    with standing_at(ago(6)), stage.acting(stage.delegate) as session:
        asked = Asked(goal="Nieuw doel", question="Nieuw", units=2, expected_days_saved=5)
        revise_draft(session, stage.delegate, draft.id, asked)
    with standing_at(ago(4)):
        stage.judge(medical=False, cause="W03")
        stage.withdraw(consent)
        stage.revoke(mandate)
    with standing_at(ago(2)), stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, draft.id)
    return draft.id


def test_before_the_beginning_nothing_was_known(stage: Stage, played: UUID) -> None:
    found = then(stage, 11)
    assert (found.judged, found.consents, found.mandates, found.referrals) == (None, (), (), ())


@pytest.mark.parametrize(
    ("days", "cause", "held"), [(10, "M01", True), (5, "M01", True), (4, "W03", False), (0, "W03", False)]
)
def test_judgement_consent_and_mandate_are_those_of_then(
    stage: Stage, played: UUID, days: int, cause: str, held: bool
) -> None:
    """R3, R7, R24."""
    if days == 0:
        with stage.acting(stage.physician) as session:
            found = case_as_of(session, stage.physician, stage.case_id, now())
    else:
        found = then(stage, days)
    assert found.judged is not None
    assert found.judged.cause == cause
    assert [each.in_force for each in found.consents] == [held]
    assert [each.in_force for each in found.mandates] == [held]


@pytest.mark.parametrize(
    ("days", "state", "goal", "changed"),
    [
        (8, ReferralState.DRAFT, "Weer acht uur per dag kunnen werken", True),
        (6, ReferralState.DRAFT, "Nieuw doel", False),
        (2, ReferralState.ISSUED, "Nieuw doel", False),
    ],
)
def test_a_referral_stands_as_it_stood_with_what_changed_since(
    stage: Stage, played: UUID, days: int, state: ReferralState, goal: str, changed: bool
) -> None:
    (found,) = then(stage, days).referrals
    assert (found.id, found.state, found.goal) == (played, state, goal)
    assert ("goal" in {each.field for each in found.changed_since}) is changed


def test_the_delegate_sees_it_too_and_it_is_recorded(stage: Stage, played: UUID) -> None:
    """R17, R68."""
    assert then(stage, 8, stage.delegate).referrals[0].id == played
    assert "medical:case:past" in [event.tag for event in stage.trail(stage.case_id)]


def test_others_and_moments_to_come_are_refused(stage: Stage, played: UUID) -> None:
    """R21."""
    for other in (stage.provider, stage.employee, stage.secretary):
        with pytest.raises(Forbidden):
            then(stage, 1, other)
    with pytest.raises(NotFound):
        then(stage, 1, stage.elsewhere().delegate)
    with stage.acting(stage.physician) as session, pytest.raises(Invalid, match="moet nog komen"):
        case_as_of(session, stage.physician, stage.case_id, now() + timedelta(hours=1))


def test_over_json(stage: Stage, played: UUID) -> None:
    call: Caller = callers(stage.world.database, stage.world)
    physician, path = call(stage.physician), f"/cases/{stage.case_id}/as-of"
    answer = physician.get(path, params={"at": (ago(6) + timedelta(hours=1)).isoformat()})
    assert answer.status_code == 200
    body = answer.json()
    assert body["judged"]["cause"]["code"] == "M01"
    assert [each["in_force"] for each in body["consents"]] == [True]
    assert [(each["state"], each["goal"]) for each in body["referrals"]] == [("draft", "Nieuw doel")]
    for wrong in ("gisteren", "2026-11-20T14:00:00", (now() + timedelta(days=1)).isoformat()):
        assert physician.get(path, params={"at": wrong}).status_code == 422
    assert call(stage.employee).get(path, params={"at": now().isoformat()}).status_code == 403
