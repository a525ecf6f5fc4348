"""Shares always add up to the price, and no grant passes what was asked or what the policy pays."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.cofinancing.shares import (
    CostBenefit,
    Outcome,
    PercentageRule,
    PolicyTerms,
    Shares,
    granted_cents,
    share,
    shares_of_part,
)
from core.errors import Invalid

ABSENCE = PolicyTerms.model_validate(
    {"percentage": 50, "cap_cents": 250_000, "rules": [{"intervention": "ADO", "before_week": 35, "percentage": 75}]}
)
PRICES = st.integers(0, 10_000_000)


@st.composite
def shared(draw: st.DrawFn) -> Shares:
    price = draw(PRICES)
    return share(price, draw(st.lists(st.integers(0, price), max_size=3)))


@pytest.mark.parametrize(
    ("intervention", "week", "most"),
    [
        ("ADO", 34, 750_00),
        ("ADO", 35, 500_00),
        ("MED", 10, 500_00),
        (None, 10, 500_00),
    ],
)
def test_a_rule_of_the_policy_counts_where_it_applies(intervention: str | None, week: int, most: int) -> None:
    """R61."""
    assert ABSENCE.most_cents(1_000_00, intervention, week) == most


def test_the_cap_holds_whatever_the_percentage() -> None:
    """R59."""
    assert ABSENCE.most_cents(6_000_00, None, 10) == 2_500_00


def test_the_first_rule_that_applies_counts() -> None:
    """R61."""
    rules = (PercentageRule(percentage=0, before_week=3), PercentageRule(percentage=80, before_week=10))
    terms = PolicyTerms(percentage=40, rules=rules)
    assert [terms.percentage_for(None, week) for week in (2, 3, 9, 10)] == [0, 80, 80, 40]


@pytest.mark.parametrize("wrong", [{"percentage": 101}, {"percentage": -1}, {"percentage": 5, "cause": "x"}])
def test_terms_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    for kind in (PolicyTerms, PercentageRule):
        with pytest.raises(ValidationError):
            kind.model_validate(wrong)


@given(PRICES, st.integers(0, 100), st.none() | st.integers(0, 500_000))
def test_no_request_passes_the_percentage_or_the_cap(price: int, percentage: int, cap: int | None) -> None:
    """R59: not even by half a cent."""
    most = PolicyTerms(percentage=percentage, cap_cents=cap).most_cents(price, None, 10)
    assert 0 <= most <= Decimal(price) * percentage / 100
    assert cap is None or most <= cap
    assert most == cap or Decimal(price) * percentage / 100 - most < 1


@pytest.mark.parametrize(
    ("outcome", "amount", "reason", "granted"),
    [
        (Outcome.APPROVED, None, None, 500_00),
        (Outcome.APPROVED, 500_00, None, 500_00),
        (Outcome.PARTIAL, 1, None, 1),
        (Outcome.PARTIAL, 499_99, "budget_spent", 499_99),
        (Outcome.DECLINED, None, "not_covered", 0),
        (Outcome.DECLINED, 0, "not_covered", 0),
    ],
)
def test_a_decision_grants_all_part_or_nothing(
    outcome: Outcome, amount: int | None, reason: str | None, granted: int
) -> None:
    """R59."""
    assert granted_cents(outcome, 500_00, amount, reason) == granted


@pytest.mark.parametrize(
    ("outcome", "amount", "reason", "fields"),
    [
        (Outcome.APPROVED, 499_99, None, ["amount_cents"]),
        (Outcome.APPROVED, 500_01, None, ["amount_cents"]),
        (Outcome.PARTIAL, None, "other", ["amount_cents"]),
        (Outcome.PARTIAL, 0, "other", ["amount_cents"]),
        (Outcome.PARTIAL, 500_00, "other", ["amount_cents"]),
        (Outcome.PARTIAL, -1, None, ["amount_cents"]),
        (Outcome.DECLINED, 1, None, ["amount_cents", "reason"]),
        (Outcome.DECLINED, None, "", ["reason"]),
    ],
)
def test_a_decision_that_contradicts_itself_is_refused(
    outcome: Outcome, amount: int | None, reason: str | None, fields: list[str]
) -> None:
    """R59: never more than was requested, and nothing only with a reason."""
    with pytest.raises(Invalid) as refusal:
        granted_cents(outcome, 500_00, amount, reason)
    assert [error.field for error in refusal.value.errors] == fields


@given(PRICES, st.lists(PRICES, max_size=4))
def test_shares_add_up_to_the_price_whatever_was_granted(price: int, granted: list[int]) -> None:
    """R51."""
    shares = share(price, granted)
    assert shares.employer_cents + sum(shares.contributions) == price
    assert shares.employer_cents >= 0
    assert all(0 <= part <= cents for part, cents in zip(shares.contributions, granted, strict=True))


def test_the_earliest_grant_goes_first_when_there_is_too_much() -> None:
    assert share(100, [70, 70, 70]) == Shares(100, (70, 30, 0))


@pytest.mark.parametrize("wrong", [(101,), (60, 60), (-1,)])
def test_shares_that_cannot_be_are_refused(wrong: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="contributions"):
        Shares(100, wrong)


@given(shared(), st.data())
def test_parts_of_a_price_give_everybody_exactly_his_share_in_the_end(whole: Shares, data: st.DataObject) -> None:
    """R51."""
    cuts = sorted(data.draw(st.lists(st.integers(0, whole.price_cents), max_size=6)))
    edges = [0, *cuts, whole.price_cents]
    parts = [shares_of_part(whole, start, end - start) for start, end in pairwise(edges)]
    assert sum(part.price_cents for part in parts) == whole.price_cents
    assert sum(part.employer_cents for part in parts) == whole.employer_cents
    assert tuple(map(sum, zip(*(part.contributions for part in parts), strict=True))) == whole.contributions
    assert all(part.employer_cents >= 0 and min(part.contributions, default=0) >= 0 for part in parts)


@given(shared(), st.data())
def test_what_is_given_back_is_what_was_paid(whole: Shares, data: st.DataObject) -> None:
    """Charging a part and crediting it in two goes leaves nobody a cent better or worse."""
    charged = data.draw(st.integers(0, whole.price_cents))
    first = data.draw(st.integers(0, charged))
    asked = shares_of_part(whole, 0, charged)
    back = [shares_of_part(whole, charged - first, first), shares_of_part(whole, 0, charged - first)]
    assert sum(part.employer_cents for part in back) == asked.employer_cents
    assert tuple(map(sum, zip(*(part.contributions for part in back), strict=True))) == asked.contributions


@given(shared(), st.data())
def test_a_part_is_shared_in_proportion_to_within_a_cent_for_each_insurer(whole: Shares, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole.price_cents))
    for cents, contribution in zip(shares_of_part(whole, 0, part).contributions, whole.contributions, strict=True):
        assert abs(cents * whole.price_cents - contribution * part) < len(whole.contributions) * max(
            whole.price_cents, 1
        )


def test_a_part_lies_within_the_price() -> None:
    for before, part in ((0, 101), (50, 51), (10, -11)):
        with pytest.raises(ValueError, match="within the price"):
            shares_of_part(Shares(100, (50,)), before, part)


def test_avoided_days_are_weighed_against_the_price() -> None:
    """R60."""
    gain = CostBenefit(expected_days=27, daily_cost_cents=250_00, price_cents=1_500_00)
    assert (gain.benefit_cents, gain.net_cents, gain.ratio) == (6_750_00, 5_250_00, Decimal("4.50"))
    assert not gain.is_loss


def test_a_loss_is_a_warning_and_a_price_of_nothing_has_no_ratio() -> None:
    """R60."""
    loss = CostBenefit(expected_days=3, daily_cost_cents=250_00, price_cents=800_00)
    assert (loss.net_cents, loss.ratio, loss.is_loss) == (-50_00, Decimal("0.94"), True)
    assert CostBenefit(expected_days=3, daily_cost_cents=1, price_cents=0).ratio is None
    assert not CostBenefit(expected_days=4, daily_cost_cents=200_00, price_cents=800_00).is_loss
