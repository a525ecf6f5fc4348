"""Builds one world from a seed: the same seed gives the same ids, numbers and moments, whatever the health in it."""

import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import text

from cases.steps import mark_step
from cases.tables import ConsentScope
from core.clock import standing_at, today
from core.database import Database
from identity.actor import Actor
from identity.roles import Role
from medical.cases.assessments import judge_cause
from medical.invoice_tables import ServiceOutcome
from medical.invoices.sessions import NewSession, register_session
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.forms import ReferralForm
from medical.referrals.issue import refer
from medical.referrals.reasons import DeclineReason
from tests.billing.office import Office, Referred, Sick
from tests.network.offers import add_offering
from tests.wall import money
from tests.wall.money import Buyers
from tests.world import World

TOTAL_CENTS = 600_00
MOST_IDS = 4
TOLD_ONE = 5
"""The place of the one about whom the employer may know something."""

PRICES = {"PSY": 100_00, "FYS": 50_00, "REV": 600_00, "TRM": 120_00, "LEE": 300_00, "COA": 75_00, "BMW": 60_00}
"""Confidential interventions and what one unit costs; as many units as it takes cost the same in all."""

CARE_ONLY_STEPS = (28, 42)
"""Steps of which only the medical side knows: which of them was done is different from world to world."""

MOMENT = datetime.now(UTC)
"""When everything happens, in every world."""

HIDDEN, TOLD = (), (ConsentScope.EMPLOYER, ConsentScope.INSURER)
CONSENTS = (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, TOLD)
"""What each employee consents to: five who make a pool, one about whom the employer may know something."""


@dataclass(frozen=True)
class Health:
    """Everything about one employee that the open side may not tell from anything else."""

    cause: str
    medical: bool
    intervention: str
    words: str
    declined: DeclineReason
    days: int = 20  # that the physician hopes to save; an insurer and an employer who is asked may know it
    registered: tuple[ServiceOutcome, ...] = ()  # sessions held and missed

    @property
    def units(self) -> int:
        """How many units cost the total."""
        return TOTAL_CENTS // PRICES[self.intervention]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let everything random come from `seed`, and let it be the same moment all the time."""
    source = random.Random(seed)
    with (
        patch("os.urandom", source.randbytes),
        patch.object(random, "_urandom", source.randbytes),
        patch.object(secrets, "choice", source.choice),
        standing_at(MOMENT),
    ):
        yield


@dataclass
class BuiltWorld:
    """A world, and who looks at it from the open side."""

    office: Office
    roles: dict[Role, Actor]

    def ids(self) -> list[UUID]:
        """Return ids to ask for, the same things in the same order in every world."""
        tables = (
            "billing.invoice",
            "billing.cofinancing_request",
            "billing.budget_request",
            "billing.payment",
            "billing.direct_contract",
            "cases.absence_case",
            "medical.referral",
            "network.offering",
        )
        with self.office.world.database.owner.connect() as connection:
            ids = [connection.execute(text(f"SELECT id FROM {name} ORDER BY created_at, id")) for name in tables]
            return [value for found in ids for value in _ends(found.scalars().all())]


def _ends(ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the first and the last few: what began it all, and what came of it."""
    return ids if len(ids) <= MOST_IDS else [*ids[: MOST_IDS // 2], *ids[-MOST_IDS // 2 :]]


def build_world(database: Database, health: tuple[Health, ...], seed: int) -> BuiltWorld:
    """Play two months of referrals, each declined first, invoices, co-financing and everything that money does."""
    with seeded(seed):
        office = Office(World(database))
        employer = office.employer()
        insurer = office.insurer(employer)
        roles = {
            Role.EMPLOYER: employer,
            Role.INSURER: insurer,
            Role.CASE_MANAGER: office.case_manager(employer),
            Role.NETWORK_MANAGER: office.world.actor(Role.NETWORK_MANAGER),
        }
        offerings = {code: _offering(office, code, price) for code, price in PRICES.items()}
        buyers = Buyers(employer, insurer, roles[Role.CASE_MANAGER])
        lives = [
            _live_through(office, office.sick(employer, *scopes), each, offerings[each.intervention], bool(scopes))
            for scopes, each in zip(CONSENTS, health, strict=True)
        ]
        money.share(office, buyers)
        office.run()
        money.pay(office, employer, money.issued(office, employer)[0])
        money.specify(office, employer, health[0].words)
        # One more who finds nobody to hide among, until the line for services is due.
        hidden = health[0]
        lives.append(_live_through(office, office.sick(employer), hidden, offerings[hidden.intervention], False))
        told = health[TOLD_ONE]
        money.limit(office, employer, 0)
        _refer(office, lives[TOLD_ONE].sick, told, offerings[told.intervention], cofinancing=False, told=True)
        money.agree(office, employer)
        money.limit(office, employer, None)
        money.next_month(office, buyers, [lives[0].invoice_id, lives[TOLD_ONE].invoice_id])
    return BuiltWorld(office, roles)


def _offering(office: Office, code: str, price_cents: int) -> UUID:
    return add_offering(
        office.world,
        office.provider_id,
        intervention=code,
        price_cents=price_cents,
        vat_rate=office.vat_rate,
        sickness_years=[1, 2],
    )


@dataclass(frozen=True)
class Life:
    """Somebody, and what his provider sent."""

    sick: Sick
    invoice_id: UUID


def _live_through(office: Office, sick: Sick, health: Health, offering_id: UUID, cofinancing: bool) -> Life:
    with office.care(office.physician) as session:
        judge_cause(session, office.physician, sick.case_id, health.cause, health.medical)
        mark_step(session, office.physician, sick.case_id, CARE_ONLY_STEPS[health.medical])
    first = _refer(office, sick, health, offering_id, cofinancing=False)
    with office.care(office.provider) as session:
        decline_referral(session, office.provider, first, health.declined)
    second = _refer(office, sick, health, offering_id, cofinancing=cofinancing)
    with office.care(office.provider) as session:
        number = accept_referral(session, office.provider, second).number
    referred = Referred(second, number, sick, health.units)
    price = PRICES[health.intervention]
    line = {"unit_price_cents": price, "description": health.words}
    sent = office.supply(referred, health.units, line=line)
    # However many there are, the chances of what comes after stay the same.
    with seeded(second.int), office.care(office.provider) as session:
        for outcome in health.registered:
            new = NewSession(day=today(), units=1, outcome=outcome)
            register_session(session, office.provider, second, new)
    return Life(sick, sent)


def _refer(
    office: Office, sick: Sick, health: Health, offering_id: UUID, *, cofinancing: bool, told: bool = False
) -> UUID:
    form = ReferralForm(
        case_id=sick.case_id,
        offering_id=offering_id,
        goal=health.words,
        question=f"{health.words}?",
        units=health.units,
        expected_days_saved=20 if cofinancing or told else health.days,
        request_cofinancing=cofinancing,
    )
    with office.care(office.physician) as session:
        return refer(session, office.physician, form).id
