"""What is left of charges and insurers' shares after what was given back, and giving more of it back (R50)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from billing.tables import Charge, ChargeKind, CofinancingRequest, InsurerShare, Invoice
from core.rows import append_all
from identity.actor import Actor


@dataclass(frozen=True)
class ChargeLeft:
    """A charge with what is left of its amounts, in cents without VAT."""

    id: UUID
    employer_id: UUID
    kind: ChargeKind
    intervention: str | None
    employee_reference: str | None
    net_cents: int
    insurer_cents: int
    vat_rate: int
    invoice_id: UUID | None


@dataclass(frozen=True)
class ShareLeft:
    """An insurer's share with what is left of it; number and type as its request says them."""

    id: UUID
    insurer_id: UUID
    request_id: UUID
    number: str
    intervention: str | None
    net_cents: int
    vat_rate: int
    invoice_id: UUID | None


ChargeBack = tuple[ChargeLeft, int, int]
"""A charge, and what is given back of it and of the insurers' part of it: cents, above zero."""

ShareBack = tuple[ShareLeft, int]
"""A share, and what is given back of it: cents, above zero."""


def charges_left(session: Session, *conditions: ColumnElement[bool]) -> Sequence[ChargeLeft]:
    """Return the charges that fulfil the conditions, each with what is left of it, also when that is nothing."""
    back = aliased(Charge)
    columns: list[Any] = [
        col(Charge.id),
        col(Charge.employer_id),
        col(Charge.kind),
        col(Charge.intervention),
        col(Charge.employee_reference),
        col(Charge.net_cents) + func.coalesce(func.sum(back.net_cents), 0),
        col(Charge.insurer_cents) + func.coalesce(func.sum(back.insurer_cents), 0),
        col(Charge.vat_rate),
        col(Charge.invoice_id),
    ]
    rows = session.execute(
        select(*columns)
        .outerjoin(back, col(back.corrects_id) == col(Charge.id))
        .where(col(Charge.corrects_id).is_(None), *conditions)
        .group_by(col(Charge.id))
        .order_by(col(Charge.id))
    )
    return [ChargeLeft(*row) for row in rows]


def shares_left(session: Session, *conditions: ColumnElement[bool]) -> Sequence[ShareLeft]:
    """Return the shares that fulfil the conditions, each with what is left of it, the latest first."""
    back = aliased(InsurerShare)
    columns: list[Any] = [
        col(InsurerShare.id),
        col(InsurerShare.insurer_id),
        col(InsurerShare.request_id),
        col(CofinancingRequest.number),
        col(CofinancingRequest.intervention),
        col(InsurerShare.net_cents) + func.coalesce(func.sum(back.net_cents), 0),
        col(InsurerShare.vat_rate),
        col(InsurerShare.invoice_id),
    ]
    rows = session.execute(
        select(*columns)
        .join(CofinancingRequest, col(CofinancingRequest.id) == col(InsurerShare.request_id))
        .outerjoin(back, col(back.corrects_id) == col(InsurerShare.id))
        .where(col(InsurerShare.corrects_id).is_(None), *conditions)
        .group_by(col(InsurerShare.id), col(CofinancingRequest.id))
        .order_by(col(InsurerShare.created_at).desc(), col(InsurerShare.id))
    )
    return [ShareLeft(*row) for row in rows]


def standing_charges(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, ChargeLeft]:
    """Return for each charge the one that stands for it now: itself, or the last that it was charged anew as."""
    latest = {each: each for each in ids}
    while latest:
        back, anew = aliased(Charge), aliased(Charge)
        followed = session.execute(
            select(col(back.corrects_id), col(anew.id))
            .join(anew, col(anew.replaces_id) == col(back.id))
            .where(col(back.corrects_id).in_(latest.values()))
        ).all()
        later = {was: now for was, now in followed if was is not None}
        if not later:
            break
        latest = {first: later.get(last, last) for first, last in latest.items()}
    found = {each.id: each for each in charges_left(session, col(Charge.id).in_(latest.values()))}
    return {first: found[last] for first, last in latest.items()}


def awaiting_renewal(session: Session, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of these charges were given back in order to be charged anew, and are not yet."""
    anew = aliased(Charge)
    found = session.execute(
        select(col(Charge.corrects_id))
        .join(Invoice, col(Invoice.id) == col(Charge.invoice_id))
        .outerjoin(anew, col(anew.replaces_id) == col(Charge.id))
        .where(col(Charge.corrects_id).in_(list(ids)), col(Invoice.charge_anew), col(anew.id).is_(None))
    ).scalars()
    return frozenset(each for each in found if each is not None)


def write_charges_back(session: Session, actor: Actor, month: date, backs: Iterable[ChargeBack]) -> list[UUID]:
    """Write what gives charges (partly) back, without a credit note yet; returns the ids in the same order."""
    rows = [
        {
            "id": uuid4(),
            "tenant_id": actor.tenant_id,
            "employer_id": charge.employer_id,
            "kind": charge.kind,
            "intervention": charge.intervention,
            "employee_reference": charge.employee_reference,
            "month": month,
            "net_cents": -net_cents,
            "insurer_cents": -insurer_cents,
            "vat_rate": charge.vat_rate,
            "corrects_id": charge.id,
        }
        for charge, net_cents, insurer_cents in backs
    ]
    append_all(session, Charge, rows)
    return [UUID(str(row["id"])) for row in rows]


def write_shares_back(session: Session, actor: Actor, month: date, backs: Iterable[ShareBack]) -> list[UUID]:
    """Write what gives shares (partly) back, without a credit note yet; returns the ids in the same order."""
    rows = [
        {
            "id": uuid4(),
            "tenant_id": actor.tenant_id,
            "insurer_id": share.insurer_id,
            "request_id": share.request_id,
            "month": month,
            "net_cents": -cents,
            "vat_rate": share.vat_rate,
            "corrects_id": share.id,
        }
        for share, cents in backs
    ]
    append_all(session, InsurerShare, rows)
    return [UUID(str(row["id"])) for row in rows]
