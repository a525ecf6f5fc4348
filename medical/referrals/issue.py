"""Issuing a referral: whoever may, with the consent that it needs, at the price of today."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from cases.authorised_doctors import is_authorised_by_employer
from cases.tables import Consent, ConsentScope, RequestState
from core.clock import today
from core.errors import Conflict, Forbidden, NotFound
from core.language import _
from core.locks import take_turn
from core.rows import ask
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from medical.cases.disclosures import write_disclosure
from medical.disclosed_tables import Disclosed, DisclosedTo
from medical.hatch.intake import onward_price_cents
from medical.referrals.attachments import tell_of_attachments
from medical.referrals.authority import issuing_authority, refuse_returned
from medical.referrals.days_estimates import latest_estimate, own_estimate
from medical.referrals.draft import Footing, add_draft, begin, compose, draft_referral, footing_of, ground_of
from medical.referrals.forms import Asked, ReferralForm
from medical.referrals.moves import Outcome, move, outcome, take
from medical.referrals.requests import settle_request
from medical.referrals.slots import settle_slots
from medical.referrals.states import Action
from medical.referrals.terms import start_by
from medical.release import ask_employer, refuse_above_budget, release_cofinancing, weigh_budget
from medical.tables import Referral, ReferralBasis, ReferralState
from network.offering_view import OfferingView
from network.settings import arbodienst_settings
from network.taxonomy import Disclosure

TO_INFORM_PROVIDER = (
    select(Consent.id)
    .where(
        Consent.case_id == bindparam("case_id"),
        Consent.scope == ConsentScope.PROVIDER,
        col(Consent.withdrawn_at).is_(None),
    )
    .with_for_update(read=True)
)


def refer(session: Session, actor: Actor, form: ReferralForm) -> Outcome:
    """Refer: a physician's referral is issued at once, a delegate's is a draft until somebody issues it (R1, R6)."""
    if actor.role is not Role.PHYSICIAN:
        return draft_referral(session, actor, form)
    require(actor, Permission.ISSUE_REFERRAL)
    footing, again = ground_of(session, form, actor)
    if again is None:
        waiting = _wait_for_employer(session, footing, form, actor)
        if waiting is not None:
            return waiting
        referral, notices = issue_at_once(session, footing, form, actor)
        return outcome(referral, actor, footing.notices + notices)
    if again.state is ReferralState.DRAFT:  # somebody else's draft: he may be at it now
        return replace(_sign(session, again.id, actor, None), known=True)
    return replace(outcome(again, actor, footing.notices), known=True)


def _wait_for_employer(session: Session, footing: Footing, form: ReferralForm, actor: Actor) -> Outcome | None:
    """Keep a referral above the employer's budget as a draft, and ask him; None when nobody has to be asked (R56)."""
    composed = compose(session, footing, form, actor, ReferralState.DRAFT, actor.account)
    verdict = weigh_budget(session, actor, composed, _price(session, actor, composed, footing.offering))
    if not (verdict.is_above and verdict.may_ask):
        return None
    referral = add_draft(session, footing, form, actor)
    ask_employer(session, actor, referral.id)
    said = _("Dit gaat boven het budget van de werkgever. Hij is om akkoord gevraagd; de verwijzing wacht als concept.")
    return outcome(referral, actor, (*footing.notices, said))


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


def issue_at_once(
    session: Session, footing: Footing, asked: Asked, actor: Actor, replaces_id: UUID | None = None
) -> tuple[Referral, tuple[str, ...]]:
    """Issue what never was a draft; return it with what the actor should know. The caller has the turn of the case."""
    referral = compose(session, footing, asked, actor, ReferralState.ISSUED, actor.account)
    referral.replaces_id = replaces_id
    _authorise(session, referral, footing, actor)
    begin(session, referral, footing, asked, actor, Action.ISSUE)
    settle_slots(session, referral)
    _tell_provider(session, referral, actor)
    return referral, _ask_insurer(session, referral, actor)


