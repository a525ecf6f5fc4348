"""The employers for whom somebody works: all of the arbodienst, or those to whom he is assigned (R14, R17)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import OrganisationKind, Role
from identity.tables import Assignment, Organisation

MOST_TO_CHOOSE_FROM = 2_000


@dataclass(frozen=True)
class EmployerView:
    """An employer by name."""

    id: UUID
    name: str


def employers_of(session: Session, actor: Actor) -> tuple[EmployerView, ...]:
    """Return the employers for whom the actor works, by name: what he may choose from."""
    require(actor, Permission.SEE_EMPLOYERS)
    rows = session.exec(_own(actor).order_by(col(Organisation.name), col(Organisation.id)).limit(MOST_TO_CHOOSE_FROM))
    return tuple(EmployerView(*row) for row in rows)


def employers_of_others(session: Session, actor: Actor) -> tuple[EmployerView, ...]:
    """Return the employers of the arbodienst for whom the actor does not work, by name: for emergencies (R22)."""
    require(actor, Permission.BREAK_GLASS)
    own = {employer.id for employer in employers_of(session, actor)}
    rows = session.exec(_all(actor).order_by(col(Organisation.name), col(Organisation.id)).limit(MOST_TO_CHOOSE_FROM))
    return tuple(EmployerView(*row) for row in rows if row[0] not in own)


def list_employers(
    session: Session, actor: Actor, q: str | None = None, page: int = 1, page_size: int = 50
) -> Page[EmployerView]:
    """Return a page of the employers for whom the actor works, by name; `q` is a part of the name."""
    require(actor, Permission.SEE_EMPLOYERS)
    found = _own(actor)
    if q:
        found = found.where(col(Organisation.name).icontains(q, autoescape=True))
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(col(Organisation.name), col(Organisation.id)).limit(page_size).offset(offset(page, page_size))
    )
    return Page(tuple(EmployerView(*row) for row in rows), total, page, page_size)


def find_employer(session: Session, actor: Actor, employer_id: UUID) -> EmployerView:
    """Return an employer for whom the actor works; raises NotFound for any other, there or not (R70)."""
    require(actor, Permission.SEE_EMPLOYERS)
    row = session.exec(_own(actor).where(col(Organisation.id) == employer_id)).first()
    if row is None:
        raise NotFound(_("Deze werkgever is niet gevonden."))
    return EmployerView(*row)


def _all(actor: Actor) -> Select[UUID, str]:
    return select(Organisation.id, Organisation.name).where(
        Organisation.tenant_id == actor.tenant_id, Organisation.kind == OrganisationKind.EMPLOYER
    )


def _own(actor: Actor) -> Select[UUID, str]:
    found = _all(actor)
    if actor.role == Role.PHYSICIAN:
        return found
    return found.where(
        exists().where(
            col(Assignment.employer_id) == Organisation.id,
            col(Assignment.account_id) == actor.account,
            col(Assignment.role) == actor.role,
            col(Assignment.ended_at).is_(None),
        )
    )
