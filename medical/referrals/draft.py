"""Preparing a referral: a draft with everything in it that R9 asks for, and its price as it is now (R35)."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from cases.cases_read import CaseView, get_case
from core.clock import now, today
from core.errors import Conflict
from core.language import _
from core.locks import take_turn
from core.references import random_number
from core.rows import append, ask
from identity.actor import Actor
from identity.policy import Permission, require
from medical.cases.assessments import latest_assessment
from medical.referrals.forms import Asked, ReferralForm
from medical.referrals.moves import Outcome, move, outcome, parties, record, take, write_down
from medical.referrals.states import Action
from medical.referrals.terms import due_on
from medical.referrals.versions import keep_version
from medical.tables import Assessment, Referral, ReferralBasis, ReferralContent, ReferralState
from network.offering_view import OfferingView
from network.offerings_read import referable_offering
from network.settings import arbodienst_settings
from network.taxonomy import interventions

SAME_FORM = timedelta(minutes=10)
"""Within this time the same form once more is a second click, not a second referral."""

MADE_BEFORE = (
    select(Referral.id, ReferralContent.goal, ReferralContent.question)
    .join(ReferralContent, col(ReferralContent.referral_id) == Referral.id)
    .where(
        Referral.case_id == bindparam("case_id"),
        Referral.offering_id == bindparam("offering_id"),
        or_(Referral.state == ReferralState.DRAFT, Referral.state == ReferralState.ISSUED),
        col(Referral.created_at) > bindparam("since"),
    )
    .limit(20)
)


@dataclass(frozen=True)
class Footing:
    """On what a referral stands: the case, the offering and the judgement as they are now."""

    case: CaseView
    offering: OfferingView
    judged: Assessment | None

    @property
    def header(self) -> dict[str, Any]:
        """What a referral takes over from offering and case, and keeps once it is issued (R9, R35)."""
        return {
            "provider_id": self.offering.provider_id,
            "intervention": self.offering.intervention,
            "disclosure": self.offering.disclosure,
            "referral_class": self.offering.referral_class,
            "unit_price_cents": self.offering.price_cents,
            "price_unit": self.offering.price_unit,
            "vat_rate": self.offering.vat_rate,
            "price_from": self.offering.price_valid_from,
            "price_until": self.offering.price_valid_until,
            "sickness_week": self.case.sickness_week,
            "sickness_year": self.case.sickness_year,
        }

    @property
    def basis(self) -> dict[str, Any]:
        """The judgement on which it rests; a physician may refer before he has made one (R3)."""
        if self.judged is None:
            return {"cause": None, "medical": None, "assessment_id": None}
        return {"cause": self.judged.cause, "medical": self.judged.medical, "assessment_id": self.judged.id}

    @property
    def notices(self) -> tuple[str, ...]:
        """What speaks against the choice; the referrer decides, so none of it refuses."""
        found = []
        if self.judged is not None and self.judged.cause not in self.offering.causes:
            found.append(_("Dit aanbod noemt de oorzaak van dit verzuim niet."))
        if self.case.sickness_year not in self.offering.sickness_years:
            found.append(_("Dit aanbod is niet bedoeld voor dit ziektejaar."))
        elif not interventions()[self.offering.intervention].advised_in(self.case.sickness_week):
            found.append(_("Deze interventie past meestal niet in deze week van het verzuim."))
        return tuple(found)


def draft_referral(session: Session, actor: Actor, form: ReferralForm) -> Outcome:
    """Prepare a referral, for somebody with authority to issue (R6); the same form again finds the first draft.

    Raises NotFound and Conflict as `footing_of` does.
    """
    require(actor, Permission.DRAFT_REFERRAL)
    footing, again = ground_of(session, form, actor)
    referral = again or add_draft(session, footing, form, actor)
    return replace(outcome(referral, actor, footing.notices), known=again is not None)


def revise_draft(
    session: Session, actor: Actor, referral_id: UUID, asked: Asked, version: int | None = None
) -> Outcome:
    """Change what a draft asks; what was issued stays as it was sent."""
    require(actor, Permission.DRAFT_REFERRAL)
    referral = take(session, referral_id, actor, Action.REVISE, version)
    content = session.exec(select(ReferralContent).where(ReferralContent.referral_id == referral.id)).one()
    content.sqlmodel_update(asked.content)
    session.flush()  # while it is a draft, or was sent back
    referral.units, referral.request_cofinancing = asked.units, asked.request_cofinancing
    move(session, referral, actor, Action.REVISE)
    keep_version(session, referral, asked, actor)
    return outcome(referral, actor)


def ground_of(session: Session, form: ReferralForm, actor: Actor) -> tuple[Footing, Referral | None]:
    """Take the turn of the case; return on what a referral would stand, and what was made of the same form before."""
    take_turn(session, "medical", form.case_id)
    footing = footing_of(session, form.case_id, form.offering_id, actor)
    again = _made_before(session, form)
    if again is not None:
        record(session, again, actor, "repeat")
    return footing, again


def footing_of(session: Session, case_id: UUID, offering_id: UUID, actor: Actor) -> Footing:
    """Return on what a referral would stand now; the caller has the turn of the case, so that it stays so.

    Raises NotFound for an unknown case or offering, Conflict for a closed case or an offering that nobody can be
    referred to now (R29-R31, R35).
    """
    case = get_case(session, actor, case_id)
    if case.closed:
        raise Conflict(_("Dit verzuim is afgesloten. U kunt hiervoor niet meer verwijzen."), code="case_closed")
    return Footing(case, referable_offering(session, actor, offering_id), latest_assessment(session, case_id))


def add_draft(
    session: Session,
    footing: Footing,
    asked: Asked,
    actor: Actor,
    *,
    drafted_by: UUID | None = None,
    request_id: UUID | None = None,
) -> Referral:
    """Keep a referral until somebody with authority issues it; the caller has the turn of the case."""
    referral = compose(session, footing, asked, actor, ReferralState.DRAFT, drafted_by or actor.account)
    referral.request_id = request_id
    begin(session, referral, footing, asked, actor, Action.DRAFT)
    return referral


def compose(
    session: Session, footing: Footing, asked: Asked, actor: Actor, state: ReferralState, drafted_by: UUID
) -> Referral:
    """Return a referral that begins in `state`, as it will be written."""
    case = footing.case
    return Referral(
        tenant_id=actor.tenant_id,
        employer_id=case.employer_id,
        employee_id=case.employee_id,
        case_id=case.id,
        number=random_number("V"),
        offering_id=footing.offering.id,
        state=state,
        drafted_by=drafted_by,
        units=asked.units,
        request_cofinancing=asked.request_cofinancing,
        due_on=due_on(state, today(), arbodienst_settings(session, actor), None),
        **footing.header,
    )


def begin(session: Session, referral: Referral, footing: Footing, asked: Asked, actor: Actor, action: Action) -> None:
    """Write a referral that was composed, its content and the judgement on which it rests; `action` is its first."""
    append(session, Referral, **referral.model_dump())
    append(session, ReferralContent, **parties(referral), **asked.content, postcode=footing.case.postcode)
    append(session, ReferralBasis, **parties(referral), **footing.basis)
    keep_version(session, referral, asked, actor)
    write_down(session, referral, actor, action, None)


def _made_before(session: Session, form: ReferralForm) -> Referral | None:
    about = {"case_id": form.case_id, "offering_id": form.offering_id, "since": now() - SAME_FORM}
    for made in ask(session, MADE_BEFORE, **about).all():
        if (made.goal, made.question) == (form.goal, form.question):
            return session.get_one(Referral, made.id)
    return None
