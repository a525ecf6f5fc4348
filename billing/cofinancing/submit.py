"""The case manager sends a request to an insurer, with what a day of absence costs, and to the next for the rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from billing.cofinancing.policies import Proposal, Wanted, line_of, proposals
from billing.cofinancing.read import CofinancingView, get_cofinancing
from billing.tables import CofinancingRequest, CofinancingState, InsurancePolicy
from cases.consents import consent_in_force
from cases.tables import ConsentScope
from core.clock import now, today
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.locks import take_turn
from core.outbox import put
from core.references import random_number
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure

NEXT_AFTER = (CofinancingState.DECLINED, CofinancingState.PARTIAL, CofinancingState.APPROVED)
"""States after which another insurer can be asked for what is left."""


@dataclass(frozen=True)
class Submitted:
    """The request as it went out, and a warning where it costs more than it is expected to save."""

    request: CofinancingView
    warning: str | None


def submit_cofinancing(
    session: Session, actor: Actor, request_id: UUID, daily_cost_cents: int, policy_id: UUID | None = None
) -> Submitted:
    """Send a prepared request to its insurer, or under another policy that covers it; a loss is a warning (R60).

    Raises NotFound, Invalid for a policy that cannot be asked, and Conflict when it was sent before or the employee no
    longer consents (R25).
    """
    require(actor, Permission.SUBMIT_COFINANCING)
    get_cofinancing(session, actor, request_id)
    request = _held(session, request_id)
    if request is None:
        raise Conflict(_("Dit verzoek is al verstuurd of vervallen."), possible=())
    _require_consent(session, request)
    chosen = _chosen(session, request, policy_id or request.policy_id)
    decide_by = _term(session, actor)
    request.policy_id, request.insurer_id = chosen.policy_id, chosen.insurer_id
    request.percentage, request.requested_cents = chosen.percentage, chosen.requested_cents
    request.state = CofinancingState.SUBMITTED
    request.daily_cost_cents = daily_cost_cents
    request.submitted_by = actor.account
    request.submitted_at = now()
    request.decide_by = decide_by
    return _sent(session, actor, request)


def ask_next_insurer(session: Session, actor: Actor, request_id: UUID, policy_id: UUID) -> Submitted:
    """After a decision, ask another insurer for what is left of the price.

    Raises NotFound, Invalid for a policy that cannot be asked, and Conflict when somebody still decides, nothing was
    decided, or the employee no longer consents (R25).
    """
    require(actor, Permission.SUBMIT_COFINANCING)
    get_cofinancing(session, actor, request_id)
    before = session.exec(select(CofinancingRequest).where(CofinancingRequest.id == request_id)).one()
    take_turn(session, "billing.matter", before.matter_id)
    matter = (before, *_matter(session, before.matter_id))
    if any(each.state not in NEXT_AFTER for each in matter):
        message = _("U kunt een volgende verzekeraar vragen als er is besloten over de vorige aanvraag.")
        raise Conflict(message, code="not_decided", possible=())
    _require_consent(session, before)
    chosen = _chosen(session, before, policy_id)
    request = CofinancingRequest(
        tenant_id=actor.tenant_id,
        number=random_number("CF"),
        matter_id=before.matter_id,
        case_id=before.case_id,
        employer_id=before.employer_id,
        insurer_id=chosen.insurer_id,
        policy_id=chosen.policy_id,
        disclosure=before.disclosure,
        intervention=before.intervention,
        sickness_year=before.sickness_year,
        sickness_week=before.sickness_week,
        price_cents=before.price_cents,
        expected_days=before.expected_days,
        percentage=chosen.percentage,
        requested_cents=chosen.requested_cents,
        daily_cost_cents=before.daily_cost_cents,
        state=CofinancingState.SUBMITTED,
        submitted_by=actor.account,
        submitted_at=now(),
        decide_by=_term(session, actor),
    )
    return _sent(session, actor, request)


def insurers_to_ask(session: Session, actor: Actor, request_id: UUID) -> list[Proposal]:
    """Return the policies under which a request, or the next one, can be sent, in the order in which to ask (R57)."""
    require(actor, Permission.SUBMIT_COFINANCING)
    get_cofinancing(session, actor, request_id)
    request = session.exec(select(CofinancingRequest).where(CofinancingRequest.id == request_id)).one()
    return _proposals(session, request, today())


def _chosen(session: Session, request: CofinancingRequest, policy_id: UUID) -> Proposal:
    for each in _proposals(session, request, today()):
        if each.policy_id == policy_id and each.hindrance is None:
            return each
    said = _("Onder deze polis kan nu niets worden gevraagd.")
    raise Invalid(said, (FieldError("policy_id", said),))


def _proposals(session: Session, request: CofinancingRequest, on: date) -> list[Proposal]:
    matter = [each for each in _matter(session, request.matter_id) if each.state is not CofinancingState.PREPARED]
    wanted = Wanted(
        employer_id=request.employer_id,
        intervention=request.intervention if request.disclosure == Disclosure.OPEN else None,
        week=request.sickness_week,
        price_cents=request.price_cents,
        granted_cents=sum(each.decided_cents or 0 for each in matter),
    )
    return proposals(session, wanted, on, _lines(session, {each.policy_id for each in matter}))


def _lines(session: Session, policy_ids: Collection[UUID]) -> set[UUID]:
    found = session.exec(select(InsurancePolicy).where(col(InsurancePolicy.id).in_(policy_ids)))
    return {line_of(policy) for policy in found}


def _matter(session: Session, matter_id: UUID) -> list[CofinancingRequest]:
    """Return every request for one intervention; those that lapsed are over and count for nothing."""
    found = select(CofinancingRequest).where(
        CofinancingRequest.matter_id == matter_id, CofinancingRequest.state != CofinancingState.LAPSED
    )
    return list(session.exec(found.execution_options(populate_existing=True)))


def _require_consent(session: Session, request: CofinancingRequest) -> None:
    """Raise Conflict without consent (c), and keep it from being withdrawn until this transaction ends (R25)."""
    if consent_in_force(session, request.case_id, ConsentScope.INSURER) is None:
        message = _("Er is geen toestemming van de werknemer meer voor een verzoek aan een verzekeraar.")
        raise Conflict(message, code="consent_missing")


def _term(session: Session, actor: Actor) -> date:
    return add_working_days(today(), arbodienst_settings(session, actor).cofinancing_working_days)


def _sent(session: Session, actor: Actor, request: CofinancingRequest) -> Submitted:
    session.add(request)
    session.flush()
    record(session, actor, "billing:cofinancing:submitted", request.id)
    put(session, "medical.request_submitted", request_id=request.id, tenant_id=actor.tenant_id)
    sent = get_cofinancing(session, actor, request.id)
    loses = sent.cost_benefit is not None and sent.cost_benefit.is_loss
    return Submitted(sent, _("Let op: dit kost meer dan het naar verwachting oplevert.") if loses else None)


def _held(session: Session, request_id: UUID) -> CofinancingRequest | None:
    """Return the request if it still waits to be sent, kept from a second hand until this transaction ends."""
    return session.exec(
        select(CofinancingRequest)
        .where(CofinancingRequest.id == request_id, CofinancingRequest.state == CofinancingState.PREPARED)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
