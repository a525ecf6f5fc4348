"""Reading mandates: who may refer for whom, under which physician, and whether one is in force now."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from cases.tables import Mandate
from core.clock import today
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import Role
from identity.tables import Account, Organisation, Person

Physician, Holder = aliased(Account), aliased(Account)
PhysicianPerson, HolderPerson = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class MandateView:
    """A mandate as it was signed, and whether it was revoked; both days count."""

    id: UUID
    physician_account_id: UUID
    physician_name: str
    holder_account_id: UUID
    holder_name: str
    holder_email: str
    employer_id: UUID
    employer_name: str
    interventions: tuple[str, ...]
    valid_from: date
    valid_until: date
    signed_at: datetime
    revoked_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether it covers today and was not revoked."""
        return self.revoked_at is None and self.valid_from <= today() <= self.valid_until


@dataclass(frozen=True)
class MandateFilter:
    """What to look for; `in_force` asks after today."""

    employer_id: UUID | None = None
    in_force: bool | None = None


def get_mandate(session: Session, actor: Actor, mandate_id: UUID) -> MandateView:
    """Return a mandate; to a delegate only one that he holds. Raises NotFound for any other."""
    require(actor, Permission.SEE_MANDATES)
    row = session.execute(_mandates(actor).where(col(Mandate.id) == mandate_id)).first()
    if row is None:
        raise NotFound(_("Dit mandaat is niet gevonden."))
    return _view(*row)


def list_mandates(
    session: Session, actor: Actor, wanted: MandateFilter | None = None, page: int = 1, page_size: int = 50
) -> Page[MandateView]:
    """Return the mandates of the arbodienst to a physician, and to a delegate those that he holds; the newest first."""
    require(actor, Permission.SEE_MANDATES)
    found = _mandates(actor)
    for condition in _conditions(wanted or MandateFilter()):
        found = found.where(condition)
    total = session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    rows = session.execute(
        found.order_by(col(Mandate.created_at).desc(), col(Mandate.id)).limit(page_size).offset(offset(page, page_size))
    )
    return Page(tuple(_view(*row) for row in rows), total, page, page_size)


def _mandates(actor: Actor) -> Select[Mandate, str, str, str, str]:
    found = (
        select(
            Mandate,
            col(PhysicianPerson.name),
            col(HolderPerson.name),
            col(Holder.email),
            col(Organisation.name),
        )
        .join(Physician, col(Physician.id) == Mandate.physician_account_id)
        .join(PhysicianPerson, col(PhysicianPerson.id) == Physician.person_id)
        .join(Holder, col(Holder.id) == Mandate.holder_account_id)
        .join(HolderPerson, col(HolderPerson.id) == Holder.person_id)
        .join(Organisation, col(Organisation.id) == Mandate.employer_id)
        .where(col(Mandate.tenant_id) == actor.tenant_id)
    )
    return found if actor.role == Role.PHYSICIAN else found.where(col(Mandate.holder_account_id) == actor.account)


def _conditions(wanted: MandateFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.employer_id is not None:
        found.append(col(Mandate.employer_id) == wanted.employer_id)
    if wanted.in_force is not None:
        found.append(covers(today()) if wanted.in_force else ~covers(today()))
    return found


def covers(on: date) -> ColumnElement[bool]:
    """Return whether a mandate covers a day, both ends included, and was not revoked."""
    return col(Mandate.revoked_at).is_(None) & (col(Mandate.valid_from) <= on) & (col(Mandate.valid_until) >= on)


def _view(mandate: Mandate, physician: str, holder: str, email: str, employer: str) -> MandateView:
    return MandateView(
        id=mandate.id,
        physician_account_id=mandate.physician_account_id,
        physician_name=physician,
        holder_account_id=mandate.holder_account_id,
        holder_name=holder,
        holder_email=email,
        employer_id=mandate.employer_id,
        employer_name=employer,
        interventions=tuple(mandate.interventions),
        valid_from=mandate.valid_from,
        valid_until=mandate.valid_until,
        signed_at=mandate.created_at,
        revoked_at=mandate.revoked_at,
    )
