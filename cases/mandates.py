"""Mandates: a physician lets a named delegate refer for one employer and named interventions (R2, R7, R19)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, and_, col, or_, select

from cases.employers import find_employer
from cases.mandate_holders import delegate_of
from cases.mandates_read import MandateView, covers, get_mandate
from cases.tables import Mandate
from core.clock import now, today
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.locks import take_turn
from core.validation import Day, OneLine
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Account, Assignment, Membership
from network.taxonomy import ReferralClass, interventions, unknown_code


class NewMandate(BaseModel):
    """What a physician signs: for whom, for which employer and interventions, from and through which day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_email: Annotated[OneLine, Field(max_length=254)]
    employer_id: UUID
    interventions: Annotated[tuple[Annotated[str, Field(max_length=8)], ...], Field(min_length=1, max_length=100)]
    valid_from: Day
    valid_until: Day


@dataclass(frozen=True)
class Signed:
    """The mandate as it stands; `known` when the same one was signed before."""

    mandate: MandateView
    known: bool


def sign_mandate(session: Session, actor: Actor, new: NewMandate) -> Signed:
    """Let a delegate refer under the actor's responsibility; the same mandate again gives the one that there is.

    Raises NotFound for an unknown employer, and Invalid with every fault: nobody of that address works for this
    employer as a delegate, his registration ends before the mandate begins (R19), an intervention is unknown or
    medical (R1), or the mandate ends before it begins or before today.
    """
    require(actor, Permission.SIGN_MANDATE)
    find_employer(session, actor, new.employer_id)
    holder = _holder(session, actor, new)
    faults = [*_faults_of_holder(holder, new), *_faults_of_interventions(new), *_faults_of_days(new)]
    if holder is None or faults:
        raise Invalid(_("Kijk de gemarkeerde velden na."), faults)
    take_turn(session, "cases.mandate", actor.account, holder.account_id)
    existing = _same(session, actor, holder, new)
    if existing is not None:
        return Signed(get_mandate(session, actor, existing), known=True)
    mandate = Mandate(
        tenant_id=actor.tenant_id,
        physician_account_id=actor.account,
        holder_account_id=holder.account_id,
        employer_id=new.employer_id,
        interventions=_codes(new),
        valid_from=new.valid_from,
        valid_until=new.valid_until,
    )
    session.add(mandate)
    record(session, actor, "cases:mandate:signed", mandate.id, responsible_account_id=actor.account)
    session.flush()
    return Signed(get_mandate(session, actor, mandate.id), known=False)


def revoke_mandate(session: Session, actor: Actor, mandate_id: UUID) -> MandateView:
    """End a mandate at once: it stops new referrals, not running ones (R7).

    Any physician of the arbodienst may, since the one who signed can be away. Raises NotFound for an unknown one,
    Conflict for one that was revoked before.
    """
    require(actor, Permission.SIGN_MANDATE)
    mandate = session.exec(select(Mandate).where(Mandate.id == mandate_id).with_for_update()).first()
    if mandate is None:
        raise NotFound(_("Dit mandaat is niet gevonden."))
    if mandate.revoked_at is not None:
        raise Conflict(_("Dit mandaat is al ingetrokken."), code="already_revoked", possible=("sign",))
    mandate.revoked_at = now()
    session.add(mandate)
    record(session, actor, "cases:mandate:revoked", mandate.id, responsible_account_id=actor.account)
    session.flush()
    return get_mandate(session, actor, mandate.id)


def end_mandates_of(session: Session, actor: Actor, account_id: UUID) -> int:
    """Write the end of the mandates that somebody signed or held who has left that role; return how many (R7).

    For the job that follows his leaving: they counted no more from that moment.
    """
    rows = session.exec(
        select(Mandate)
        .where(
            or_(
                and_(Mandate.physician_account_id == account_id, ~_is(Role.PHYSICIAN, account_id)),
                and_(Mandate.holder_account_id == account_id, ~_is(Role.DELEGATE, account_id)),
            ),
            col(Mandate.revoked_at).is_(None),
        )
        .with_for_update()
    ).all()
    for mandate in rows:
        mandate.revoked_at = now()
        session.add(mandate)
        record(session, actor, "cases:mandate:revoked", mandate.id, reason="left")
    session.flush()
    return len(rows)


