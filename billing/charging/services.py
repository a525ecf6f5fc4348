"""What the arbodienst's own services of a month cost its employers: written down until they are charged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from billing.charging.charge_terms import first_of_month
from billing.service_tables import ServiceAmount, ServiceBasis
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import OrganisationKind
from identity.tables import Organisation
from network.tables import OrganisationProfile

MOST_AT_ONCE = 5_000
WRITE = text(
    "INSERT INTO billing.service_amount (id, tenant_id, created_at, employer_id, month, basis, net_cents, entered_by)"
    " VALUES (:id, :tenant, now(), :employer, :month, :basis, :cents, :account)"
    " ON CONFLICT (employer_id, month) DO UPDATE SET basis = excluded.basis, net_cents = excluded.net_cents,"
    " entered_by = excluded.entered_by"
)


@dataclass(frozen=True)
class NewService:
    """What the services of a month cost an employer, without VAT, and whether he knows that beforehand."""

    employer_id: UUID
    basis: ServiceBasis
    net_cents: int


@dataclass(frozen=True)
class ServiceView:
    """An employer and what its services of a month cost, once that is known."""

    employer_id: UUID
    employer_name: str
    basis: ServiceBasis | None
    net_cents: int | None
    is_charged: bool


def keep_services(session: Session, actor: Actor, month: date, services: Sequence[NewService]) -> int:
    """Write down what the services of `month` cost; what was there and is not charged yet is replaced.

    Returns for how many employers. Raises Invalid for an unknown employer, one named twice, an amount that is not above
    zero or too many at once, and Conflict when the services of one are charged already.
    """
    require(actor, Permission.KEEP_SERVICES)
    month = first_of_month(month)
    _check(session, actor, services)
    wanted = [each.employer_id for each in services]
    charged = select(func.count()).where(
        ServiceAmount.month == month,
        col(ServiceAmount.employer_id).in_(wanted),
        col(ServiceAmount.charge_id).is_not(None),
    )
    if session.exec(charged).one():
        raise Conflict(_("De dienstverlening van deze maand is al doorbelast."), code="already_charged")
    rows = [
        {
            "id": uuid4(),
            "tenant": actor.tenant_id,
            "employer": each.employer_id,
            "month": month,
            "basis": each.basis.value,
            "cents": each.net_cents,
            "account": actor.account,
        }
        for each in services
    ]
    if rows:
        session.connection().execute(WRITE, rows)
    record(session, actor, "billing:service:kept")
    return len(rows)


def _check(session: Session, actor: Actor, services: Sequence[NewService]) -> None:
    errors = []
    if len(services) > MOST_AT_ONCE:
        errors.append(FieldError("amounts", _("Geef hooguit 5000 bedragen tegelijk.")))
    known = _employers(session, actor, [each.employer_id for each in services[:MOST_AT_ONCE]])
    seen: set[UUID] = set()
    for nth, each in enumerate(services[:MOST_AT_ONCE]):
        if each.employer_id not in known:
            errors.append(FieldError(f"amounts.{nth}.employer_id", _("Deze werkgever is er niet.")))
        if each.employer_id in seen:
            errors.append(FieldError(f"amounts.{nth}.employer_id", _("Deze werkgever staat er twee keer.")))
        if not 0 < each.net_cents <= 100_000_000_00:
            errors.append(FieldError(f"amounts.{nth}.net_cents", _("Vul een bedrag in dat hoger is dan nul.")))
        seen.add(each.employer_id)
    if errors:
        raise Invalid(_("Deze bedragen kunnen niet zo worden bewaard."), errors)


def _employers(session: Session, actor: Actor, ids: Sequence[UUID]) -> set[UUID]:
    found = select(Organisation.id).where(
        Organisation.tenant_id == actor.tenant_id,
        Organisation.kind == OrganisationKind.EMPLOYER,
        col(Organisation.id).in_(ids),
    )
    return set(session.exec(found))


def employers_by_kvk(session: Session, actor: Actor, numbers: Collection[str]) -> dict[str, list[UUID]]:
    """Return the employers of the arbodienst by their number in the trade register."""
    require(actor, Permission.KEEP_SERVICES)
    found: dict[str, list[UUID]] = {}
    rows = session.exec(
        select(col(OrganisationProfile.kvk), Organisation.id)
        .join(Organisation, col(Organisation.id) == OrganisationProfile.organisation_id)
        .where(Organisation.tenant_id == actor.tenant_id, Organisation.kind == OrganisationKind.EMPLOYER)
        .where(col(OrganisationProfile.kvk).in_(numbers))
    )
    for kvk, employer_id in rows:
        found.setdefault(str(kvk), []).append(employer_id)
    return found


def list_services(session: Session, actor: Actor, month: date, page: int = 1, page_size: int = 50) -> Page[ServiceView]:
    """Return every employer, by name, with what its services of `month` cost."""
    require(actor, Permission.KEEP_SERVICES)
    employers = select(Organisation).where(
        Organisation.tenant_id == actor.tenant_id, Organisation.kind == OrganisationKind.EMPLOYER
    )
    total = session.exec(select(func.count()).select_from(employers.subquery())).one()
    rows = session.exec(
        select(Organisation.id, Organisation.name, ServiceAmount)
        .outerjoin(
            ServiceAmount,
            (col(ServiceAmount.employer_id) == col(Organisation.id))
            & (col(ServiceAmount.month) == first_of_month(month)),
        )
        .where(Organisation.tenant_id == actor.tenant_id, Organisation.kind == OrganisationKind.EMPLOYER)
        .order_by(col(Organisation.name), col(Organisation.id))
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    return Page(tuple(_view(*row) for row in rows), total, page, page_size)


def _view(employer_id: UUID, name: str, kept: ServiceAmount | None) -> ServiceView:
    if kept is None:
        return ServiceView(employer_id, name, None, None, is_charged=False)
    return ServiceView(employer_id, name, kept.basis, kept.net_cents, is_charged=kept.charge_id is not None)
