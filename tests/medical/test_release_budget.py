"""The employer's budget: asked above it, neutrally, and never so that he learns of what he may not know (R56, R12)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from billing.budget.mandates import NewBudget, budget_history, budget_left, set_budget
from billing.budget.requests import (
    BudgetRequestView,
    answer_budget_request,
    get_budget_request,
    list_budget_requests,
)
from billing.budget_tables import BudgetRefusal, BudgetState
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from billing.tables import ChargeKind
from cases.tables import ConsentScope
from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from medical.cases.disclosures import list_disclosures
from medical.cases.history import case_as_of
from medical.referrals.answer import accept_referral, decline_referral
from medical.referrals.issue import issue_referral
from medical.referrals.reasons import DeclineReason
from medical.release import ask_employer, budget_waiting, lapse_budget_requests
from medical.tables import ReferralState
from tests.billing.given_back import serve
from tests.billing.office import CONF, OPEN, Office, Referred, Sick
from tests.medical.test_release_orders import due


class Purse:
    """An employer with a budget, and who refers his employees."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.employer = office.employer()
        self.manager = office.case_manager(self.employer)

    def limit(self, per_case: int | None = None, per_year: int | None = None, actor: Actor | None = None) -> None:
        new = NewBudget(per_case_cents=per_case, per_year_cents=per_year, valid_from=today())
        with self.office.open(actor or self.employer) as session:
            set_budget(session, actor or self.employer, new)

    def sick(self, *scopes: ConsentScope) -> Sick:
        return self.office.sick(self.employer, *scopes)

    def asked(self) -> list[BudgetRequestView]:
        with self.office.open(self.employer) as session:
            return list(list_budget_requests(session, self.employer).items)

    def answer(self, request_id: UUID, *, agrees: bool, reason: BudgetRefusal | None = None) -> BudgetRequestView:
        with self.office.open(self.employer) as session:
            return answer_budget_request(session, self.employer, request_id, agrees=agrees, reason=reason)

    def issue(self, referral_id: UUID) -> Any:
        with self.office.care(self.office.physician) as session:
            return issue_referral(session, self.office.physician, referral_id)


@pytest.fixture
def purse(office: Office) -> Purse:
    return Purse(office)


def test_without_a_budget_nobody_is_asked(purse: Purse) -> None:
    """R56."""
    assert purse.office.issued(purse.sick(), OPEN).state is ReferralState.ISSUED


@pytest.mark.parametrize(
    ("limits", "asks"), [((1_000_00, None), False), ((999_99, None), True), ((None, 999_99), True)]
)
def test_within_the_budget_nobody_is_asked_and_above_it_the_employer_is(
    purse: Purse, limits: tuple[int | None, int | None], asks: bool
) -> None:
    """R56: ten sessions of 100.00."""
    purse.limit(*limits)
    done = purse.office.issued(purse.sick(), OPEN)
    assert (done.state is ReferralState.DRAFT) is asks
    assert len(purse.asked()) == int(asks)


def test_what_the_employer_reads_is_neutral(purse: Purse) -> None:
    """R56, R44: an amount, weeks and the constant text; no type, no provider, no day of treatment."""
    purse.limit(per_case=0)
    sick = purse.sick(ConsentScope.EMPLOYER)
    purse.office.issued(sick, CONF)
    (asked,) = purse.asked()
    assert (asked.description, asked.intervention, asked.price_cents, asked.expected_weeks) == (
        CONFIDENTIAL_TEXT,
        None,
        1_000_00,
        4,
    )
    assert asked.answer_by > today()
    told = repr(asked).lower()
    for secret in ("psy", "zilverberk", "kanarie"):
        assert secret not in told
    with purse.office.care(purse.office.physician) as session:
        made = list_disclosures(session, purse.office.physician, sick.case_id).items
    assert [each.what.value for each in made] == ["budget_asked"]


def test_nothing_is_issued_until_he_agrees(purse: Purse) -> None:
    """R56."""
    purse.limit(per_case=0)
    done = purse.office.issued(purse.sick(), OPEN)
    (asked,) = purse.asked()
    with pytest.raises(Conflict) as refusal:
        purse.issue(done.id)
    assert refusal.value.code == "above_budget"
    with purse.office.care(purse.office.physician) as session:
        assert ask_employer(session, purse.office.physician, done.id).id == asked.id
        ((waiting, request),) = budget_waiting(session, purse.office.physician)
    assert (waiting, request.state) == (done.id, BudgetState.ASKED)
    assert purse.answer(asked.id, agrees=True).state is BudgetState.AGREED
    with pytest.raises(Conflict):
        purse.answer(asked.id, agrees=False, reason=BudgetRefusal.NOT_NOW)
    assert purse.issue(done.id).state is ReferralState.ISSUED


