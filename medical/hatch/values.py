"""Everything that ever leaves the medical room, on one page: frozen values with no field for a word of one's own.

A field that is not listed here cannot go through (`extra="forbid"`). What is not a number, a day, a code or an
identifier is the employer's own reference for an employee, which comes from the open side of the wall.
"""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from billing.tables import ChargeKind
from cases.tables import ProgressState
from network.taxonomy import Disclosure, interventions

SMALLEST_SAMPLE = 6
"""People behind a measured wait, at least (R32)."""

SMALLEST_OUTCOME_SAMPLE = 10
"""People behind a measured outcome, at least (R34)."""

SMALLEST_COUNT = 5
"""People behind a number in a report, at least, whatever an arbodienst sets (R47, R76)."""


def _open_code(code: str) -> str:
    known = interventions().get(code)
    if known is None or known.disclosure is not Disclosure.OPEN:
        raise ValueError("only an open intervention is named outside the medical room")
    return code


def _first_day(day: date) -> date:
    if day.day != 1:
        raise ValueError("outside the medical room a month is all that is told of a date")
    return day


def _known_code(code: str) -> str:
    if code not in interventions():
        raise ValueError("an intervention that the taxonomy does not have")
    return code


Code = Annotated[str, AfterValidator(_known_code)]
"""The code of any intervention, for what is said of the network and of nobody in it."""

OpenCode = Annotated[str, AfterValidator(_open_code)]
"""The code of an intervention whose kind employer and insurer may know (R45)."""

Month = Annotated[date, AfterValidator(_first_day)]
"""The first day of the month of charging (leak L3)."""

Cents = Annotated[int, Field(gt=0)]
Reference = Annotated[str, Field(max_length=40)]


class Released(BaseModel):
    """A value on its way out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReleasedCharge(Released):
    """What one employer is charged: for an open intervention, a confidential one, k or more of them, or for services.

    `net_cents` is the price without VAT and `insurer_cents` the insurers' part of it. A pool has been relieved of that
    part beforehand: as a line of its own it could be the amount of one person (R25, R46).
    """

    employer_id: UUID
    kind: ChargeKind
    intervention: OpenCode | None = None
    employee_reference: Reference | None = None
    month: Month
    net_cents: Cents
    insurer_cents: Annotated[int, Field(ge=0)] = 0
    vat_rate: Annotated[int, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _says_no_more_than_it_may(self) -> Self:
        if (self.kind is ChargeKind.OPEN) != (self.intervention is not None):
            raise ValueError("an open charge names its type and no other charge does (R44, R45)")
        if self.kind is not ChargeKind.OPEN and self.employee_reference is not None:
            raise ValueError("a confidential charge names nobody (rules 2.2)")
        if self.kind in (ChargeKind.POOLED, ChargeKind.SERVICE) and self.insurer_cents:
            raise ValueError("a pool or a service shows no contribution (R25)")
        if self.insurer_cents > self.net_cents:
            raise ValueError("an insurer pays at most the price (R51)")
        return self


class ReleasedBack(Released):
    """What is given back of a charge that stood in a line of its own, and the insurers' part of that."""

    charge_id: UUID
    net_cents: Cents
    insurer_cents: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _says_no_more_than_it_may(self) -> Self:
        if self.insurer_cents > self.net_cents:
            raise ValueError("an insurer gets back at most the price (R51)")
        return self


class ReleasedShareBack(Released):
    """What an insurer gets back of a share that it paid."""

    share_id: UUID
    net_cents: Cents


class ReleasedShare(Released):
    """What an insurer owes for a request that it granted."""

    insurer_id: UUID
    request_id: UUID
    month: Month
    net_cents: Cents
    vat_rate: Annotated[int, Field(ge=0, le=100)]


