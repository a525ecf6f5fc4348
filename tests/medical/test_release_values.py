"""What leaves the medical room is a value that has no room for anything else."""

from collections.abc import Iterator
from datetime import date
from types import UnionType
from typing import Any, get_args
from uuid import uuid4

import pytest
from pydantic import ValidationError

from billing.direct_tables import DirectOutcome
from billing.tables import ChargeKind
from cases.tables import ProgressState
from medical.hatch.direct import ReleasedDirectAnswer
from medical.hatch.values import (
    Released,
    ReleasedAnswers,
    ReleasedBack,
    ReleasedBudget,
    ReleasedCharge,
    ReleasedCount,
    ReleasedExperience,
    ReleasedIntervention,
    ReleasedOutcome,
    ReleasedPortfolioCount,
    ReleasedProgress,
    ReleasedRequest,
    ReleasedShare,
    ReleasedShareBack,
    ReleasedWait,
)
from network.taxonomy import Disclosure

MONTH = date(2026, 11, 1)
VALUES: dict[type[Released], dict[str, Any]] = {
    ReleasedCharge: {
        "employer_id": uuid4(),
        "kind": ChargeKind.OWN_LINE,
        "month": MONTH,
        "net_cents": 100,
        "vat_rate": 21,
    },
    ReleasedShare: {
        "insurer_id": uuid4(),
        "request_id": uuid4(),
        "month": MONTH,
        "net_cents": 1,
        "vat_rate": 21,
    },
    ReleasedBack: {"charge_id": uuid4(), "net_cents": 100, "insurer_cents": 50},
    ReleasedShareBack: {"share_id": uuid4(), "net_cents": 1},
    ReleasedBudget: {
        "case_id": uuid4(),
        "employer_id": uuid4(),
        "disclosure": Disclosure.CONF,
        "intervention": None,
        "price_cents": 100,
        "expected_weeks": 3,
        "answer_by": MONTH,
    },
    ReleasedDirectAnswer: {
        "contract_id": uuid4(),
        "employer_id": uuid4(),
        "invoice_reference": "2026-0017",
        "total_cents": 100,
        "outcome": DirectOutcome.AGREED,
    },
    ReleasedRequest: {
        "case_id": uuid4(),
        "employer_id": uuid4(),
        "insurer_id": uuid4(),
        "policy_id": uuid4(),
        "disclosure": Disclosure.CONF,
        "intervention": None,
        "sickness_year": 1,
        "sickness_week": 12,
        "price_cents": 100,
        "expected_days": 20,
        "percentage": 50,
        "requested_cents": 50,
    },
    ReleasedProgress: {
        "case_id": uuid4(),
        "employer_id": uuid4(),
        "intervention": "ADO",
        "state": ProgressState.RUNNING,
        "changed_on": MONTH,
    },
    ReleasedCount: {"disclosure": Disclosure.OPEN, "intervention": "ADO", "sickness_year": None, "persons": 5},
    ReleasedPortfolioCount: {"disclosure": Disclosure.OPEN, "intervention": "ADO", "persons": 5},
    ReleasedExperience: {
        "organisation_id": uuid4(),
        "in_time_percent": 80,
        "in_time_n": 10,
        "satisfied_percent": 90,
        "satisfied_n": 12,
    },
    ReleasedAnswers: {"organisation_id": uuid4(), "answered_percent": 90, "declined_percent": 20, "n": 10},
    ReleasedIntervention: {"intervention": "PSY", "median_days": 10, "p80_days": 20, "wait_n": 6},
    ReleasedOutcome: {"offering_id": uuid4(), "reached_percent": 60, "n": 10},
    ReleasedWait: {"offering_id": uuid4(), "median_days": 10, "p80_days": 20, "n": 6},
}


def texts(kind: type[Released]) -> Iterator[str]:
    """Yield the fields that could hold a word of one's own: strings, but for codes that are checked."""
    for name, field in kind.model_fields.items():
        parts = get_args(field.annotation) if isinstance(field.annotation, UnionType) else (field.annotation,)
        if str in parts or any(str in get_args(part) for part in parts):
            yield name


def test_every_value_of_the_hatch_is_tried_here() -> None:
    assert set(Released.__subclasses__()) == set(VALUES)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_it_is_frozen_and_takes_no_field_that_is_not_listed(kind: type[Released]) -> None:
    value = kind(**VALUES[kind])
    with pytest.raises(ValidationError, match="frozen"):
        value.net_cents = 1  # type: ignore[attr-defined]
    for extra in ("cause", "provider_id", "note", "description", "referral_id"):
        with pytest.raises(ValidationError, match="Extra inputs"):
            kind(**VALUES[kind], **{extra: "x"})


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_it_has_no_field_for_free_text(kind: type[Released]) -> None:
    """R43: a code is checked, and so is the number of an invoice; the reference comes from the open side."""
    assert set(texts(kind)) <= {"intervention", "employee_reference", "invoice_reference"}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (ReleasedCharge, {"intervention": "ADO"}),
        (ReleasedCharge, {"kind": ChargeKind.OPEN}),
        (ReleasedCharge, {"kind": ChargeKind.OPEN, "intervention": "PSY"}),
        (ReleasedCharge, {"kind": ChargeKind.OPEN, "intervention": "anything"}),
        (ReleasedCharge, {"employee_reference": "M-1"}),
        (ReleasedCharge, {"kind": ChargeKind.POOLED, "employee_reference": "M-1"}),
        (ReleasedCharge, {"kind": ChargeKind.POOLED, "insurer_cents": 1}),
        (ReleasedCharge, {"insurer_cents": 101}),
        (ReleasedCharge, {"net_cents": 0}),
        (ReleasedCharge, {"month": date(2026, 11, 2)}),
        (ReleasedShare, {"month": date(2026, 11, 30)}),
        (ReleasedRequest, {"intervention": "PSY"}),
        (ReleasedRequest, {"intervention": "ADO"}),
        (ReleasedRequest, {"disclosure": Disclosure.OPEN}),
        (ReleasedRequest, {"requested_cents": 101}),
        (ReleasedProgress, {"intervention": "PSY"}),
        (ReleasedCount, {"persons": 4}),
        (ReleasedCount, {"disclosure": Disclosure.CONF}),
        (ReleasedCount, {"intervention": "PSY"}),
        (ReleasedBack, {"insurer_cents": 101}),
        (ReleasedBudget, {"disclosure": Disclosure.OPEN}),
        (ReleasedBudget, {"intervention": "PSY"}),
        (ReleasedDirectAnswer, {"invoice_reference": "EMDR J. de Wit"}),
        (ReleasedPortfolioCount, {"persons": 4}),
        (ReleasedPortfolioCount, {"disclosure": Disclosure.CONF}),
        (ReleasedAnswers, {"n": 9}),
        (ReleasedExperience, {"in_time_n": 9}),
        (ReleasedExperience, {"satisfied_n": 9}),
        (ReleasedIntervention, {"intervention": "anything"}),
        (ReleasedIntervention, {"wait_n": 5}),
        (ReleasedWait, {"n": 5}),
        (ReleasedOutcome, {"n": 9}),
    ],
)
def test_what_tells_too_much_is_no_value(kind: type[Released], changes: dict[str, Any]) -> None:
    """R58."""
    with pytest.raises(ValidationError):
        kind(**(VALUES[kind] | changes))
