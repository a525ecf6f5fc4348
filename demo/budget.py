"""The demo employer's budget, and a draft above it that waits for him."""

from sqlmodel import select

from billing.budget.mandates import NewBudget, set_budget
from core.clock import today
from core.database import Door
from demo.people import demo_id
from demo.stage import Stage
from medical.release import ask_employer
from medical.tables import Referral, ReferralState
from network.taxonomy import Disclosure

PER_CASE, PER_YEAR = 500_000, 10_000_000
"""In cents, and high enough that whoever tries the demo out can refer without waiting for anybody."""


def keep_budget(stage: Stage) -> None:
    """Let the bakery set a budget, and ask it about the first open draft; after everything else was played."""
    employer_id = demo_id("organisation:zonneveld")
    with stage.acting(stage.actors["werkgever"], door=Door.OPEN) as act:
        set_budget(
            act.session,
            act.actor,
            NewBudget(per_case_cents=PER_CASE, per_year_cents=PER_YEAR, valid_from=today()),
        )
    with stage.acting(stage.actors["ba"]) as act:
        draft = act.session.exec(
            select(Referral.id)
            .where(Referral.employer_id == employer_id, Referral.state == ReferralState.DRAFT)
            .where(Referral.disclosure == Disclosure.OPEN, Referral.units * Referral.unit_price_cents > PER_CASE)
            .order_by(Referral.number)
        ).first()
        if draft is not None:
            ask_employer(act.session, act.actor, draft)
