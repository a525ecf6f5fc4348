"""The words in which the case manager reads what the rooms keep as codes."""

from billing.tables import CofinancingState, DeclineReason, PolicyKind
from cases.tables import ProgressState, RequestState
from core.language import _


def year_words(year: int) -> str:
    """Return the name of a year of sickness."""
    return _("eerste ziektejaar") if year == 1 else _("tweede ziektejaar")


def request_words(state: RequestState) -> str:
    """Return where a request for an intervention stands."""
    return {
        RequestState.PENDING: _("Ligt bij de bedrijfsarts"),
        RequestState.GRANTED: _("Toegekend"),
        RequestState.REFUSED: _("Niet toegekend"),
    }[state]


REQUEST_TONES = {RequestState.PENDING: "warn", RequestState.GRANTED: "good", RequestState.REFUSED: "bad"}


def progress_words(state: ProgressState) -> str:
    """Return how far an open intervention is."""
    return {
        ProgressState.REQUESTED: _("Aangevraagd"),
        ProgressState.RUNNING: _("Loopt"),
        ProgressState.COMPLETED: _("Klaar"),
        ProgressState.STOPPED: _("Gestopt"),
    }[state]


PROGRESS_TONES = {
    ProgressState.REQUESTED: "warn",
    ProgressState.RUNNING: "side",
    ProgressState.COMPLETED: "good",
    ProgressState.STOPPED: "quiet",
}


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
