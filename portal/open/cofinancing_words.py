"""A request for co-financing in the words of the portal, the same for case manager and insurer."""

from billing.cofinancing.shares import CostBenefit
from billing.tables import CofinancingState, DeclineReason, PolicyKind
from core.language import _
from portal.presenters import money, number


def cofinancing_words(state: CofinancingState) -> str:
    """Return where a request for co-financing stands."""
    return {
        CofinancingState.PREPARED: _("Te versturen"),
        CofinancingState.SUBMITTED: _("Bij de verzekeraar"),
        CofinancingState.APPROVED: _("Toegekend"),
        CofinancingState.PARTIAL: _("Deels toegekend"),
        CofinancingState.DECLINED: _("Afgewezen"),
        CofinancingState.LAPSED: _("Vervallen"),
    }[state]


COFINANCING_TONES = {
    CofinancingState.PREPARED: "warn",
    CofinancingState.SUBMITTED: "side",
    CofinancingState.APPROVED: "good",
    CofinancingState.PARTIAL: "good",
    CofinancingState.DECLINED: "bad",
    CofinancingState.LAPSED: "quiet",
}


def formula(worth: CostBenefit) -> str:
    """Return the reckoning of cost and benefit as one writes it down, with every number in it (R60)."""
    said = _("%(days)s dagen × %(daily)s = %(benefit)s; %(benefit)s − %(price)s = %(net)s")
    return said % {
        "days": number(worth.expected_days),
        "daily": money(worth.daily_cost_cents),
        "benefit": money(worth.benefit_cents),
        "price": money(worth.price_cents),
        "net": money(worth.net_cents),
    }


def decline_words(reason: DeclineReason) -> str:
    """Return why an insurer grants less than was asked."""
    return {
        DeclineReason.NOT_COVERED: _("Dit valt niet onder de polis"),
        DeclineReason.BUDGET_SPENT: _("Het budget is op"),
        DeclineReason.COST_BENEFIT: _("De baten wegen niet op tegen de kosten"),
        DeclineReason.TOO_LATE: _("De aanvraag kwam te laat"),
        DeclineReason.OTHER_INSURANCE: _("Een andere verzekering gaat voor"),
    }[reason]


def policy_words(kind: PolicyKind) -> str:
    """Return what a kind of policy is called."""
    return {
        PolicyKind.ABSENCE: _("Verzuimverzekering"),
        PolicyKind.WGA: _("WGA-verzekering"),
        PolicyKind.ZW: _("Ziektewetverzekering"),
        PolicyKind.WIA: _("WIA-verzekering"),
        PolicyKind.HEALTH: _("Zorgverzekering"),
    }[kind]
