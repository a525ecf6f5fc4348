"""The days that a payer is told are a physician's own estimate (R60): kept by the use cases and by the database."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from billing.tables import CofinancingRequest
from core.errors import Conflict, Forbidden, NotFound
from identity.actor import Actor
from medical.referrals.estimate import Estimate, Estimated, estimate_days, estimate_of, estimates_waiting
from medical.referrals.issue import issue_referral
from medical.tables import CofinancingLink
from tests.medical.insured import by_delegate, insured_stage
from tests.medical.stage import CONF_NON_MEDICAL, OPEN, Stage
from tests.world import World


@pytest.fixture
def stage(world: World) -> Stage:
    """A case whose employer has a policy, with every consent, and a delegate who may issue."""
    return insured_stage(world)


def requested(stage: Stage, referral_id: UUID) -> CofinancingRequest | None:
    with stage.acting(stage.physician) as session:
        return session.exec(
            select(CofinancingRequest)
            .join(CofinancingLink, CofinancingLink.request_id == CofinancingRequest.id)  # type: ignore[arg-type]
            .where(CofinancingLink.referral_id == referral_id)
        ).first()


def estimate(stage: Stage, referral_id: UUID, days: int, actor: Actor | None = None) -> Estimated:
    actor = actor or stage.physician
    with stage.acting(actor) as session:
        return estimate_days(session, actor, referral_id, Estimate(days=days))


def waiting(stage: Stage) -> list[tuple[UUID, int]]:
    with stage.acting(stage.physician) as session:
        return [(each.referral_id, each.stated_days) for each in estimates_waiting(session, stage.physician)]


def test_what_a_delegate_states_goes_to_nobody(stage: Stage) -> None:
    """R60: it waits on the physician's worklist, and goes out with the days that he gives."""
    referral_id = by_delegate(stage)
    assert requested(stage, referral_id) is None
    assert waiting(stage) == [(referral_id, 30)]
    with pytest.raises(Forbidden):
        estimate(stage, referral_id, 30, stage.delegate)
    done = estimate(stage, referral_id, 12)
    assert (done.is_prepared, done.estimate.days) == (True, 12)
    request = requested(stage, referral_id)
    assert request is not None
    assert request.expected_days == 12
    assert waiting(stage) == []
    assert "medical:days:estimated" in [each.tag for each in stage.trail(referral_id)]
    with pytest.raises(Conflict):
        estimate(stage, referral_id, 40)


def test_a_physician_who_signs_makes_the_days_his_own(stage: Stage) -> None:
    """R60: his own referral, and a delegate's draft that he issues."""
    own = stage.refer(stage.physician, OPEN, request_cofinancing=True).id
    draft = stage.draft(CONF_NON_MEDICAL, request_cofinancing=True).id
    with stage.acting(stage.physician) as session:
        issue_referral(session, stage.physician, draft)
    for referral_id in (own, draft):
        request = requested(stage, referral_id)
        assert request is not None
        assert request.expected_days == 30
        with stage.acting(stage.delegate) as session:
            kept = estimate_of(session, stage.delegate, referral_id)
        assert kept is not None
        assert kept.days == 30


def test_nought_is_no_estimate(stage: Stage) -> None:
    """R60."""
    referral_id = stage.refer(stage.physician, OPEN, request_cofinancing=True, expected_days_saved=0).id
    assert requested(stage, referral_id) is None
    assert waiting(stage) == [(referral_id, 0)]


def test_only_where_an_insurer_can_be_asked(stage: Stage) -> None:
    """R60: nothing to estimate for what asks nobody, or is not there."""
    asks_nobody = stage.refer(stage.physician, OPEN).id
    draft = stage.draft(CONF_NON_MEDICAL, request_cofinancing=True).id
    for referral_id in (asks_nobody, draft):
        with pytest.raises(Conflict):
            estimate(stage, referral_id, 5)
    with pytest.raises(NotFound):
        estimate(stage, stage.case_id, 5)
    assert waiting(stage) == []


INSERT = text(
    "INSERT INTO medical.days_estimate (id, tenant_id, created_at, employer_id, employee_id, case_id, referral_id,"
    " provider_id, days, estimated_by) SELECT gen_random_uuid(), tenant_id, now(), employer_id, employee_id, case_id,"
    " id, provider_id, 5, :by FROM medical.referral WHERE id = :id"
)
LINK = text(
    "INSERT INTO medical.cofinancing_link (id, tenant_id, created_at, employer_id, employee_id, case_id, referral_id,"
    " request_id) SELECT gen_random_uuid(), tenant_id, now(), employer_id, employee_id, case_id, id, :request"
    " FROM medical.referral WHERE id = :id"
)
COPY = text(
    "INSERT INTO billing.cofinancing_request SELECT (jsonb_populate_record(r, jsonb_build_object("
    "'id', CAST(:new AS uuid), 'matter_id', CAST(:new AS uuid), 'number', 'CF-X', 'created_at', now()))).*"
    " FROM billing.cofinancing_request r WHERE id = :old"
)


def test_the_database_lets_nobody_else_estimate(stage: Stage) -> None:
    """R60."""
    referral_id = by_delegate(stage)
    for actor, by in (
        (stage.delegate, stage.delegate),
        (stage.delegate, stage.physician),
        (stage.physician, stage.delegate),
    ):
        with pytest.raises(DBAPIError, match="row-level security"), stage.acting(actor) as session:
            session.execute(INSERT, {"id": referral_id, "by": by.account_id})
    estimate(stage, referral_id, 12)
    for change in ("UPDATE medical.days_estimate SET days = 9", "DELETE FROM medical.days_estimate"):
        with pytest.raises(DBAPIError), stage.acting(stage.physician) as session:
            session.execute(text(change))


def test_the_database_lets_no_request_out_without_an_estimate(stage: Stage) -> None:
    """R60: neither linked to a referral without one, nor with other days, nor without a link at all."""
    told = stage.refer(stage.physician, CONF_NON_MEDICAL, request_cofinancing=True).id
    request = requested(stage, told)
    assert request is not None
    untold = by_delegate(stage)
    with pytest.raises(DBAPIError, match="estimate of a physician"), stage.acting(stage.delegate) as session:
        session.execute(LINK, {"id": untold, "request": request.id})
    with pytest.raises(DBAPIError, match="comes from a referral"), stage.acting(stage.delegate) as session:
        session.execute(COPY, {"old": request.id, "new": stage.case_id})
