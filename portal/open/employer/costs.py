"""What interventions cost the employer: by month, by open type and one line for the rest (R47)."""

from datetime import timedelta
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.charging.charge_terms import first_of_month
from billing.charging.costs import Cost, CostMonth, CostOverview, cost_overview
from billing.charging.month_input import PeriodInput
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from core.clock import today
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.attempts import attempt
from portal.figures.bars import Amount, Bars, Part
from portal.forms import Form, parse
from portal.open.employer.navigation import COSTS
from portal.open.show import show
from portal.presenters import month

router = Section(prefix=COSTS)
MONTHS_TO_CHOOSE = 36


class Period(BaseModel):
    """From which month to which; the last twelve without them."""

    first: PeriodInput | None = Field(default=None, alias="from")
    last: PeriodInput | None = Field(default=None, alias="to")


@router.get("")
def costs(request: Request, work: Annotated[Work, open_side(Permission.SEE_COSTS)]) -> Response:
    """Show the costs of a period."""
    session, actor = work.session, work.actor
    tried = attempt(
        session,
        parse(Period, request.query_params),
        lambda period: cost_overview(session, actor, period.first, period.last),
    )
    found = tried.done or cost_overview(session, actor)
    return show(
        request,
        work,
        "open/employer/costs.html",
        status=tried.status,
        form=_filled(tried.form, found),
        faulty=tried.done is None,
        months=_choices(found),
        costs=found,
        by_month=_bars([(month(each.month), each.total) for each in found.months]),
        by_type=_bars(_types(found)),
        table=[(month(each.month), _prices(found, each)) for each in found.months],
        is_empty=all(each.total.price.cents == 0 for each in found.months),
        hides=any(each.total.price.is_suppressed for each in found.months),
        confidential=CONFIDENTIAL_TEXT,
    )


def _types(found: CostOverview) -> list[tuple[str, Cost]]:
    """Return each open type and one constant line for the rest (R44)."""
    return [*((each.label, each.cost) for each in found.open_types), (CONFIDENTIAL_TEXT, found.confidential)]


def _bars(costs: list[tuple[str, Cost]]) -> Bars:
    parts = (Part(_("U betaalt"), 1), Part(_("Verzekeraar betaalt"), 2))
    return Bars(parts, tuple(Amount(label, (cost.employer.cents, cost.insurer.cents)) for label, cost in costs))


def _prices(found: CostOverview, of_month: CostMonth) -> list[int | None]:
    """Return a row of the table: the price of each open type, of the rest, and of everything; None where hidden."""
    prices = {each.intervention: each.cost.price.cents for each in of_month.open_types}
    of_types = [prices.get(each.intervention, 0) for each in found.open_types]
    return [*of_types, of_month.confidential.price.cents, of_month.total.price.cents]


def _filled(form: Form[Period], found: CostOverview) -> Form[Period]:
    """Return the form with the period that is shown, where none was chosen."""
    shown = {"from": (f"{found.first:%Y-%m}",), "to": (f"{found.last:%Y-%m}",)}
    return Form(form.value, form.errors, {**shown, **form.typed})


def _choices(found: CostOverview) -> list[tuple[str, str]]:
    """Return the months to choose from, the newest first, and those that are shown now."""
    months = [first_of_month(today())]
    while len(months) < MONTHS_TO_CHOOSE:
        months.append(first_of_month(months[-1] - timedelta(days=1)))
    return [(f"{each:%Y-%m}", month(each)) for each in sorted({*months, found.first, found.last}, reverse=True)]