def _sign(session: Session, referral_id: UUID, actor: Actor, version: int | None) -> Outcome:
    """Issue a draft that was made before: on the judgement, and at the price, of today."""
    referral = take(session, referral_id, actor, Action.ISSUE, version)
    refuse_returned(session, referral_id, actor)
    footing = footing_of(session, referral.case_id, referral.offering_id, actor)
    _rest_on(session, referral, footing)
    notices = footing.notices + _price_notice(referral, footing.offering)
    _authorise(session, referral, footing, actor)
    referral.sqlmodel_update(footing.header)
    move(session, referral, actor, Action.ISSUE)
    _tell_provider(session, referral, actor)
    tell_of_attachments(session, referral, actor)
    if referral.request_id is not None:
        settle_request(session, referral.request_id, RequestState.GRANTED)
    settle_slots(session, referral)
    return outcome(referral, actor, notices + _ask_insurer(session, referral, actor))


def _authorise(session: Session, referral: Referral, footing: Footing, actor: Actor) -> None:
    """Write into a referral who issues it and on what authority; all that may refuse is asked before it changes."""
    authority = issuing_authority(session, referral.employer_id, footing.offering, actor, footing.judged)
    # Who answers for it is not the doctor whom the employer authorised for this employee, mandate or not (R16).
    if is_authorised_by_employer(session, actor, authority.physician_account_id, referral.employee_id):
        raise Forbidden(_("De bedrijfsarts is hier arts-gemachtigde van de werkgever. Een ander moet dit doen."))
    consent_id = _consent(session, referral, footing.offering)
    refuse_above_budget(session, actor, referral, _price(session, actor, referral, footing.offering))
    begins_by = start_by(today(), arbodienst_settings(session, actor))
    referral.issued_by, referral.issued_on = actor.account, today()
    referral.start_by = begins_by
    referral.physician_account_id = authority.physician_account_id
    referral.mandate_id = authority.mandate_id
    referral.consent_id = consent_id


def _price(session: Session, actor: Actor, referral: Referral, offering: OfferingView) -> int:
    """Return what a referral would come to at the price of today, which a draft takes over when it is issued."""
    rate = arbodienst_settings(session, actor).onward_vat_rate
    return onward_price_cents(rate, referral.units, offering.price_cents, offering.vat_rate)


def _tell_provider(session: Session, referral: Referral, actor: Actor) -> None:
    """Write down what the provider is told from now on, and under which consent (R27)."""
    write_disclosure(session, referral, actor, Disclosed.REFERRAL, DisclosedTo.PROVIDER, consent_id=referral.consent_id)


def _ask_insurer(session: Session, referral: Referral, actor: Actor) -> tuple[str, ...]:
    """Prepare a request for co-financing where the referral asks for one; say so when nobody can be asked."""
    own_estimate(session, actor, referral)
    if not referral.request_cofinancing or release_cofinancing(session, actor, referral) is not None:
        return ()
    if latest_estimate(session, referral.id) is None:
        return (_("De verzekeraar wordt pas gevraagd als de bedrijfsarts de verwachte dagen heeft geschat."),)
    return (_("Er is geen verzekeraar die kan meebetalen, of de werknemer stemt daar niet mee in."),)


def _rest_on(session: Session, referral: Referral, footing: Footing) -> None:
    basis = session.exec(select(ReferralBasis).where(ReferralBasis.referral_id == referral.id)).one()
    basis.sqlmodel_update(footing.basis)
    session.flush()


def _consent(session: Session, referral: Referral, offering: OfferingView) -> UUID | None:
    """Return the consent to inform the provider, which CONF cannot do without (R23), and keep it from being withdrawn
    until this transaction ends."""
    found: UUID | None = ask(session, TO_INFORM_PROVIDER, case_id=referral.case_id).scalar()
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
