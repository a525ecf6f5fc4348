"""One request for co-financing: what is asked and what it is worth on one page, a look at the decision, and the end."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from billing.cofinancing.decide import decide_cofinancing
from billing.cofinancing.read import CofinancingView, get_cofinancing
from billing.cofinancing.shares import CostBenefit, Outcome
from billing.tables import CofinancingState, DeclineReason
from core.language import _
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from portal import flash
from portal.attempts import Attempt, attempt
from portal.blocks import Recipient
from portal.case_words import year_words
from portal.figures.bars import Amount, Bars, Part
from portal.forms import Form, FormFields, blank, parse
from portal.open.cofinancing_words import (
    COFINANCING_TONES,
    cofinancing_words,
    decline_words,
    formula,
    policy_words,
)
from portal.open.insurer.navigation import HOME, REQUESTS
from portal.open.show import show
from portal.presenters import day, money, percent
from portal.rehearsal import rehearse
from portal.two_steps import Step, pressed
from portal.typed import Euros

router = Section(prefix=f"{REQUESTS}/{{request_id}}")
MOST_CENTS = 10_000_000_00
Insurer = Annotated[Work, open_side(Permission.DECIDE_COFINANCING)]


class Decision(BaseModel):
    """What the insurer decides; `amount_cents` goes with a part, `reason` with less than all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Outcome
    amount_cents: Annotated[Euros, Field(le=MOST_CENTS)] | None = None
    reason: DeclineReason | None = None


@router.get("")
def request_page(request: Request, work: Insurer, request_id: UUID) -> Response:
    """Show a request, and ask for a decision while it waits for one."""
    return _page(request, work, request_id, blank())


@router.post("")
def decide(request: Request, work: Insurer, request_id: UUID, data: FormFields) -> Response:
    """Go on to the check, back to the form, or decide."""
    step, fields = pressed(data)
    form = parse(Decision, fields)
    if step is Step.EDIT:
        return _page(request, work, request_id, form)
    if step is not Step.SEND:
        return _looked_at(request, work, request_id, _rehearsed(work, request_id, form))
    tried = attempt(work.session, form, lambda decision: _decide(work, request_id, decision))
    if tried.done is None:
        return _page(request, work, request_id, tried.form, tried.status)
    said = _("Uw besluit op %(number)s is vastgelegd.") % {"number": tried.done.number}
    return flash.redirect(request, HOME, said)


def _decide(work: Work, request_id: UUID, decision: Decision) -> CofinancingView:
    return decide_cofinancing(
        work.session, work.actor, request_id, decision.outcome, decision.amount_cents, decision.reason
    )


def _rehearsed(work: Work, request_id: UUID, form: Form[Decision]) -> Attempt[CofinancingView]:
    return attempt(
        work.session,
        form,
        lambda decision: rehearse(work.session, lambda: _decide(work, request_id, decision)),
    )


def _looked_at(request: Request, work: Work, request_id: UUID, tried: Attempt[CofinancingView]) -> Response:
    """Say in words what the decision would be, and who gets to know it."""
    if tried.done is None:
        return _page(request, work, request_id, tried.form, tried.status)
    would_be = tried.done
    return show(
        request,
        work,
        "open/insurer/decision_check.html",
        asked=would_be,
        form=tried.form,
        outcome=cofinancing_words(would_be.state),
        reason=decline_words(would_be.decision_reason) if would_be.decision_reason else "",
        left_cents=would_be.price_cents - (would_be.decided_cents or 0),
        recipients=_recipients(would_be),
    )


def _page(request: Request, work: Work, request_id: UUID, form: Form[Decision], status: int = 200) -> Response:
    asked = get_cofinancing(work.session, work.actor, request_id)
    return show(
        request,
        work,
        "open/insurer/request.html",
        status=status,
        asked=asked,
        waits=asked.state is CofinancingState.SUBMITTED,
        state=(cofinancing_words(asked.state), COFINANCING_TONES[asked.state]),
        facts=_facts(asked),
        decision=_decision(asked),
        worth=asked.cost_benefit,
        formula=formula(asked.cost_benefit) if asked.cost_benefit else "",
        bars=_bars(asked, asked.cost_benefit) if asked.cost_benefit else None,
        reasons=[(reason.value, decline_words(reason)) for reason in DeclineReason],
        form=form,
    )


def _facts(asked: CofinancingView) -> list[tuple[str, str]]:
    share = _("%(amount)s, %(percentage)s van de prijs volgens de polis")
    return [
        (_("Interventie"), asked.description),
        (_("Werkgever"), asked.employer_name),
        (_("Polis"), f"{policy_words(asked.policy_kind)} {asked.policy_number}"),
        (_("Ziekteweek"), f"{asked.sickness_week}, {year_words(asked.sickness_year)}"),
        (_("Prijs"), money(asked.price_cents)),
        (_("Gevraagd"), share % {"amount": money(asked.requested_cents), "percentage": percent(asked.percentage)}),
        *([(_("Besluit uiterlijk"), day(asked.decide_by))] if asked.decide_by else []),
        (_("Advies"), _("Van de bedrijfsarts. De werknemer stemt in met deze aanvraag.")),
    ]


def _decision(asked: CofinancingView) -> list[tuple[str, str]]:
    if asked.decided_cents is None:
        return []
    rows = [(_("Toegekend"), money(asked.decided_cents))]
    if asked.decision_reason:
        rows.append((_("Reden"), decline_words(asked.decision_reason)))
    standing = _("Ja, het is doorbelast") if asked.is_charged else _("Nee, het is nog niet doorbelast")
    return [*rows, (_("Doorbelast"), standing)]


def _bars(asked: CofinancingView, worth: CostBenefit) -> Bars:
    """Draw what it costs, parted by who is asked to pay, above what it is expected to bring (R60)."""
    parts = (Part(_("Gevraagd van u"), 1), Part(_("Betaalt de werkgever"), 2), Part(_("Verwachte opbrengst"), 3))
    price = (asked.requested_cents, asked.price_cents - asked.requested_cents, 0)
    return Bars(parts, (Amount(_("Kost"), price), Amount(_("Levert op"), (0, 0, worth.benefit_cents))))


def _recipients(asked: CofinancingView) -> tuple[Recipient, ...]:
    told = (_("Uw besluit en de reden"), _("Het bedrag dat u betaalt"))
    billed = (
        _("Een lagere rekening: uw deel gaat ervan af") if asked.decided_cents else _("De hele prijs op de rekening")
    )
    return (
        Recipient(_("De casemanager van %(name)s") % {"name": asked.employer_name}, "open", told),
        Recipient(asked.employer_name, "open", (billed,), (_("De soort polis"),)),
    )
