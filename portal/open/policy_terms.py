"""What a policy says, in sentences, the same for everybody who reads it."""

from billing.cofinancing.policies import Hindrance, Proposal
from billing.cofinancing.policies_read import PolicyView
from billing.cofinancing.shares import PercentageRule
from core.language import _
from network.taxonomy import interventions
from portal.open.cofinancing_words import policy_words
from portal.presenters import day, money, percent


def rule_words(rule: PercentageRule) -> str:
    """Return an exception in a sentence: 75% for a kind before a week."""
    known = interventions().get(rule.intervention or "")
    kind = known.name if known else rule.intervention
    shown = {"percentage": percent(rule.percentage), "kind": kind, "week": rule.before_week}
    if rule.intervention and rule.before_week:
        return _("%(percentage)s voor %(kind)s vóór week %(week)s") % shown
    if rule.intervention:
        return _("%(percentage)s voor %(kind)s") % shown
    if rule.before_week:
        return _("%(percentage)s vóór week %(week)s") % shown
    return _("%(percentage)s voor al het andere") % shown


def covered_words(policy: PolicyView) -> str:
    """Return what falls under a policy."""
    named = ", ".join(interventions()[code].name for code in policy.interventions if code in interventions())
    if named and policy.confidential:
        return _("%(named)s, en wat vertrouwelijk is") % {"named": named}
    if named:
        return named
    return _("Alle interventies") if policy.confidential else _("Alle interventies die niet vertrouwelijk zijn")


def policy_facts(policy: PolicyView) -> list[tuple[str, str]]:
    """Return the terms of a policy, line by line."""
    facts = [
        (_("Werkgever"), policy.employer_name),
        (_("Verzekeraar"), policy.insurer_name),
        (_("Soort"), policy_words(policy.kind)),
        (
            _("Looptijd"),
            _("%(first)s tot en met %(last)s") % {"first": day(policy.valid_from), "last": day(policy.last_day)},
        ),
        (_("Vergoedt"), _("%(percentage)s van de prijs") % {"percentage": percent(policy.percentage)}),
    ]
    if policy.rules:
        facts.append((_("Uitzonderingen"), "; ".join(rule_words(rule) for rule in policy.rules)))
    facts.append(
        (_("Hooguit per aanvraag"), money(policy.cap_cents) if policy.cap_cents is not None else _("Geen grens"))
    )
    budget = money(policy.budget_cents) if policy.budget_cents is not None else _("Geen grens")
    return [*facts, (_("Budget per kalenderjaar"), budget), (_("Wat eronder valt"), covered_words(policy))]


def why_words(proposal: Proposal) -> str:
    """Return why a policy would pay what it would, or why it is not asked."""
    if proposal.hindrance is not None:
        return {
            Hindrance.NOT_COVERED: _("Deze interventie valt er niet onder."),
            Hindrance.ASKED_BEFORE: _("Hierover is al beslist of gevraagd."),
            Hindrance.NOTHING_LEFT: _("De hele prijs is al toegezegd."),
        }[proposal.hindrance]
    reasons = [_("%(percentage)s van de prijs") % {"percentage": percent(proposal.percentage)}]
    if proposal.rule is not None:
        reasons = [rule_words(proposal.rule)]
    if proposal.is_capped:
        reasons.append(_("hooguit %(cap)s per aanvraag") % {"cap": money(proposal.requested_cents)})
    if proposal.kind.value == "health":
        reasons.append(_("van wat de anderen overlaten"))
    return ", ".join(reasons)
