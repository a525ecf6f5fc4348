"""The employer's overview of costs over JSON, with small figures suppressed (R47)."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.money import Money, money_or_none
from billing.charging.costs import Cost, CostMonth, CostOverview, Figure, OpenCost, cost_overview
from billing.charging.month_input import PeriodInput
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/costs", tags=["costs"])


class FigureOut(BaseModel):
    """An amount without VAT; suppressed where too few persons stand behind it."""

    amount: Money | None
    suppressed: bool


class CostOut(BaseModel):
    """The price, the insurer's part of it, and what is left for the employer."""

    price: FigureOut
    insurer_share: FigureOut
    employer_share: FigureOut


class OpenCostOut(CostOut):
    """The cost of one open type of intervention."""

    intervention: str
    label: str


class ConfidentialCostOut(CostOut):
    """The cost of all other interventions together."""

    label: str


class TotalsOut(BaseModel):
    """The cost by open type, of the rest in one line, and of everything."""

    open: list[OpenCostOut]
    confidential: ConfidentialCostOut
    total: CostOut


class MonthOut(TotalsOut):
    """One month."""

    month: str


class CostsOut(BaseModel):
    """The months of a period and their totals, and why a figure can be suppressed."""

    model_config = ConfigDict(populate_by_name=True)

    first: str = Field(alias="from")
    last: str = Field(alias="to")
    k: int
    reason: str | None
    reason_code: Literal["fewer_than_k"] | None
    months: list[MonthOut]
    totals: TotalsOut


class CostsQuery(BaseModel):
    """From which month to which, as "2026-01" or as a day in it; without them the last twelve months."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first: PeriodInput | None = Field(default=None, alias="from")
    last: PeriodInput | None = Field(default=None, alias="to")


@router.get("", response_model_by_alias=True)
def costs(work: Annotated[Work, open_side(Permission.SEE_COSTS)], query: Annotated[CostsQuery, Query()]) -> CostsOut:
    """Return the costs of the caller's organisation."""
    found = cost_overview(work.session, work.actor, query.first, query.last)
    hides = any(month.confidential.price.is_suppressed for month in found.months)
    return CostsOut(
        first=f"{found.first:%Y-%m}",
        last=f"{found.last:%Y-%m}",
        k=found.k,
        reason=_reason(found) if hides else None,
        reason_code="fewer_than_k" if hides else None,
        months=[_month(month) for month in found.months],
        totals=TotalsOut(
            open=[_open(each) for each in found.open_types],
            confidential=_confidential(found.confidential),
            total=CostOut(**_cost(found.total)),
        ),
    )


def _reason(found: CostOverview) -> str:
    return _("Bedragen over minder dan %(k)s werknemers laten we niet zien, en ook niet waar ze in zitten.") % {
        "k": found.k
    }


def _month(month: CostMonth) -> MonthOut:
    return MonthOut(
        month=f"{month.month:%Y-%m}",
        open=[_open(each) for each in month.open_types],
        confidential=_confidential(month.confidential),
        total=CostOut(**_cost(month.total)),
    )


def _open(cost: OpenCost) -> OpenCostOut:
    return OpenCostOut(intervention=cost.intervention, label=cost.label, **_cost(cost.cost))


def _confidential(cost: Cost) -> ConfidentialCostOut:
    return ConfidentialCostOut(label=CONFIDENTIAL_TEXT, **_cost(cost))


def _cost(cost: Cost) -> dict[str, FigureOut]:
    return {
        "price": _figure(cost.price),
        "insurer_share": _figure(cost.insurer),
        "employer_share": _figure(cost.employer),
    }


def _figure(figure: Figure) -> FigureOut:
    return FigureOut(amount=money_or_none(figure.cents), suppressed=figure.is_suppressed)
