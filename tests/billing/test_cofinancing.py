"""Co-financing on the open side: submitted by the case manager, decided once by the insurer (R57-R60)."""

from dataclasses import asdict
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from billing.books.ledger import trial_balance
from billing.books.ledger_accounts import Account
from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.read import CofinancingView, get_cofinancing, list_cofinancing
from billing.cofinancing.shares import Outcome
from billing.cofinancing.submit import Submitted, submit_cofinancing
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from billing.tables import CofinancingState, DeclineReason
from cases.tables import ConsentScope
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from tests.billing.office import CONF, OPEN, Office, Referred
from tests.billing.till import Till

BOTH = (ConsentScope.EMPLOYER, ConsentScope.INSURER)


class Asked:
    """A request for a confidential intervention of 1,000.00 of which half is asked, and who deals with it."""

    def __init__(self, office: Office, intervention: str = CONF) -> None:
        self.office = office
        self.employer = office.employer()
        self.insurer = office.insurer(self.employer)
        self.manager = office.case_manager(self.employer)
        self.sick = office.sick(self.employer, *BOTH)
        self.referred: Referred = office.referred(self.sick, intervention, cofinancing=True)
        request = office.request_of(self.referred)
        assert request is not None
        self.id: UUID = request.id

    def submit(self, daily_cost_cents: int = 340_00, actor: Actor | None = None) -> Submitted:
        actor = actor or self.manager
        with self.office.open(actor) as session:
            return submit_cofinancing(session, actor, self.id, daily_cost_cents)

    def decide(self, outcome: Outcome, *rest: Any, actor: Actor | None = None) -> CofinancingView:
        actor = actor or self.insurer
        with self.office.open(actor) as session:
            return decide_cofinancing(session, actor, self.id, outcome, *rest)

    def seen_by(self, actor: Actor) -> CofinancingView:
        with self.office.open(actor) as session:
            return get_cofinancing(session, actor, self.id)

    def listed_for(self, actor: Actor) -> list[UUID]:
        with self.office.open(actor) as session:
            return [item.id for item in list_cofinancing(session, actor).items]


@pytest.fixture
def asked(office: Office) -> Asked:
    return Asked(office)


def test_the_insurer_sees_it_only_when_it_was_sent(asked: Asked) -> None:
    assert asked.listed_for(asked.insurer) == []
    with pytest.raises(NotFound):
        asked.seen_by(asked.insurer)
    sent = asked.submit()
    assert (sent.request.state, sent.warning) == (CofinancingState.SUBMITTED, None)
    assert asked.listed_for(asked.insurer) == [asked.id]


def test_what_the_insurer_sees_is_neutral(asked: Asked) -> None:
    """R58: no type, cause, provider, name, case or day."""
    asked.submit()
    view = asked.seen_by(asked.insurer)
    assert (view.description, view.intervention, view.case_id, view.prepared_on) == (
        CONFIDENTIAL_TEXT,
        None,
        None,
        None,
    )
    told = repr(asdict(view)).lower()
    for secret in ("psy", "zilverberk", "kanarie", asked.sick.reference.lower(), str(asked.sick.case_id)):
        assert secret not in told
    assert asked.seen_by(asked.manager).case_id == asked.sick.case_id


def test_an_open_one_names_its_type(office: Office) -> None:
    asked = Asked(office, OPEN)
    asked.submit()
    assert asked.seen_by(asked.insurer).description == "Arbeidsdeskundig onderzoek"


@pytest.mark.parametrize(
    ("daily", "warned", "ratio"), [(340_00, False, "6.80"), (50_00, False, "1.00"), (49_99, True, "1.00")]
)
def test_a_loss_is_a_warning_and_no_refusal(asked: Asked, daily: int, warned: bool, ratio: str) -> None:
    """R60: twenty days against 1,000.00."""
    sent = asked.submit(daily)
    assert (sent.warning is not None) is warned
    assert sent.request.cost_benefit is not None
    assert str(sent.request.cost_benefit.ratio) == ratio
    assert sent.request.state is CofinancingState.SUBMITTED


