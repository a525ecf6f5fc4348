"""Requests for co-financing: worked out with the cost of a day, sent to the insurer, and what was decided (R57-R60)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field, ValidationInfo, field_validator
from starlette.responses import Response

from billing.cofinancing.policies import Proposal
from billing.cofinancing.read import CofinancingView, get_cofinancing, list_cofinancing
from billing.cofinancing.shares import CostBenefit, daily_cost_of
from billing.cofinancing.submit import NEXT_AFTER, ask_next_insurer, insurers_to_ask, submit_cofinancing
from billing.tables import CofinancingState
from cases.cases_read import get_case
from core.language import _, ngettext
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal import flash
from portal.attempts import attempt
from portal.blocks import Recipient
from portal.case_words import year_words
from portal.figures.bars import Amount, Bars, Part
from portal.forms import Form, FormFields, blank, parse
from portal.open import cofinancing_words as words
from portal.open import policy_terms
from portal.open.case_manager.navigation import HOME
from portal.open.cofinancing_words import formula
from portal.open.show import show
from portal.presenters import day, money, number
from portal.typed import Euros

LIST = f"{HOME}/cofinanciering"
router = Section(prefix=LIST)
PAGE_SIZE = 25
LARGEST_DAILY_COST = 10_000_00
SMALLEST_WAGE, LARGEST_WAGE = 1_000_00, 1_500_000_00
Sender = Annotated[Work, open_side(Permission.SUBMIT_COFINANCING)]

Tab = Literal["send", "sent", "decided", "lapsed", "all"]
STATES: Mapping[Tab, tuple[CofinancingState, ...]] = MappingProxyType(
    {
        "send": (CofinancingState.PREPARED,),
        "sent": (CofinancingState.SUBMITTED,),
        "decided": (CofinancingState.APPROVED, CofinancingState.PARTIAL, CofinancingState.DECLINED),
        "lapsed": (CofinancingState.LAPSED,),
        "all": (),
    }
)


class RequestFilters(BaseModel):
    """Which requests, of which case, and which page of them."""

    tab: Tab = "send"
    dossier: UUID | None = None
    page: int = Field(default=1, ge=1, le=100_000)


class NextInsurer(BaseModel, extra="forbid"):
    """Under which policy the next insurer is asked."""

    policy_id: UUID


class Cost(BaseModel, extra="forbid"):
    """What a day of absence costs or the wage it follows from, whom to ask, and which button was pressed."""

    annual_wage: Annotated[Euros, Field(ge=SMALLEST_WAGE, le=LARGEST_WAGE)] | None = None
    daily_cost: Annotated[Euros, Field(gt=0, le=LARGEST_DAILY_COST)] | None = Field(default=None, validate_default=True)
    policy_id: UUID | None = None
    act: Literal["check", "change", "send"] = "check"

    @field_validator("daily_cost")
    @classmethod
    def _one_of_two(cls, cost: int | None, info: ValidationInfo) -> int | None:
        if "annual_wage" in info.data and (cost is None) == (info.data["annual_wage"] is None):
            raise ValueError(_("Vul de kosten van een dag in, of het jaarloon: een van de twee."))
        return cost

    @property
    def cost(self) -> int:
        """What a day costs, in cents."""
        return self.daily_cost or daily_cost_of(self.annual_wage or 0)


@router.get("")
def request_list(request: Request, work: Sender) -> Response:
    """List requests by how far they are."""
    chosen = parse(RequestFilters, request.query_params).value or RequestFilters()
    return show(
        request,
        work,
        "open/case_manager/cofinancing.html",
        chosen=chosen,
        case=get_case(work.session, work.actor, chosen.dossier) if chosen.dossier else None,
        found=list_cofinancing(
            work.session,
            work.actor,
            STATES[chosen.tab],
            case_id=chosen.dossier,
            page=chosen.page,
            page_size=PAGE_SIZE,
        ),
        words=words,
    )


@router.get("/{request_id}")
def request_page(request: Request, work: Sender, request_id: UUID) -> Response:
    """Show a request; while it is not sent, ask for the cost of a day."""
    return _page(request, work, "cofinancing_request", request_id, blank())


@router.post("/{request_id}")
def submit(request: Request, work: Sender, request_id: UUID, data: FormFields) -> Response:
    """Go on to the check, back to the cost, or send the request."""
    form = parse(Cost, data)
    if form.value is None or form.value.act == "change":
        return _page(request, work, "cofinancing_request", request_id, form, 422 if form.value is None else 200)
    if form.value.act == "check":
        return _page(request, work, "cofinancing_check", request_id, form)
    tried = attempt(
        work.session,
        form,
        lambda typed: submit_cofinancing(work.session, work.actor, request_id, typed.cost, typed.policy_id),
    )
    if tried.done is None:
        return _page(request, work, "cofinancing_request", request_id, tried.form, tried.status)
    return flash.redirect(request, LIST, _("%(number)s is verstuurd.") % {"number": tried.done.request.number})


@router.get("/{request_id}/volgende")
def next_page(request: Request, work: Sender, request_id: UUID) -> Response:
    """Show whom to ask for what is left, and what he will read."""
    return _next(request, work, request_id, blank())


@router.post("/{request_id}/volgende")
def ask_next(request: Request, work: Sender, request_id: UUID, data: FormFields) -> Response:
    """Ask another insurer for what is left of the price."""
    tried = attempt(
        work.session,
        parse(NextInsurer, data),
        lambda typed: ask_next_insurer(work.session, work.actor, request_id, typed.policy_id),
    )
    if tried.done is None:
        return _next(request, work, request_id, tried.form, tried.status)
    return flash.redirect(request, LIST, _("%(number)s is verstuurd.") % {"number": tried.done.request.number})


def _next(request: Request, work: Work, request_id: UUID, form: Form[Any], status: int = 200) -> Response:
    asked = get_cofinancing(work.session, work.actor, request_id)
    return show(
        request,
        work,
        "open/case_manager/cofinancing_next.html",
        status=status,
        asked=asked,
        form=form,
        insurers=insurers_to_ask(work.session, work.actor, request_id),
        words=words,
        terms=policy_terms,
    )


def _page(request: Request, work: Work, page: str, request_id: UUID, form: Form[Cost], status: int = 200) -> Response:
    asked = get_cofinancing(work.session, work.actor, request_id)
    worth = asked.cost_benefit
    insurers = insurers_to_ask(work.session, work.actor, request_id)
    if asked.state is CofinancingState.PREPARED and form.value is not None:
        worth = CostBenefit(asked.expected_days, form.value.cost, asked.price_cents)
        asked = _as_chosen(asked, insurers, form.value.policy_id)
    return show(
        request,
        work,
        f"open/case_manager/{page}.html",
        status=status,
        asked=asked,
        form=form,
        facts=_facts(asked),
        decision=_decision(asked),
        worth=worth,
        figures=_figures(worth) if worth else [],
        bars=_bars(worth) if worth else None,
        formula=formula(worth) if worth else "",
        recipients=_recipients(asked),
        insurers=insurers,
        goes_on=asked.state in NEXT_AFTER and any(each.hindrance is None for each in insurers),
        words=words,
        terms=policy_terms,
    )


def _as_chosen(asked: CofinancingView, insurers: Sequence[Proposal], policy_id: UUID | None) -> CofinancingView:
    """Return a request as it would go out under the policy that was chosen."""
    for each in insurers:
        if each.policy_id == policy_id:
            return replace(
                asked,
                insurer_id=each.insurer_id,
                insurer_name=each.insurer_name,
                policy_id=each.policy_id,
                policy_number=each.number,
                policy_kind=each.kind,
                percentage=each.percentage,
                requested_cents=each.requested_cents,
            )
    return asked


def _facts(asked: CofinancingView) -> list[tuple[str, str]]:
    """Return what the insurer will read, in the same words."""
    share = _("%(amount)s, %(percentage)s%% van de prijs")
    return [
        (_("Interventie"), asked.description),
        (_("Prijs"), money(asked.price_cents)),
        (_("Gevraagd"), share % {"amount": money(asked.requested_cents), "percentage": number(asked.percentage)}),
        (_("Verzekeraar"), asked.insurer_name),
        (_("Polis"), f"{words.policy_words(asked.policy_kind)} {asked.policy_number}"),
        (_("Werkgever"), asked.employer_name),
        (_("Ziekteweek"), f"{asked.sickness_week}, {year_words(asked.sickness_year)}"),
        (_("Dagen eerder terug"), _("%(n)s, geschat door de bedrijfsarts") % {"n": number(asked.expected_days)}),
    ]


def _decision(asked: CofinancingView) -> list[tuple[str, str]]:
    """Return what was decided, or until when it is to be."""
    if asked.state is CofinancingState.SUBMITTED and asked.decide_by is not None:
        late = _("%(day)s, te laat: vraag de verzekeraar wanneer het besluit komt") if asked.is_overdue else "%(day)s"
        return [(_("Besluit verwacht uiterlijk"), late % {"day": day(asked.decide_by)})]
    if asked.decided_cents is None:
        return []
    reason = words.decline_words(asked.decision_reason) if asked.decision_reason else ""
    found = [(_("Toegekend"), money(asked.decided_cents)), (_("Reden"), reason)]
    return [(label, value) for label, value in found if value]


def _figures(worth: CostBenefit) -> list[tuple[str, str, str]]:
    per_day = ngettext("%(days)s dag van %(cost)s", "%(days)s dagen van %(cost)s", worth.expected_days)
    saved = per_day % {"days": number(worth.expected_days), "cost": money(worth.daily_cost_cents)}
    ratio = worth.ratio if worth.ratio is not None else Decimal(0)
    return [
        (_("Levert op"), money(worth.benefit_cents), saved),
        (_("Kost"), money(worth.price_cents), _("de prijs van de interventie")),
        (_("Blijft over"), money(worth.net_cents), _("opbrengst min prijs")),
        (_("Per euro"), number(ratio), _("euro terug")),
    ]


def _bars(worth: CostBenefit) -> Bars:
    amounts = (Amount(_("Levert op"), (worth.benefit_cents,)), Amount(_("Kost"), (worth.price_cents,)))
    return Bars((Part(_("Bedrag"), 1),), amounts)


def _recipients(asked: CofinancingView) -> tuple[Recipient, ...]:
    return (
        Recipient(
            asked.insurer_name,
            "open",
            (
                _("De soort: %(kind)s") % {"kind": asked.description},
                _("Prijs, gevraagd bedrag en percentage"),
                _("De week en het jaar van het verzuim"),
                _("De geschatte dagen, en de kosten per dag"),
            ),
            (
                _("De naam of het kenmerk van de werknemer"),
                _("De oorzaak van het verzuim"),
                _("Wie de interventie geeft"),
            ),
        ),
    )
