"""Who may issue a referral now, and under whose responsibility; the database asks the same again."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import Date, bindparam
from sqlmodel import Session, col, func, select

from cases.mandates import mandate_in_force
from cases.tables import Mandate
from core.clock import today
from core.errors import Forbidden
from core.language import _
from core.rows import ask
from identity.actor import Actor
from identity.roles import Role
from identity.tables import Membership
from medical.tables import Assessment, ReferralEvent, ReferralState
from network.taxonomy import ReferralClass


class Referable(Protocol):
    """What one can be referred to: an offering, or a referral that was prepared."""

    @property
    def intervention(self) -> str:
        """The code of the intervention."""

    @property
    def referral_class(self) -> ReferralClass:
        """Who may refer to it."""


REGISTERED = select(Membership.id).where(
    Membership.id == bindparam("membership_id"),
    col(Membership.ended_at).is_(None),
    func.coalesce(col(Membership.registered_until) >= bindparam("today", type_=Date), bindparam("may_lack")),
)


@dataclass(frozen=True)
class Authority:
    """The physician who is responsible (R8), and the mandate under which somebody else acts."""

    physician_account_id: UUID
    mandate_id: UUID | None = None


def issuing_authority(
    session: Session, employer_id: UUID, kind: Referable, actor: Actor, judged: Assessment | None
) -> Authority:
    """Return on what authority `actor` refers to `kind`; raises Forbidden with the reason (R1, R2, R3, R6, R7).

    A physician refers himself. Anybody else needs a judgement that the cause is not medical, an intervention that is
    not medical, a registration that is valid, and a mandate that is in force today.
    """
    if actor.role not in (Role.PHYSICIAN, Role.DELEGATE):
        raise Forbidden(_("Verwijzen doet de bedrijfsarts, of wie namens hem mag verwijzen."))
    if not _is_registered(session, actor):
        raise Forbidden(_("Uw registratie is verlopen. Zolang dat zo is, kunt u niet verwijzen."))
    if actor.role is Role.PHYSICIAN:
        return Authority(physician_account_id=actor.account)
    if judged is None:
        raise Forbidden(_("De bedrijfsarts heeft de oorzaak nog niet beoordeeld. Alleen hij kan nu verwijzen."))
    if judged.medical:
        raise Forbidden(_("De oorzaak is medisch. Alleen de bedrijfsarts mag verwijzen."))
    if kind.referral_class is not ReferralClass.NON_MEDICAL:
        raise Forbidden(_("Deze interventie is medisch. Alleen de bedrijfsarts mag hiernaar verwijzen."))
    return _mandate(session, employer_id, kind.intervention, actor)


def refuse_returned(session: Session, referral_id: UUID, actor: Actor) -> None:
    """Raise Forbidden for a delegate and a draft that was sent back once: the physician wants to see it again."""
    returned = select(ReferralEvent.id).where(
        ReferralEvent.referral_id == referral_id, ReferralEvent.to_state == ReferralState.RETURNED
    )
    if actor.role is Role.DELEGATE and session.exec(returned.limit(1)).first() is not None:
        raise Forbidden(_("De bedrijfsarts stuurde dit concept terug. Na uw wijziging verstuurt hij het zelf."))


def _mandate(session: Session, employer_id: UUID, intervention: str, actor: Actor) -> Authority:
    found = mandate_in_force(session, actor.account, employer_id, intervention, today())
    if found is None or not _held(session, found.id):
        raise Forbidden(_("U hebt vandaag geen geldig mandaat voor deze werkgever en deze interventie."))
    return Authority(physician_account_id=found.physician_account_id, mandate_id=found.id)


def _held(session: Session, mandate_id: UUID) -> bool:
    """Keep a mandate from being revoked until this transaction ends; false when somebody just did."""
    standing = select(Mandate.id).where(Mandate.id == mandate_id, col(Mandate.revoked_at).is_(None))
    return session.exec(standing.with_for_update(read=True)).first() is not None


def _is_registered(session: Session, actor: Actor) -> bool:
    """Tell whether the membership in which the actor acts is not ended and its registration has not lapsed (R19)."""
    may_lack = actor.role is Role.PHYSICIAN
    found = ask(session, REGISTERED, membership_id=actor.membership_id, may_lack=may_lack, today=today())
    return found.first() is not None