def test_a_refusal_is_kept_as_advice_not_followed(purse: Purse) -> None:
    """R12: with its day, for physician and case manager, and in the history of the case."""
    purse.limit(per_case=0)
    sick = purse.sick()
    done = purse.office.issued(sick, OPEN)
    (asked,) = purse.asked()
    with pytest.raises(Invalid):
        purse.answer(asked.id, agrees=False)
    with pytest.raises(Invalid):
        purse.answer(asked.id, agrees=True, reason=BudgetRefusal.NOT_NOW)
    purse.answer(asked.id, agrees=False, reason=BudgetRefusal.DOUBTS_ADVICE)
    with pytest.raises(Conflict):
        purse.issue(done.id)
    with purse.office.open(purse.manager) as session:
        (seen,) = list_budget_requests(session, purse.manager, state=BudgetState.REFUSED, case_id=sick.case_id).items
    assert (seen.reason, seen.answered_at is not None) == (BudgetRefusal.DOUBTS_ADVICE, True)
    with purse.office.care(purse.office.physician) as session:
        assert len(case_as_of(session, purse.office.physician, sick.case_id, now()).not_followed) == 1
        before = case_as_of(session, purse.office.physician, sick.case_id, now() - timedelta(days=1))
    assert before.not_followed == ()
    with purse.office.care(purse.office.physician) as session:
        assert ask_employer(session, purse.office.physician, done.id).id != asked.id


def test_without_consent_the_employer_is_not_asked_and_hears_nothing(purse: Purse) -> None:
    """R25, R56: the wall wins; the physician is told, and can come back with consent."""
    purse.limit(per_case=0)
    sick = purse.sick()
    with pytest.raises(Conflict) as refusal:
        purse.office.issued(sick, CONF)
    assert refusal.value.code == "above_budget_unasked"
    assert purse.asked() == []
    purse.office.consent(sick, ConsentScope.EMPLOYER)
    assert purse.office.issued(sick, CONF).state is ReferralState.DRAFT
    assert len(purse.asked()) == 1


def test_a_request_never_tells_of_something_hidden(purse: Purse) -> None:
    """R47, R56, non-interference: with or without a hidden intervention the employer is asked the same."""
    hidden, shown = purse.sick(), purse.sick(ConsentScope.EMPLOYER)
    purse.limit(per_case=1_500_00, per_year=1_500_00)
    assert purse.office.issued(hidden, CONF).state is ReferralState.ISSUED
    assert purse.office.issued(shown, OPEN).state is ReferralState.ISSUED
    assert purse.office.issued(hidden, OPEN, 5).state is ReferralState.ISSUED
    assert purse.asked() == []
    with pytest.raises(Conflict) as refusal:
        purse.office.issued(purse.sick(), CONF, 1)
    assert refusal.value.code == "above_budget_unasked"


def test_whose_price_he_read_hides_nobody_in_a_sum(purse: Purse) -> None:
    """R47, R56: he could take that price off the sum, although consent ended since."""
    office = purse.office
    purse.limit(per_case=0)
    told = purse.sick(ConsentScope.EMPLOYER)
    draft = office.issued(told, CONF)
    (asked,) = purse.asked()
    purse.answer(asked.id, agrees=True)
    number = purse.issue(draft.id).number
    with office.care(office.provider) as session:
        accept_referral(session, office.provider, draft.id)
    office.supply(Referred(draft.id, number, told, 10), 10)
    office.withdraw(told, ConsentScope.EMPLOYER)
    purse.limit()
    for _each in range(4):
        office.supplied(purse.employer)
    assert office.run().carried_over == 5
    office.supplied(purse.employer)
    office.run()
    assert [(each.kind, each.net_cents) for each in office.charges(purse.employer)] == [(ChargeKind.POOLED, 1_500_00)]