class ReleasedRequest(Released):
    """A request to an insurer: class, week, price and days; no cause, no provider, no day, no name (R58)."""

    case_id: UUID
    employer_id: UUID
    insurer_id: UUID
    policy_id: UUID
    disclosure: Disclosure
    intervention: OpenCode | None
    sickness_year: Literal[1, 2]
    sickness_week: Annotated[int, Field(ge=1)]
    price_cents: Cents
    expected_days: Annotated[int, Field(ge=0)]
    percentage: Annotated[int, Field(ge=0, le=100)]
    requested_cents: Cents

    @model_validator(mode="after")
    def _says_no_more_than_it_may(self) -> Self:
        if (self.disclosure is Disclosure.OPEN) != (self.intervention is not None):
            raise ValueError("an open request names its type and a confidential one does not (R58)")
        if self.requested_cents > self.price_cents:
            raise ValueError("no more is asked than the price")
        return self


class ReleasedBudget(Released):
    """A request to an employer to agree to a cost above his budget: an amount and weeks, and of whom (R56)."""

    case_id: UUID
    employer_id: UUID
    disclosure: Disclosure
    intervention: OpenCode | None
    price_cents: Cents
    expected_weeks: Annotated[int, Field(ge=0, le=104)]
    answer_by: date

    @model_validator(mode="after")
    def _says_no_more_than_it_may(self) -> Self:
        if (self.disclosure is Disclosure.OPEN) != (self.intervention is not None):
            raise ValueError("an open request names its type and a confidential one does not (R44)")
        return self


class ReleasedProgress(Released):
    """How far an open intervention is, for the employer's side."""

    case_id: UUID
    employer_id: UUID
    intervention: OpenCode
    state: ProgressState
    changed_on: date


class ReleasedWait(Released):
    """What was measured of the wait for an offering: days from referral to start, over `n` referrals."""

    offering_id: UUID
    median_days: Annotated[int, Field(ge=0)]
    p80_days: Annotated[int, Field(ge=0)]
    n: Annotated[int, Field(ge=SMALLEST_SAMPLE)]


class ReleasedOutcome(Released):
    """How many per cent of `n` completed referrals to an offering reached what was agreed; in part counts for half."""

    offering_id: UUID
    reached_percent: Annotated[int, Field(ge=0, le=100)]
    n: Annotated[int, Field(ge=SMALLEST_OUTCOME_SAMPLE)]


class Counted(BaseModel):
    """For how many employees something was begun: of one open type, of all types, or of the confidential together."""

    disclosure: Disclosure
    intervention: OpenCode | None
    persons: Annotated[int, Field(ge=SMALLEST_COUNT)]

    @model_validator(mode="after")
    def _says_no_more_than_it_may(self) -> Self:
        if self.disclosure is not Disclosure.OPEN and self.intervention is not None:
            raise ValueError("a confidential number names no type (R18)")
        return self


class ReleasedCount(Released, Counted):
    """How many employees an intervention was begun for in a year, also by year of sickness."""

    sickness_year: Literal[1, 2] | None


class ReleasedPortfolioCount(Released, Counted):
    """How many insured employees an intervention was begun for in a year."""


class ReleasedAnswers(Released):
    """How many per cent of `n` referrals a provider answered, and how many of those it declined."""

    organisation_id: UUID
    answered_percent: Annotated[int, Field(ge=0, le=100)]
    declined_percent: Annotated[int, Field(ge=0, le=100)]
    n: Annotated[int, Field(ge=SMALLEST_OUTCOME_SAMPLE)]


class ReleasedExperience(Released):
    """How many per cent of `in_time_n` began within their term at a provider, and were satisfied of `satisfied_n`."""

    organisation_id: UUID
    in_time_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    in_time_n: Annotated[int, Field(ge=SMALLEST_OUTCOME_SAMPLE)] | None = None
    satisfied_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    satisfied_n: Annotated[int, Field(ge=SMALLEST_OUTCOME_SAMPLE)] | None = None


class ReleasedIntervention(Released):
    """What was measured of one type of intervention over the whole network; the type is the network's, nobody's."""

    intervention: Code
    median_days: Annotated[int, Field(ge=0)] | None = None
    p80_days: Annotated[int, Field(ge=0)] | None = None
    wait_n: Annotated[int, Field(ge=SMALLEST_SAMPLE)] | None = None
    reached_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    outcome_n: Annotated[int, Field(ge=SMALLEST_OUTCOME_SAMPLE)] | None = None
