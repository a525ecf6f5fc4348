"""A stage on which a delegate may issue a referral that asks an insurer to share."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from billing.tables import InsurancePolicy, PolicyKind
from cases.tables import ConsentScope
from core.clock import today
from identity.roles import OrganisationKind
from medical.referrals.issue import issue_referral
from tests.medical.stage import OPEN, Stage, set_stage
from tests.world import World


def insured_stage(world: World) -> Stage:
    """Set a case whose employer has a policy, with every consent, and a delegate who may issue."""
    stage = set_stage(world)
    insurer_id = world.organisation(OrganisationKind.INSURER, "Verzekeraar De Eik")
    world.add(
        InsurancePolicy(
            tenant_id=world.tenant_id,
            insurer_id=insurer_id,
            employer_id=stage.employer_id,
            kind=PolicyKind.ABSENCE,
            number="P-1",
            valid_from=today() - timedelta(days=300),
            valid_until=today() + timedelta(days=300),
            percentage=50,
        )
    )
    for scope in ConsentScope:
        stage.consent(scope)
    stage.judge(medical=False)
    stage.mandate()
    return stage


def by_delegate(stage: Stage, **changes: Any) -> UUID:
    """Return a referral that the delegate issued under his mandate; he stated thirty days."""
    draft = stage.draft(OPEN, request_cofinancing=True, **changes)
    with stage.acting(stage.delegate) as session:
        issue_referral(session, stage.delegate, draft.id)
    return draft.id
