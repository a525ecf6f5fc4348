"""The hatch towards the employer's budget (R56, R12): nothing is issued above it before he agreed.

Without consent (b) he cannot be asked about what is confidential: then the physician is told, and nobody else.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from billing.budget.mandates import budget_in_force
from billing.budget.requests import BudgetRequestView, budget_request_view
from billing.budget_tables import BudgetRequest, BudgetState
from billing.cofinancing.hindrance import in_force
from cases.tables import AbsenceCase, ConsentScope, Employee
from core.clock import today
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from core.references import random_number
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record, record_list
from identity.policy import Permission, require, require_system
from medical.cases.disclosures import consents_in_force, write_disclosure
from medical.disclosed_tables import Disclosed, DisclosedTo
from medical.hatch.budget_used import budget_used
from medical.hatch.intake import onward_price_cents
from medical.hatch.values import ReleasedBudget
from medical.referrals.days_estimates import latest_estimate, own_estimate
from medical.referrals.moves import whose
from medical.tables import BudgetLink, Referral, ReferralState
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure

WAITS = (ReferralState.DRAFT, ReferralState.RETURNED)
DAYS_IN_A_WEEK = 5
LONGEST = 104


@dataclass(frozen=True)
class Verdict:
    """Whether a referral is above the budget, and whether the employer can be asked."""

    is_above: bool
    may_ask: bool


def weigh_budget(session: Session, actor: Actor, referral: Referral, price_cents: int) -> Verdict:
    """Tell whether a referral, written or not, would pass the employer's budget without his having agreed to it.

    Of two at once the second counts the first: the caller keeps the turn until his transaction ends.
    """
    budget = budget_in_force(session, referral.employer_id, today())
    if budget is None or (budget.per_case_cents is None and budget.per_year_cents is None):
        return Verdict(is_above=False, may_ask=False)
    may_ask = referral.disclosure is Disclosure.OPEN or in_force(session, referral.case_id, ConsentScope.EMPLOYER)
    record(session, actor, "medical:budget:weighed", referral.id, data_subject_id=referral.employee_id)
    take_turn(session, "medical.budget", referral.employer_id)
    rate = arbodienst_settings(session, actor).onward_vat_rate
    used = budget_used(session, referral.employer_id, referral.case_id, rate, all_of_it=not may_ask)
    above_case = budget.per_case_cents is not None and used.case_cents + price_cents > budget.per_case_cents
    above_year = budget.per_year_cents is not None and used.year_cents + price_cents > budget.per_year_cents
    is_above = (above_case or above_year) and not _agreed(session, referral, price_cents)
    return Verdict(is_above=is_above, may_ask=may_ask)


def refuse_above_budget(session: Session, actor: Actor, referral: Referral, price_cents: int) -> None:
    """Raise Conflict for what the employer has to agree to first, or cannot be asked (R56)."""
    verdict = weigh_budget(session, actor, referral, price_cents)
    if not verdict.is_above:
        return
    if verdict.may_ask:
        message = _("Dit gaat boven het budget van de werkgever. Vraag hem eerst om akkoord.")
        raise Conflict(message, code="above_budget", possible=("budget_request",))
    message = _(
        "Dit gaat boven het budget van de werkgever, en hij kan niet worden gevraagd: de werknemer heeft er niet mee"
        " ingestemd dat de werkgever van een interventie weet. Bespreek het met de werknemer."
    )
    raise Conflict(message, code="above_budget_unasked", possible=())


def ask_employer(session: Session, actor: Actor, referral_id: UUID) -> BudgetRequestView:
    """Ask the employer to agree to a draft above his budget; asked before, that request is returned.

    Raises NotFound, and Conflict for what is no draft any more, is within the budget, or may not reach the employer.
    """
    require(actor, Permission.ASK_EMPLOYER)
    referral = session.exec(select(Referral).where(Referral.id == referral_id)).one_or_none()
    if referral is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    if referral.state not in WAITS:
        raise Conflict(_("Deze verwijzing is geen concept meer."), possible=())
    for each in requests_of(session, actor, referral_id):
        if each.state is BudgetState.ASKED:
            return each
    rate = arbodienst_settings(session, actor).onward_vat_rate
    price_cents = onward_price_cents(rate, referral.units, referral.unit_price_cents, referral.vat_rate)
    verdict = weigh_budget(session, actor, referral, price_cents)
    if not verdict.is_above:
        raise Conflict(
            _("Dit past binnen het budget: er is geen akkoord nodig."), code="within_budget", possible=("issue",)
        )
    if not verdict.may_ask:
        refuse_above_budget(session, actor, referral, price_cents)
    request = _let_out(session, actor, referral, price_cents)
    consents = consents_in_force(session, [referral.case_id], ConsentScope.EMPLOYER)
    write_disclosure(
        session,
        referral,
        actor,
        Disclosed.BUDGET_ASKED,
        DisclosedTo.EMPLOYER,
        consent_id=consents.get(referral.case_id) if referral.disclosure is Disclosure.CONF else None,
    )
    record(session, actor, "medical:budget:asked", referral.id, data_subject_id=referral.employee_id)
    return budget_request_view(request, _reference(session, referral))


def requests_of(session: Session, actor: Actor, referral_id: UUID) -> list[BudgetRequestView]:
    """Return what the employer was asked for a referral and what he answered, the latest first."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    about = session.exec(select(Referral.employee_id).where(Referral.id == referral_id)).first()
    record(session, actor, "medical:budget:read", referral_id, data_subject_id=about)
    return _found(session, col(BudgetLink.referral_id) == referral_id)


