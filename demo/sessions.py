"""Sessions of the demo: what the psychologist registered of the help that runs, and has still to bill."""

from sqlmodel import select

from core.clock import today
from demo.people import demo_id
from demo.stage import Stage
from medical.invoice_tables import ServiceOutcome
from medical.invoices.sessions import NewSession, register_session
from medical.tables import Referral, ReferralState

SESSIONS = (
    (21, ServiceOutcome.DELIVERED),
    (14, ServiceOutcome.DELIVERED),
    (7, ServiceOutcome.NO_SHOW),
    (1, ServiceOutcome.DELIVERED),
)
"""How many days ago, and what became of it."""


def register_sessions(stage: Stage) -> None:
    """Let the psychologist register sessions of the first employee of the bakery, on the day itself."""
    for days_ago, outcome in SESSIONS:
        with stage.acting(stage.actors["psycholoog"], days_ago) as act:
            referral_id = act.session.exec(
                select(Referral.id)
                .where(Referral.employee_id == demo_id("employee:Z-101"), Referral.state == ReferralState.RUNNING)
                .limit(1)
            ).one()
            register_session(act.session, act.actor, referral_id, NewSession(day=today(), outcome=outcome))
