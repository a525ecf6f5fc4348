"""Lives one employee's referral: judged, declined, taken, held, invoiced, and looked at in an emergency."""

import random
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch
from uuid import UUID

from sqlmodel import Session, select

from cases.emergencies import end_emergency
from cases.emergency_tables import EmergencyReason
from cases.steps import mark_step
from cases.tables import AbsenceCase
from core.clock import standing_at, today
from identity.actor import Actor
from identity.roles import Role
from medical.cases.assessments import judge_cause
from medical.cases.emergencies import NewEmergency, open_emergency, read_emergency_file
from medical.invoices.input import LineInput
from medical.invoices.sessions import NewSession, register_session
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.forms import ReferralForm
from medical.referrals.issue import refer
from tests.billing.office import Office, Referred, Sick
from tests.network.offers import add_offering, add_provider
from tests.wall.health import HOUSES, PRICES, Health

MOMENT = datetime.now(UTC)
"""When everything is looked at, in every world."""

CARE_ONLY_STEPS = (28, 42)
"""Steps of which only the medical side knows: which of them was done is different from world to world."""

KNOWN_DAYS = 20
"""What whoever is asked for money reads of the days that the physician hopes to save."""

PART = Decimal("0.25")
"""What is billed of a unit for each session but the first, so that any number of sessions costs the same."""


@contextmanager
def seeded(seed: int, ago: int = 0) -> Iterator[None]:
    """Let everything random come from `seed`, and let it be the same moment all the time, some days ago."""
    source = random.Random(seed)
    with (
        patch("os.urandom", source.randbytes),
        patch.object(random, "_urandom", source.randbytes),
        patch.object(secrets, "choice", source.choice),
        _days_ago(ago),
    ):
        yield


@dataclass(frozen=True)
class House:
    """A provider: somebody there, and what it offers."""

    actor: Actor
    offerings: dict[str, UUID]


def open_house(office: Office, name: str) -> House:
    """Register a provider that offers everything at the prices of everybody."""
    provider_id = add_provider(office.world, name)
    offerings = {
        code: add_offering(
            office.world,
            provider_id,
            intervention=code,
            price_cents=price,
            vat_rate=office.vat_rate,
            sickness_years=[1, 2],
        )
        for code, price in PRICES.items()
    }
    return House(office.world.actor(Role.PROVIDER, provider_id), offerings)


@dataclass(frozen=True)
class Lives:
    """The medical side of a world: its providers, and the delegate of another employer who may break the glass."""

    office: Office
    houses: tuple[House, ...]
    delegate: Actor

    @classmethod
    def of(cls, office: Office) -> "Lives":
        """Let everybody be there."""
        elsewhere = office.employer("Elders en Zonen")
        delegate = office.world.actor(Role.DELEGATE, employers=(elsewhere.organisation_id,))
        return cls(office, tuple(open_house(office, name) for name in HOUSES), delegate)

    def live(self, sick: Sick, health: Health, ago: int, *, seed: int, cofinancing: bool = False) -> UUID:
        """Live one through, referred so many days ago, and return the invoice of the provider.

        What comes more or less often draws from a seed of its own: the chances of the rest stay the same.
        """
        office, house = self.office, self.houses[health.house]
        with seeded(seed + 1, ago), office.care(office.physician) as session:
            judge_cause(session, office.physician, sick.case_id, health.cause, health.medical)
            mark_step(session, office.physician, sick.case_id, CARE_ONLY_STEPS[health.medical])
        self._ask_in_vain(sick, health, ago, seed + 2)
        with seeded(seed, ago):
            referral_id = self.refer(sick, health, house, cofinancing=cofinancing)
            with office.care(house.actor) as session:
                number = accept_referral(session, house.actor, referral_id).number
        self._hold(referral_id, health, ago, seed + 3)
        if health.emergency:
            self._break_the_glass(sick, health, seed + 4)
        return self._bill(Referred(referral_id, number, sick, health.units), health, ago, seed + 5)

    def refer(self, sick: Sick, health: Health, house: House, *, cofinancing: bool = False, told: bool = False) -> UUID:
        """Refer somebody; `told`: the employer will be asked, who reads how many days it may save."""
        form = ReferralForm(
            case_id=sick.case_id,
            offering_id=house.offerings[health.intervention],
            goal=health.words,
            question=f"{health.words}?",
            units=health.units,
            expected_days_saved=KNOWN_DAYS if cofinancing or told else health.days,
            request_cofinancing=cofinancing,
        )
        with self.office.care(self.office.physician) as session:
            return refer(session, self.office.physician, form).id

    def _ask_in_vain(self, sick: Sick, health: Health, ago: int, seed: int) -> None:
        other = self.houses[1 - health.house]
        with seeded(seed, ago):
            for reason in health.declined:
                referral_id = self.refer(sick, health, other)
                with self.office.care(other.actor) as session:
                    decline_referral(session, other.actor, referral_id, reason)

    def _hold(self, referral_id: UUID, health: Health, ago: int, seed: int) -> None:
        actor = self.houses[health.house].actor
        with seeded(seed):
            for held in health.held:
                with _days_ago(_left(ago, held.day)), self.office.care(actor) as session:
                    register_session(session, actor, referral_id, NewSession(day=today(), outcome=held.outcome))

    def _bill(self, referred: Referred, health: Health, ago: int, seed: int) -> UUID:
        days = sorted({_left(ago, held.day) for held in health.held} or {ago}, reverse=True)
        with seeded(seed, days[-1]):
            first = health.units - PART * (len(days) - 1)
            lines = [
                LineInput(
                    description=health.words,
                    date=_day(day),
                    quantity=PART if nth else first,
                    unit_price_cents=PRICES[health.intervention],
                    vat_rate=self.office.vat_rate,
                )
                for nth, day in enumerate(days)
            ]
            invoice = self.office.invoice(referred, lines=lines)
            sent = self.office.send(invoice, self.houses[health.house].actor).id
            self.office.approve(sent)
        return sent

    def _break_the_glass(self, sick: Sick, health: Health, seed: int) -> None:
        with Session(self.office.world.database.owner) as session:
            number = session.exec(select(AbsenceCase.number).where(AbsenceCase.id == sick.case_id)).one()
        words = f"{health.words}: dit kan niet wachten"
        new = NewEmergency(sought=number, reason=EmergencyReason.COVER, words=words)
        with seeded(seed):
            with self.office.care(self.delegate) as session:
                opened = open_emergency(session, self.delegate, new)
            assert opened is not None
            with self.office.care(self.delegate) as session:
                read_emergency_file(session, self.delegate, opened)
            with self.office.care(self.delegate) as session:
                end_emergency(session, self.delegate, opened)


def _left(ago: int, day: int) -> int:
    """Return how many days ago it was so many days after a referral; none lies ahead."""
    return max(ago - day, 0)


def _days_ago(days: int) -> AbstractContextManager[None]:
    return standing_at(MOMENT - timedelta(days=days))


def _day(ago: int) -> date:
    with _days_ago(ago):
        return today()