def test_how_much_of_the_line_for_services_is_hidden_decides_no_request(purse: Purse) -> None:
    """R46, R47, R56: a sum counts, for it stands on his invoice; what was added to his services does not."""
    office = purse.office
    office.supplied(purse.employer, units=5)
    serve(office, purse.employer, 800_00)
    moment = due()
    with standing_at(moment):
        office.run(date(moment.year, moment.month, 1))
        assert [(each.kind, each.net_cents) for each in office.charges(purse.employer)] == [
            (ChargeKind.SERVICE, 1_300_00)
        ]
        purse.limit(per_case=1_000_00, per_year=1_000_00)
        assert office.issued(purse.sick(), OPEN).state is ReferralState.ISSUED


def test_a_sum_counts_as_he_was_charged_it(purse: Purse) -> None:
    """R47, R56."""
    office = purse.office
    for _each in range(5):
        office.supplied(purse.employer)
    office.run()
    purse.limit(per_year=1_499_99)
    assert office.issued(purse.sick(), OPEN).state is ReferralState.DRAFT
    purse.limit(per_year=1_500_00)
    assert office.issued(purse.sick(), OPEN).state is ReferralState.ISSUED


def test_what_is_known_counts_and_what_came_to_nothing_does_not(purse: Purse) -> None:
    """R56."""
    purse.limit(per_year=1_500_00)
    first = purse.office.issued(purse.sick(), OPEN)
    assert purse.office.issued(purse.sick(), OPEN, 6).state is ReferralState.DRAFT
    with purse.office.care(purse.office.provider) as session:
        decline_referral(session, purse.office.provider, first.id, DeclineReason.NO_CAPACITY)
    assert purse.office.issued(purse.sick(), OPEN, 6).state is ReferralState.ISSUED


def test_a_request_ends_with_the_consent_and_with_the_draft(purse: Purse) -> None:
    """R24: at once for the employer's eyes, and for good by the job."""
    purse.limit(per_case=0)
    sick = purse.sick(ConsentScope.EMPLOYER)
    purse.office.issued(sick, CONF)
    (asked,) = purse.asked()
    purse.office.withdraw(sick, ConsentScope.EMPLOYER)
    assert purse.asked() == []
    with pytest.raises(NotFound):
        purse.answer(asked.id, agrees=True)
    with purse.office.care(purse.office.system) as session:
        assert lapse_budget_requests(session, purse.office.system) == 1
        assert lapse_budget_requests(session, purse.office.system) == 0


def test_it_is_the_own_employers(purse: Purse) -> None:
    """R70."""
    purse.limit(per_case=0)
    purse.office.issued(purse.sick(), OPEN)
    (asked,) = purse.asked()
    stranger = purse.office.employer("Andere firma")
    with purse.office.open(stranger) as session:
        assert list_budget_requests(session, stranger).items == ()
        with pytest.raises(NotFound):
            get_budget_request(session, stranger, asked.id)
        with pytest.raises(NotFound):
            answer_budget_request(session, stranger, asked.id, agrees=True)
    with pytest.raises(Forbidden):
        purse.limit(1, actor=purse.manager)
    with pytest.raises(Forbidden), purse.office.open(purse.manager) as session:
        answer_budget_request(session, purse.manager, asked.id, agrees=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing.budget_request SET price_cents = 1",
        "UPDATE billing.budget_request SET state = 'lapsed'",
        "UPDATE billing.budget_request SET state = 'agreed', answered_at = now(), answered_by = gen_random_uuid()",
        "UPDATE billing.budget_mandate SET per_case_cents = 1",
        "DELETE FROM billing.budget_mandate",
    ],
)
def test_raw_sql_of_the_employer_changes_no_more_than_his_answer(purse: Purse, statement: str) -> None:
    purse.limit(per_case=0)
    purse.office.issued(purse.sick(), OPEN)
    with pytest.raises(DBAPIError), purse.office.open(purse.employer) as session:
        session.execute(text(statement))


def test_what_is_left_says_no_more_than_the_overview_of_costs(purse: Purse) -> None:
    """R47, R56: a line of its own is in no figure, nor is what is committed; a pool is."""
    purse.limit(per_year=5_000_00)
    office = purse.office
    office.supplied(purse.employer, intervention=OPEN, units=2)
    office.referred(purse.sick(), OPEN)
    office.run()
    with office.open(purse.employer) as session:
        left = budget_left(session, purse.employer)
    assert (left.left_cents, left.hides) == (4_800_00, False)
    office.supplied(purse.employer, ConsentScope.EMPLOYER)
    office.run()
    with office.open(purse.employer) as session:
        left = budget_left(session, purse.employer)
        history = budget_history(session, purse.employer)
    assert (left.left_cents, left.hides, len(history)) == (4_800_00, True, 1)
