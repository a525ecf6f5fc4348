"""A request above the employer's budget in the words of the portal, the same for everybody who reads it."""

from billing.budget_tables import BudgetRefusal, BudgetState
from core.language import _

BUDGET_TONES = {
    BudgetState.ASKED: "warn",
    BudgetState.AGREED: "good",
    BudgetState.REFUSED: "bad",
    BudgetState.LAPSED: "quiet",
}


def budget_state_words(state: BudgetState) -> str:
    """Return where a request stands."""
    return {
        BudgetState.ASKED: _("Wacht op de werkgever"),
        BudgetState.AGREED: _("Akkoord"),
        BudgetState.REFUSED: _("Niet akkoord"),
        BudgetState.LAPSED: _("Vervallen"),
    }[state]


def refusal_words(reason: BudgetRefusal) -> str:
    """Return why an employer does not agree."""
    return {
        BudgetRefusal.TOO_EXPENSIVE: _("De kosten zijn te hoog"),
        BudgetRefusal.NOT_NOW: _("Niet nu"),
        BudgetRefusal.OTHER_SOLUTION: _("Er is een andere oplossing"),
        BudgetRefusal.DOUBTS_ADVICE: _("Twijfel aan het advies"),
    }[reason]
