"""A decision and a charge in every order, with one insurer: it all adds up, in one transaction (R59)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import submit_cofinancing
from billing.tables import CofinancingRequest, CofinancingState, InsurerShare
from cases.tables import ConsentScope
from core.clock import standing_at, today
from core.errors import NotFound
from medical.tables import ReleaseShare
from tests.billing.office import OPEN, Office

BOTH = (ConsentScope.EMPLOYER, ConsentScope.INSURER)


class Matter:
    """A referral of 1,000.00 for which insurers are asked, and who deals with it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.employer = office.employer()
        self.insurer = office.insurer(self.employer)
        self.manager = office.case_manager(self.employer)
        self.sick = office.sick(self.employer, *BOTH)
        self.referred = office.referred(self.sick, OPEN, cofinancing=True)
        request = office.request_of(self.referred)
        assert request is not None
        self.id: UUID = request.id
        with office.open(self.manager) as session:
            submit_cofinancing(session, self.manager, self.id, 340_00)

    def decide(self, outcome: Outcome, amount: int | None = None, **rest: Any) -> None:
        with self.office.open(self.insurer) as session:
            decide_cofinancing(session, self.insurer, self.id, outcome, amount, **rest)

    def charge(self, units: int = 0) -> None:
        """Let units be supplied today, and run the charging on the day that their invoice is due."""
        if units:
            self.office.supply(self.referred, units)
        moment = due()
        with standing_at(moment):
            self.office.run(date(moment.year, moment.month, 1))

    def paid(self) -> list[int]:
        with self.office.care(self.office.secretary) as session:
            return list(session.exec(select(InsurerShare.net_cents).order_by(InsurerShare.created_at)))  # type: ignore[arg-type]

    def request(self) -> CofinancingRequest:
        found = self.office.request_of(self.referred)
        assert found is not None
        return found

    def employer_paid(self) -> int:
        return sum(charge.net_cents - charge.insurer_cents for charge in self.office.charges(self.employer))

    def written(self) -> list[int]:
        with self.office.care(self.office.secretary) as session:
            return sorted(session.exec(select(ReleaseShare.cents)).all())


def due() -> datetime:
    """Return the moment on which what was supplied today has to go out."""
    next_month = (today().replace(day=1) + timedelta(days=32)).replace(day=15)
    return datetime.combine(next_month, datetime.min.time(), UTC) + timedelta(hours=9)


@pytest.fixture
def matter(office: Office) -> Matter:
    return Matter(office)


def test_decided_before_charging(matter: Matter) -> None:
    """R51, R59."""
    matter.decide(Outcome.APPROVED)
    matter.charge(4)
    matter.charge(6)
    assert (sorted(matter.paid()), matter.employer_paid(), matter.request().charged_cents) == (
        [200_00, 300_00],
        500_00,
        500_00,
    )
    assert matter.written() == [200_00, 300_00]


def test_decided_between_two_charges(matter: Matter) -> None:
    """R51, R59: what was asked is paid with what is still to be charged, and the employer's first invoice stands."""
    matter.charge(4)
    assert (matter.paid(), matter.request().state, matter.request().charged_month) == (
        [],
        CofinancingState.SUBMITTED,
        None,
    )
    matter.decide(Outcome.APPROVED)
    matter.charge(3)
    matter.charge(3)
    assert (sorted(matter.paid()), matter.employer_paid()) == ([250_00, 250_00], 500_00)


def test_decided_after_everything_was_charged(matter: Matter) -> None:
    """R59: there is nothing left to decide on."""
    matter.charge(10)
    assert matter.request().state is CofinancingState.LAPSED
    with pytest.raises(NotFound):
        matter.decide(Outcome.APPROVED)
    assert (matter.paid(), matter.employer_paid()) == ([], 1_000_00)


def test_withdrawn_before_the_decision(matter: Matter) -> None:
    """R24, R25: the insurer is out of it, whatever was charged before."""
    matter.charge(4)
    matter.office.withdraw(matter.sick, ConsentScope.INSURER)
    with pytest.raises(NotFound):
        matter.decide(Outcome.APPROVED)
    matter.charge(6)
    assert (matter.paid(), matter.employer_paid()) == ([], 1_000_00)


def test_withdrawn_after_the_decision(matter: Matter) -> None:
    """R24: what was decided stands; the consent was there when the insurer was told."""
    matter.decide(Outcome.PARTIAL, 300_00)
    matter.office.withdraw(matter.sick, ConsentScope.INSURER)
    matter.charge(10)
    assert (matter.paid(), matter.employer_paid()) == ([300_00], 700_00)


def test_a_run_that_fails_leaves_neither_charge_nor_share(matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    """R51: the employer's part and the insurer's are written in one transaction."""
    matter.decide(Outcome.APPROVED)
    matter.office.supply(matter.referred, 10)
    monkeypatch.setattr("medical.hatch.run.bill_month", lambda *_all: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        matter.office.run()
    assert (matter.paid(), matter.employer_paid(), matter.request().charged_cents) == ([], 0, 0)
    assert matter.request().charged_month is None


@pytest.mark.parametrize(
    "statement", ["UPDATE medical.release_share SET cents = 1", "DELETE FROM medical.release_share"]
)
def test_what_an_insurer_paid_stays(matter: Matter, statement: str) -> None:
    matter.decide(Outcome.APPROVED)
    matter.charge(10)
    with (
        pytest.raises(Exception, match=r"permission denied|append-only"),
        matter.office.care(matter.office.secretary) as session,
    ):
        session.execute(text(statement))


def test_no_more_is_charged_than_was_granted_also_by_raw_sql(matter: Matter) -> None:
    """R59."""
    matter.decide(Outcome.PARTIAL, 300_00)
    matter.charge(4)
    for statement in (
        "UPDATE billing.cofinancing_request SET charged_cents = 30001",
        "UPDATE billing.cofinancing_request SET decided_cents = 50000",
        "UPDATE billing.cofinancing_request SET charged_cents = 0, charged_month = NULL",
    ):
        with pytest.raises(Exception, match=r"."), matter.office.care(matter.office.secretary) as session:
            session.execute(text(statement))
    assert matter.request().charged_cents == 120_00
