"""Policies and the order of insurers over JSON."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from core.clock import today
from identity.roles import OrganisationKind, Role
from tests.api.callers import Caller, faulty_fields
from tests.billing.office import OPEN, Office
from tests.billing.test_cofinancing import BOTH


def body(office: Office, employer_id: object, insurer_id: object, **changes: Any) -> dict[str, Any]:
    return {
        "insurer_id": str(insurer_id),
        "employer_id": str(employer_id),
        "kind": "absence",
        "number": "VZ-1",
        "valid_from": (today() - timedelta(days=300)).isoformat(),
        "valid_until": (today() + timedelta(days=300)).isoformat(),
        "percentage": 50,
        "budget_cents": 600_00,
        "rules": [{"percentage": 75, "intervention": OPEN, "before_week": 35}],
    } | changes


def test_from_a_policy_to_the_next_insurer(office: Office, call: Caller) -> None:
    """R57, R61: 75% of 1,000.00 passes the budget of 600.00, so it is granted in part, and another is asked."""
    employer = office.employer()
    insurers = [office.world.organisation(OrganisationKind.INSURER, name) for name in ("Een", "Twee")]
    network, manager = call(office.world.actor(Role.NETWORK_MANAGER)), call(office.case_manager(employer))
    first = network.post("/policies", json=body(office, employer.organisation_id, insurers[0]))
    assert first.status_code == 201, first.text
    assert first.json()["budget"] is None
    network.post("/policies", json=body(office, employer.organisation_id, insurers[1], kind="health", rules=[]))
    request = office.request_of(office.referred(office.sick(employer, *BOTH), OPEN, cofinancing=True))
    assert request is not None
    path = f"/cofinancing-requests/{request.id}"
    offers = manager.get(f"{path}/insurers").json()["results"]
    assert [(each["requested"]["cents"], each["policy"]["kind"]) for each in offers] == [
        (750_00, "absence"),
        (500_00, "health"),
    ]
    assert offers[0]["rule"] == {"percentage": 75, "intervention": OPEN, "before_week": 35}
    sent = manager.post(f"{path}/submit", json={"annual_wage_cents": 44_000_00})
    assert (sent.json()["daily_cost"]["cents"], sent.json()["overdue"]) == (260_00, False)
    insurer = call(office.world.actor(Role.INSURER, insurers[0]))
    refused = insurer.post(f"{path}/decision", json={"outcome": "approved"})
    assert (refused.status_code, faulty_fields(refused.json())) == (422, ["outcome"])
    insurer.post(f"{path}/decision", json={"outcome": "partial", "amount_cents": 600_00})
    (policy,) = insurer.get("/policies").json()["results"]
    assert policy["budget"]["left"]["cents"] == 0
    following = manager.post(f"{path}/next", json={"policy_id": offers[1]["policy_id"]})
    assert following.status_code == 201, following.text
    assert following.json()["requested"]["cents"] == 200_00
    again = manager.post(f"{path}/next", json={"policy_id": offers[1]["policy_id"]})
    assert again.status_code == 409


def test_a_policy_is_changed_and_ended(office: Office, call: Caller) -> None:
    """R61."""
    employer = office.employer()
    insurer_id = office.world.organisation(OrganisationKind.INSURER, "Een")
    network = call(office.world.actor(Role.NETWORK_MANAGER))
    first = network.post("/policies", json=body(office, employer.organisation_id, insurer_id)).json()
    terms = body(office, employer.organisation_id, insurer_id, percentage=20)
    for party in ("insurer_id", "employer_id", "kind"):
        del terms[party]
    early = network.post(f"/policies/{first['id']}/versions", json=terms)
    assert faulty_fields(early.json()) == ["valid_from"]
    terms["valid_from"] = (today() + timedelta(days=10)).isoformat()
    second = network.post(f"/policies/{first['id']}/versions", json=terms).json()
    found = network.get(f"/policies/{second['id']}/versions").json()["results"]
    assert [each["percentage"] for each in found] == [20, 50]
    ended = network.post(f"/policies/{second['id']}/end", json={"last_day": (today() + timedelta(days=20)).isoformat()})
    assert ended.json()["ended_on"] == (today() + timedelta(days=20)).isoformat()


@pytest.mark.parametrize("role", [Role.EMPLOYER, Role.INSURER, Role.CASE_MANAGER, Role.SECRETARY])
def test_others_keep_no_policies(office: Office, call: Caller, role: Role) -> None:
    """R70."""
    employer = office.employer()
    actor = employer if role is Role.EMPLOYER else office.insurer(employer) if role is Role.INSURER else None
    client = call(actor or (office.case_manager(employer) if role is Role.CASE_MANAGER else office.secretary))
    answer = client.post("/policies", json=body(office, employer.organisation_id, uuid4()))
    assert answer.status_code == (404 if role in (Role.EMPLOYER, Role.INSURER) else 403)
