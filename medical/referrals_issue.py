"""Issuing a referral: whoever may, with the consent that it needs, at the price of today."""

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from cases.tables import Consent, ConsentScope, RequestState
from core.clock import today
from core.errors import Conflict, NotFound
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from medical.referral_authority import issuing_authority
from medical.referral_forms import ReferralForm
from medical.referral_moves import Outcome, move, outcome, take
from medical.referral_states import Action
from medical.referrals_draft import Footing, footing_of, make_draft
from medical.release import release_cofinancing
from medical.requests import settle_request
from medical.tables import Referral, ReferralBasis, ReferralState
from network.offering_view import OfferingView
from network.taxonomy import Disclosure


def refer(session: Session, actor: Actor, form: ReferralForm) -> Outcome:
    """Refer: a physician's referral is issued at once, a delegate's is a draft until somebody issues it (R1, R6)."""
    made = make_draft(session, form, actor)
    referral, notices = made.referral, made.footing.notices
    if actor.role is Role.PHYSICIAN and referral.state is ReferralState.DRAFT:
        if made.known:  # somebody else's draft: he may be at it now
            return replace(_sign(session, referral.id, actor, None), known=True)
        notices += send_out(session, referral, made.footing, actor)
    return replace(outcome(referral, actor, notices), known=made.known)


def issue_referral(session: Session, actor: Actor, referral_id: UUID, version: int | None = None) -> Outcome:
    """Issue a draft (R1, R2, R3, R6, R23).

    Raises Forbidden with the reason where the actor has no authority for this one, and Conflict where consent is
    missing, the case is closed, or the offering cannot be referred to any more.
    """
    require(actor, Permission.ISSUE_REFERRAL)
    take_case_turn(session, referral_id)
    return _sign(session, referral_id, actor, version)


def take_case_turn(session: Session, referral_id: UUID) -> None:
    """Keep the judgement of a referral's case as it is until this transaction ends; before the referral is taken."""
    case_id = session.exec(select(Referral.case_id).where(Referral.id == referral_id)).one_or_none()
    if case_id is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    take_turn(session, "medical", case_id)


def send_out(session: Session, referral: Referral, footing: Footing, actor: Actor) -> tuple[str, ...]:
    """Issue a draft that the actor holds and that rests on `footing`, and return what he should know.

    The caller has the turn of its case. All that may refuse is asked before the header changes.
    """
    authority = issuing_authority(session, referral.employer_id, footing.offering, actor, footing.judged)
    consent_id = _consent(session, referral, footing.offering)
    referral.sqlmodel_update(footing.header)
    referral.issued_by = actor.account
    referral.issued_on = today()
    referral.physician_account_id = authority.physician_account_id
    referral.mandate_id = authority.mandate_id
    referral.consent_id = consent_id
    move(session, referral, actor, Action.ISSUE)
    if referral.request_id is not None:
        settle_request(session, referral.request_id, RequestState.GRANTED)
    if referral.request_cofinancing and release_cofinancing(session, actor, referral) is None:
        return (_("Er is geen verzekeraar die kan meebetalen, of de werknemer stemt daar niet mee in."),)
    return ()


def _sign(session: Session, referral_id: UUID, actor: Actor, version: int | None) -> Outcome:
    """Issue a draft that was made before: on the judgement, and at the price, of today."""
    referral = take(session, referral_id, actor, Action.ISSUE, version)
    footing = footing_of(session, referral.case_id, referral.offering_id, actor)
    _rest_on(session, referral, footing)
    notices = _price_notice(referral, footing.offering) + send_out(session, referral, footing, actor)
    return outcome(referral, actor, footing.notices + notices)


def _rest_on(session: Session, referral: Referral, footing: Footing) -> None:
    basis = session.exec(select(ReferralBasis).where(ReferralBasis.referral_id == referral.id)).one()
    basis.sqlmodel_update(footing.basis)
    session.flush()


def _consent(session: Session, referral: Referral, offering: OfferingView) -> UUID | None:
    """Return the consent to inform the provider, which CONF cannot do without (R23), and keep it from being withdrawn
    until this transaction ends."""
    found = session.exec(
        select(Consent.id)
        .where(
            Consent.case_id == referral.case_id,
            Consent.scope == ConsentScope.PROVIDER,
            col(Consent.withdrawn_at).is_(None),
        )
        .with_for_update(read=True)
    ).first()
    if found is not None:
        return found
    if offering.disclosure is Disclosure.CONF:
        raise Conflict(
            _("Leg eerst vast dat de werknemer ermee instemt dat zijn gegevens naar de provider gaan."),
            code="consent_missing",
            possible=(Action.REVISE, Action.WITHDRAW),
        )
    return None


def _price_notice(referral: Referral, offering: OfferingView) -> tuple[str, ...]:
    if referral.unit_price_cents == offering.price_cents:
        return ()
    return (_("De prijs is veranderd sinds het concept. De prijs van vandaag geldt."),)