def budget_waiting(session: Session, actor: Actor) -> list[tuple[UUID, BudgetRequestView]]:
    """Return the drafts that wait for an employer's answer or got one, with the latest request of each."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    rows = session.exec(
        select(Referral.id, BudgetRequest, Employee.reference, Employee.id)
        .join(BudgetLink, col(BudgetLink.referral_id) == Referral.id)
        .join(BudgetRequest, col(BudgetRequest.id) == BudgetLink.request_id)
        .join(Employee, col(Employee.id) == Referral.employee_id)
        .where(col(Referral.state).in_(WAITS), BudgetRequest.state != BudgetState.LAPSED)
        .order_by(col(BudgetRequest.created_at))
        .limit(100)
    ).all()
    record_list(session, actor, "medical:budget:listed", (each[3] for each in rows))
    return list({each[0]: (each[0], budget_request_view(each[1], each[2])) for each in rows}.values())


def advice_not_followed(session: Session, actor: Actor, case_id: UUID) -> list[BudgetRequestView]:
    """Return what of a case the employer did not agree to, with the day: advice that was not followed (R12)."""
    require(actor, Permission.SEE_MEDICAL_CASE)
    about = session.exec(select(AbsenceCase.employee_id).where(AbsenceCase.id == case_id)).first()
    record(session, actor, "medical:budget:refusals", case_id, data_subject_id=about)
    return [each for each in _found(session, col(BudgetLink.case_id) == case_id) if each.state is BudgetState.REFUSED]


def lapse_budget_requests(session: Session, actor: Actor) -> int:
    """Let unanswered requests lapse of what is no draft any more, or of which consent (b) ended (R24); how many did."""
    require_system(actor)
    rows = session.exec(
        select(BudgetRequest, Referral)
        .join(BudgetLink, col(BudgetLink.request_id) == BudgetRequest.id)
        .join(Referral, col(Referral.id) == BudgetLink.referral_id)
        .where(BudgetRequest.state == BudgetState.ASKED)
        .order_by(col(BudgetRequest.id))
        .with_for_update(of=BudgetRequest)
    ).all()
    told = consents_in_force(session, {referral.case_id for _request, referral in rows}, ConsentScope.EMPLOYER)
    lapsed = 0
    for request, referral in rows:
        may_know = referral.disclosure is Disclosure.OPEN or referral.case_id in told
        if referral.state in WAITS and may_know:
            continue
        request.state = BudgetState.LAPSED
        session.add(request)
        record(session, actor, "medical:budget:lapsed", request.id, data_subject_id=referral.employee_id)
        lapsed += 1
    session.flush()
    record(session, actor, "medical:budget:round")
    return lapsed


def _agreed(session: Session, referral: Referral, price_cents: int) -> bool:
    """Tell whether the employer agreed to this referral, or to the one that it replaces, at this price or more."""
    known = [each for each in (referral.id, referral.replaces_id) if each is not None]
    found = (
        select(BudgetRequest.id)
        .join(BudgetLink, col(BudgetLink.request_id) == BudgetRequest.id)
        .where(col(BudgetLink.referral_id).in_(known), BudgetRequest.state == BudgetState.AGREED)
        .where(BudgetRequest.price_cents >= price_cents)
    )
    return session.exec(found).first() is not None


def _found(session: Session, condition: ColumnElement[bool]) -> list[BudgetRequestView]:
    rows = session.exec(
        select(BudgetRequest, Employee.reference)
        .join(BudgetLink, col(BudgetLink.request_id) == BudgetRequest.id)
        .join(Employee, col(Employee.id) == BudgetLink.employee_id)
        .where(condition)
        .order_by(col(BudgetRequest.created_at).desc(), col(BudgetRequest.id))
    ).all()
    return [budget_request_view(*row) for row in rows]


def _reference(session: Session, referral: Referral) -> str:
    return session.exec(select(Employee.reference).where(Employee.id == referral.employee_id)).one()


def _let_out(session: Session, actor: Actor, referral: Referral, price_cents: int) -> BudgetRequest:
    own_estimate(session, actor, referral)  # who asks the employer with these days makes them his own (R60)
    estimate = latest_estimate(session, referral.id)
    days = estimate.days if estimate else 0
    settings = arbodienst_settings(session, actor)
    value = ReleasedBudget(
        case_id=referral.case_id,
        employer_id=referral.employer_id,
        disclosure=referral.disclosure,
        intervention=referral.intervention if referral.disclosure is Disclosure.OPEN else None,
        price_cents=price_cents,
        expected_weeks=min(-(-days // DAYS_IN_A_WEEK), LONGEST),
        answer_by=add_working_days(today(), settings.budget_working_days),
    )
    request = BudgetRequest(tenant_id=actor.tenant_id, number=random_number("B"), **value.model_dump())
    session.add(request)
    session.flush()
    session.add(BudgetLink(**whose(referral), request_id=request.id))
    session.flush()
    return request