def mandate_in_force(
    session: Session, holder_account_id: UUID, employer_id: UUID, intervention: str, on: date
) -> Mandate | None:
    """Return a mandate under which somebody may refer on a day, the one that lasts longest, or None (R2, R7, R19).

    It counts only while its holder works for that employer (R15) with a valid registration, and while who signed it
    is a physician of the arbodienst.
    """
    return session.exec(
        select(Mandate)
        .where(
            Mandate.holder_account_id == holder_account_id,
            Mandate.employer_id == employer_id,
            col(Mandate.interventions).contains([intervention]),
            covers(on),
            _holder_works_for_the_employer(on),
            _signed_by_a_physician(on),
        )
        .order_by(col(Mandate.valid_until).desc(), col(Mandate.id))
        .limit(1)
    ).first()


def _holder(session: Session, actor: Actor, new: NewMandate) -> Membership | None:
    """Return the membership in which somebody works for the employer as a delegate."""
    return session.exec(
        select(Membership)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(Account.email == new.account_email.lower(), *delegate_of(actor, new.employer_id))
    ).first()


def _faults_of_holder(holder: Membership | None, new: NewMandate) -> Iterator[FieldError]:
    if holder is None:
        nobody = _("Met dit e-mailadres werkt er geen casemanager taakdelegatie voor deze werkgever.")
        yield FieldError("account_email", nobody)
    elif holder.registered_until is None or holder.registered_until < max(today(), new.valid_from):
        expired = _("De registratie van deze casemanager ontbreekt of is dan verlopen.")
        yield FieldError("account_email", expired)


def _faults_of_interventions(new: NewMandate) -> Iterator[FieldError]:
    for position, code in enumerate(new.interventions):
        found = interventions().get(code)
        if found is None:
            yield FieldError(f"interventions.{position}", unknown_code(code, interventions()))
        elif found.referral_class is not ReferralClass.NON_MEDICAL:
            medical = _("%(code)s is medisch: alleen een bedrijfsarts verwijst daarnaar.") % {"code": code}
            yield FieldError(f"interventions.{position}", medical)


def _faults_of_days(new: NewMandate) -> Iterator[FieldError]:
    if new.valid_until < new.valid_from:
        yield FieldError("valid_until", _("Een mandaat eindigt niet voordat het begint."))
    elif new.valid_until < today():
        yield FieldError("valid_until", _("Deze dag is al voorbij: het mandaat zou nooit gelden."))


def _codes(new: NewMandate) -> list[str]:
    return sorted(set(new.interventions))


def _same(session: Session, actor: Actor, holder: Membership, new: NewMandate) -> UUID | None:
    return session.exec(
        select(Mandate.id).where(
            Mandate.physician_account_id == actor.account,
            Mandate.holder_account_id == holder.account_id,
            Mandate.employer_id == new.employer_id,
            Mandate.interventions == _codes(new),
            Mandate.valid_from == new.valid_from,
            Mandate.valid_until == new.valid_until,
            col(Mandate.revoked_at).is_(None),
        )
    ).first()


def _is(role: Role, account_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        col(Membership.account_id) == account_id,
        col(Membership.tenant_id) == Mandate.tenant_id,
        col(Membership.role) == role,
        col(Membership.ended_at).is_(None),
    )


def _holder_works_for_the_employer(on: date) -> ColumnElement[bool]:
    return exists().where(
        col(Membership.account_id) == Mandate.holder_account_id,
        col(Membership.tenant_id) == Mandate.tenant_id,
        col(Membership.role) == Role.DELEGATE,
        col(Membership.ended_at).is_(None),
        col(Membership.registered_until) >= on,
        col(Assignment.membership_id) == Membership.id,
        col(Assignment.employer_id) == Mandate.employer_id,
        col(Assignment.ended_at).is_(None),
    )


def _signed_by_a_physician(on: date) -> ColumnElement[bool]:
    return exists().where(
        col(Membership.account_id) == Mandate.physician_account_id,
        col(Membership.tenant_id) == Mandate.tenant_id,
        col(Membership.role) == Role.PHYSICIAN,
        col(Membership.ended_at).is_(None),
        or_(col(Membership.registered_until).is_(None), col(Membership.registered_until) >= on),
    )