def test_it_is_sent_once(asked: Asked) -> None:
    asked.submit()
    with pytest.raises(Conflict):
        asked.submit()


def test_nothing_is_sent_after_consent_ended_even_before_the_job_ran(asked: Asked) -> None:
    """R25."""
    asked.office.withdraw(asked.sick, ConsentScope.INSURER, job=False)
    with pytest.raises(Conflict) as refusal:
        asked.submit()
    assert refusal.value.code == "consent_missing"


@pytest.mark.parametrize(
    ("outcome", "amount", "reason", "state", "granted"),
    [
        (Outcome.APPROVED, None, None, CofinancingState.APPROVED, 500_00),
        (Outcome.PARTIAL, 123_45, None, CofinancingState.PARTIAL, 123_45),
        (Outcome.DECLINED, None, DeclineReason.BUDGET_SPENT, CofinancingState.DECLINED, 0),
    ],
)
def test_a_decision_is_made_once(
    asked: Asked,
    outcome: Outcome,
    amount: int | None,
    reason: DeclineReason | None,
    state: CofinancingState,
    granted: int,
) -> None:
    """R59."""
    asked.submit()
    decided = asked.decide(outcome, amount, reason)
    assert (decided.state, decided.decided_cents, decided.decision_reason) == (state, granted, reason)
    with pytest.raises(Conflict):
        asked.decide(Outcome.APPROVED)


