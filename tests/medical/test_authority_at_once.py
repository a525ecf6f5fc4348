"""A referral that is issued without ever having been a draft: the database asks of it what it asks of a draft."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.clock import today
from identity.actor import Actor
from identity.roles import Role
from medical.tables import ReferralState
from tests.medical.flaws import FLAWS, Flaw, nothing
from tests.medical.stage import CONF_NON_MEDICAL, OPEN, Stage

INSERT = text(
    "INSERT INTO medical.referral SELECT * FROM jsonb_populate_record(NULL::medical.referral, CAST(:row AS jsonb))"
)


def issue_at_once(stage: Stage, actor: Actor, intervention: str = OPEN, **changes: Any) -> None:
    """Insert a copy of a draft, as issued by `actor` under the physician's responsibility."""
    like = stage.row(stage.draft(intervention).id).model_dump()
    issued = {"id": uuid4(), "number": "V-COPY", "state": "issued", "issued_by": actor.account_id, "issued_on": today()}
    responsible = {"physician_account_id": stage.physician.account_id}
    with stage.acting(actor) as session:
        session.execute(INSERT, {"row": json.dumps(like | issued | responsible | changes, default=str)})


def test_the_physician_may(stage: Stage) -> None:
    issue_at_once(stage, stage.physician)
    issue_at_once(stage, stage.physician, CONF_NON_MEDICAL, number="V-OTHER", consent_id=stage.consent())


def test_a_delegate_may_under_a_mandate(stage: Stage) -> None:
    issue_at_once(stage, stage.delegate, mandate_id=nothing(stage))


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.name)
def test_a_delegate_may_not_without_authority(stage: Stage, flaw: Flaw) -> None:
    mandate_id, consent_id = flaw.arrange(stage), stage.consent()
    with pytest.raises(DBAPIError, match=r"only a physician refers|no mandate that is valid today"):
        issue_at_once(stage, stage.delegate, flaw.intervention, mandate_id=mandate_id, consent_id=consent_id)


@pytest.mark.parametrize("name", ["provider", "secretary", "employee", "system"])
def test_others_may_not(stage: Stage, name: str) -> None:
    actor: Actor = getattr(stage, name)
    mandate_id = nothing(stage)
    with pytest.raises(DBAPIError):
        issue_at_once(stage, actor, mandate_id=mandate_id)
    with pytest.raises(DBAPIError):
        issue_at_once(stage, actor, mandate_id=mandate_id, issued_by=stage.physician.account_id)


def test_a_physician_only_in_his_own_name(stage: Stage) -> None:
    other = stage.world.actor(Role.PHYSICIAN)
    with pytest.raises(DBAPIError, match="under his own name"):
        issue_at_once(stage, stage.physician, physician_account_id=other.account_id)
    with pytest.raises(DBAPIError, match="in the name of another"):
        issue_at_once(stage, stage.physician, issued_by=other.account_id)


def test_a_physician_not_when_his_registration_has_lapsed(stage: Stage) -> None:
    stage.end_registration(stage.physician)
    with pytest.raises(DBAPIError, match="only a physician refers"):
        issue_at_once(stage, stage.physician)


def test_not_without_the_consent_that_it_needs(stage: Stage) -> None:
    with pytest.raises(DBAPIError, match="needs the consent"):
        issue_at_once(stage, stage.physician, CONF_NON_MEDICAL)
    with pytest.raises(DBAPIError, match="as the taxonomy says"):
        issue_at_once(stage, stage.physician, CONF_NON_MEDICAL, disclosure="OPEN")


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"scheduled_for": today()},
        {"started_on": today()},
        {"access_until": today() + timedelta(days=900)},
        {"state": ReferralState.RUNNING.value},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_not_further_than_its_beginning(stage: Stage, changes: dict[str, Any]) -> None:
    with pytest.raises(DBAPIError, match=r"begins at its beginning|issued before anything else"):
        issue_at_once(stage, stage.physician, **changes)
