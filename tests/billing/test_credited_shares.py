"""What a provider gives back, an insurer is no longer charged, and his policy's budget and the employer's are freed."""

import pytest
from sqlmodel import Session, select

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.policy_budget import PolicyBudget, policy_budget
from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import ask_next_insurer, submit_cofinancing
from billing.tables import CofinancingRequest, InsurancePolicy
from cases.tables import ConsentScope
from core.clock import today
from identity.actor import Actor
from medical.hatch.budget_used import budget_used
from tests.billing.given_back import give_back
from tests.billing.office import OPEN, Office, Referred

BOTH = (ConsentScope.EMPLOYER, ConsentScope.INSURER)
BUDGET, RATE = 2_000_00, 21


class Shared:
    """An open intervention of 1,000.00 of which two insurers granted a half and a quarter."""

    def __init__(self, office: Office) -> None:
        self.office, self.employer = office, office.employer()
        self.first = office.insurer(self.employer, 50, budget_cents=BUDGET)
        self.second = office.insurer(self.employer, 25, budget_cents=BUDGET)
        self.manager = office.case_manager(self.employer)
        self.sick = office.sick(self.employer, *BOTH)
        self.referred: Referred = office.referred(self.sick, OPEN, cofinancing=True)
        request = office.request_of(self.referred)
        assert request is not None
        with office.open(self.manager) as session:
            submit_cofinancing(session, self.manager, request.id, 340_00)
        self.decide(self.first, request)
        (policy,) = self.policies(self.second)
        with office.open(self.manager) as session:
            after = ask_next_insurer(session, self.manager, request.id, policy.id).request.id
        self.decide(self.second, self.request(self.second))
        assert after == self.request(self.second).id

    def decide(self, insurer: Actor, request: CofinancingRequest) -> None:
        with self.office.open(insurer) as session:
            decide_cofinancing(session, insurer, request.id, Outcome.APPROVED)

    def policies(self, insurer: Actor) -> list[InsurancePolicy]:
        with self.office.open(insurer) as session:
            return list(session.exec(select(InsurancePolicy)))

    def request(self, insurer: Actor) -> CofinancingRequest:
        with Session(self.office.world.database.owner) as session:
            return session.exec(
                select(CofinancingRequest).where(CofinancingRequest.insurer_id == insurer.organisation_id)
            ).one()

    def charged(self) -> tuple[int, int]:
        return self.request(self.first).charged_cents, self.request(self.second).charged_cents

    def budget(self, insurer: Actor) -> PolicyBudget:
        (policy,) = self.policies(insurer)
        with self.office.open(insurer) as session:
            return policy_budget(session, policy, today().year)

    def used(self) -> tuple[int, int]:
        with self.office.care(self.office.physician) as session:
            found = budget_used(session, self.sick.employer_id, self.sick.case_id, RATE, all_of_it=True)
            return found.case_cents, found.year_cents


@pytest.fixture
def shared(office: Office) -> Shared:
    return Shared(office)


def test_a_credit_takes_off_what_each_insurer_was_charged(shared: Shared) -> None:
    """R50, R51, R59: a fifth of what was charged goes back to each in his own part."""
    office = shared.office
    invoice = office.supply(shared.referred, 10)
    office.run()
    assert shared.charged() == (500_00, 250_00)
    give_back(office, invoice, 200_00)
    office.run()
    assert shared.charged() == (400_00, 200_00)
    budget = shared.budget(shared.first)
    assert (budget.granted_cents, budget.charged_cents) == (500_00, 400_00)


def test_a_credit_counts_in_the_employers_budget(shared: Shared) -> None:
    """R56: what was given back counts once the insurers' part of it is known, and is not to come again."""
    office = shared.office
    assert shared.used() == (1_000_00, 1_000_00)
    invoice = office.supply(shared.referred, 10)
    office.run()
    assert shared.used() == (250_00, 250_00)
    give_back(office, invoice, 200_00)
    assert shared.used() == (250_00, 250_00)
    office.run()
    assert shared.used() == (200_00, 200_00)