@pytest.mark.parametrize(
    ("outcome", "amount", "field"),
    [
        (Outcome.PARTIAL, None, "amount_cents"),
        (Outcome.PARTIAL, 500_01, "amount_cents"),
        (Outcome.APPROVED, 500_01, "amount_cents"),
        (Outcome.DECLINED, None, "reason"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(asked: Asked, outcome: Outcome, amount: int | None, field: str) -> None:
    """R59."""
    asked.submit()
    with pytest.raises(Invalid) as refusal:
        asked.decide(outcome, amount)
    assert [error.field for error in refusal.value.errors] == [field]
    assert asked.seen_by(asked.insurer).state is CofinancingState.SUBMITTED


def test_two_decisions_at_once_are_one(asked: Asked) -> None:
    asked.submit()
    start = Barrier(2)
    found: list[CofinancingState | None] = []

    def decide(outcome: Outcome, *rest: Any) -> None:
        start.wait(timeout=20)
        try:
            found.append(asked.decide(outcome, *rest).state)
        except Conflict:
            found.append(None)

    threads = [
        Thread(target=decide, args=(Outcome.APPROVED,)),
        Thread(target=decide, args=(Outcome.DECLINED, None, DeclineReason.TOO_LATE)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert found.count(None) == 1


def test_after_charging_it_is_final_also_for_raw_sql(asked: Asked) -> None:
    """R59."""
    asked.submit()
    asked.decide(Outcome.PARTIAL, 100_00)
    asked.office.supply(asked.referred)
    asked.office.run()
    with pytest.raises(Conflict):
        asked.decide(Outcome.APPROVED)
    assert asked.seen_by(asked.insurer).is_charged
    with pytest.raises(DBAPIError, match="final after charging"), asked.office.care(asked.office.secretary) as session:
        session.execute(text("UPDATE billing.cofinancing_request SET state = 'lapsed'"))


def test_it_is_the_own_insurers_and_the_own_case_managers(office: Office, asked: Asked) -> None:
    """R57, R70."""
    asked.submit()
    other_employer = office.employer("Andere firma")
    rival = office.insurer(other_employer)
    stranger = office.case_manager(other_employer)
    for actor in (rival, stranger):
        assert asked.listed_for(actor) == []
        with pytest.raises(NotFound):
            asked.seen_by(actor)
    with pytest.raises(NotFound):
        asked.decide(Outcome.APPROVED, actor=rival)
    with pytest.raises(NotFound):
        asked.decide(Outcome.APPROVED, actor=asked.employer)
    with pytest.raises(Forbidden):
        asked.decide(Outcome.APPROVED, actor=asked.manager)
    with pytest.raises(NotFound), office.open(asked.insurer) as session:
        get_cofinancing(session, asked.insurer, uuid4())


@pytest.mark.parametrize(("scope", "manager_sees"), [(ConsentScope.INSURER, True), (ConsentScope.EMPLOYER, False)])
def test_a_withdrawn_consent_ends_what_was_shown(asked: Asked, scope: ConsentScope, manager_sees: bool) -> None:
    """R24, R25: the insurer loses sight of what it did not decide on; without (b) the case manager too."""
    asked.submit()
    asked.office.withdraw(asked.sick, scope)
    assert asked.listed_for(asked.insurer) == []
    assert (asked.listed_for(asked.manager) == [asked.id]) is manager_sees
    with pytest.raises(NotFound):
        asked.decide(Outcome.APPROVED)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing.cofinancing_request SET state = 'approved', decided_cents = 1, decided_by = app.account()",
        "UPDATE billing.cofinancing_request SET state = 'submitted', submitted_by = gen_random_uuid()",
        "UPDATE billing.cofinancing_request SET requested_cents = 1",
    ],
)
def test_raw_sql_of_the_case_manager_cannot_decide(asked: Asked, statement: str) -> None:
    with pytest.raises(DBAPIError), asked.office.open(asked.manager) as session:
        session.execute(text(statement))


def test_raw_sql_of_the_insurer_cannot_grant_more_or_take_back(asked: Asked) -> None:
    """R59."""
    asked.submit()
    for statement in (
        "UPDATE billing.cofinancing_request SET state = 'approved', decided_cents = 50001, decided_by = app.account()",
        "UPDATE billing.cofinancing_request SET state = 'prepared'",
    ):
        with pytest.raises(DBAPIError), asked.office.open(asked.insurer) as session:
            session.execute(text(statement))
    asked.decide(Outcome.APPROVED)
    with asked.office.open(asked.insurer) as session:
        changed = session.execute(text("UPDATE billing.cofinancing_request SET state = 'declined'"))
        assert changed.rowcount == 0  # type: ignore[attr-defined]


def test_what_waits_for_me_stands_first(office: Office, asked: Asked) -> None:
    second = office.referred(office.sick(asked.employer, *BOTH), cofinancing=True)
    request = office.request_of(second)
    assert request is not None
    asked.submit()
    assert asked.listed_for(asked.manager) == [request.id, asked.id]
    with office.open(asked.manager) as session:
        waiting = list_cofinancing(session, asked.manager, waiting=True)
        sent = list_cofinancing(session, asked.manager, (CofinancingState.SUBMITTED,))
    assert ([item.id for item in waiting.items], [item.id for item in sent.items]) == ([request.id], [asked.id])


def test_the_insurer_pays_its_share(asked: Asked, tmp_path: Path) -> None:
    asked.submit()
    asked.decide(Outcome.APPROVED)
    asked.office.supply(asked.referred, 10)
    run = asked.office.run()
    document = asked.office.documents(run, asked.insurer)[0]
    assert (document.net_cents, document.vat_cents) == (500_00, 105_00)
    with asked.office.open(asked.insurer) as session:
        mine = session.execute(text("SELECT id FROM billing.invoice")).scalar_one()
    Till(asked.office, tmp_path).paid(asked.insurer, mine)
    with asked.office.care(asked.office.secretary) as session:
        found = {each.account: each.cents for each in trial_balance(session, asked.office.secretary)}
    assert (found[Account.RECEIVABLE_INSURER], found[Account.RECEIVABLE_EMPLOYER]) == (0, 605_00)
    assert found[Account.PAYMENTS_IN_TRANSIT] + found[Account.PAYMENT_FEES] == 605_00
