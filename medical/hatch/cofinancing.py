"""The hatch towards insurers: an issued referral becomes a neutral request, with consent only (R25, R57, R58)."""

from uuid import UUID, uuid4

from sqlmodel import Session, select

from billing.cofinancing.hindrance import cofinancing_hindrance
from billing.cofinancing.policies import Wanted, best_proposal
from billing.tables import CofinancingRequest
from cases.tables import ConsentScope
from core.clock import today
from core.references import random_number
from identity.actor import Actor
from identity.audit import record
from medical.cases.disclosures import consents_in_force, write_disclosure
from medical.disclosed_tables import Disclosed, DisclosedTo
from medical.hatch.intake import onward_price_cents
from medical.hatch.values import ReleasedRequest
from medical.referrals.days_estimates import latest_estimate
from medical.referrals.moves import whose
from medical.tables import CofinancingLink, Referral
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure


def release_cofinancing(session: Session, actor: Actor, referral: Referral) -> UUID | None:
    """Prepare a request to the insurer that pays most, for the case manager to submit; returns its id.

    None when there is no consent (c), for a confidential one no consent (b), no policy that pays anything, or as long
    as the days are no physician's estimate (R60). A referral that has a request keeps that one.
    """
    link = session.exec(select(CofinancingLink).where(CofinancingLink.referral_id == referral.id)).first()
    if link is not None:
        record(session, actor, "medical:cofinancing:read", link.request_id, data_subject_id=referral.employee_id)
        return link.request_id
    value = _neutral_request(session, actor, referral)
    record(
        session,
        actor,
        "medical:cofinancing:released" if value else "medical:cofinancing:withheld",
        referral.id,
        data_subject_id=referral.employee_id,
        responsible_account_id=referral.physician_account_id,
    )
    if value is None:
        return None
    consents = consents_in_force(session, [referral.case_id], ConsentScope.INSURER)
    write_disclosure(
        session,
        referral,
        actor,
        Disclosed.REQUEST_PREPARED,
        DisclosedTo.CASE_MANAGER,
        consent_id=consents.get(referral.case_id),
    )
    return _let_out(session, referral, value)


def _neutral_request(session: Session, actor: Actor, referral: Referral) -> ReleasedRequest | None:
    if cofinancing_hindrance(session, referral.case_id, referral.employer_id, referral.disclosure) is not None:
        return None
    estimate = latest_estimate(session, referral.id)
    if estimate is None:
        return None
    intervention = referral.intervention if referral.disclosure is Disclosure.OPEN else None
    rate = arbodienst_settings(session, actor).onward_vat_rate
    price_cents = onward_price_cents(rate, referral.units, referral.unit_price_cents, referral.vat_rate)
    wanted = Wanted(referral.employer_id, intervention, referral.sickness_week, price_cents)
    proposal = best_proposal(session, wanted, today())
    if proposal is None:
        return None
    return ReleasedRequest(
        case_id=referral.case_id,
        employer_id=referral.employer_id,
        insurer_id=proposal.insurer_id,
        policy_id=proposal.policy_id,
        disclosure=referral.disclosure,
        intervention=intervention,
        sickness_year=1 if referral.sickness_year == 1 else 2,
        sickness_week=referral.sickness_week,
        price_cents=price_cents,
        expected_days=estimate.days,
        percentage=proposal.percentage,
        requested_cents=proposal.requested_cents,
    )


def _let_out(session: Session, referral: Referral, value: ReleasedRequest) -> UUID:
    first = uuid4()
    request = CofinancingRequest(
        id=first,
        matter_id=first,
        tenant_id=referral.tenant_id,
        number=random_number("CF"),
        **value.model_dump(),
    )
    session.add(request)
    session.flush()
    session.add(CofinancingLink(**whose(referral), request_id=request.id))
    session.flush()
    return request.id
