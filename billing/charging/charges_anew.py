"""Charges anew what a credit note gave back for that purpose: the same amounts, at the rate of VAT that is set now."""

from datetime import date
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from billing.tables import Charge, InsurerShare, Invoice
from core.rows import append_all
from identity.actor import Actor

K = TypeVar("K", Charge, InsurerShare)


def charge_anew(session: Session, actor: Actor, month: date, vat_rate: int) -> None:
    """Write the charges and shares, as of `month`; what was charged anew before is not again (R50).

    Nothing is put together in another way than it was: a sum over several persons comes back as the same sum, so that
    nothing can be taken off it that could not be before (R47).
    """
    append_all(
        session,
        Charge,
        (
            {
                "id": uuid4(),
                "tenant_id": actor.tenant_id,
                "employer_id": back.employer_id,
                "kind": back.kind,
                "intervention": back.intervention,
                "employee_reference": back.employee_reference,
                "month": month,
                "net_cents": -back.net_cents,
                "insurer_cents": -back.insurer_cents,
                "vat_rate": vat_rate,
                "replaces_id": back.id,
            }
            for back in session.scalars(_waiting(Charge)).all()
        ),
    )
    append_all(
        session,
        InsurerShare,
        (
            {
                "id": uuid4(),
                "tenant_id": actor.tenant_id,
                "insurer_id": back.insurer_id,
                "request_id": back.request_id,
                "month": month,
                "net_cents": -back.net_cents,
                "vat_rate": vat_rate,
                "replaces_id": back.id,
            }
            for back in session.scalars(_waiting(InsurerShare)).all()
        ),
    )


def cents_to_charge_anew(session: Session) -> int:
    """Return what waits to be charged anew to employers, in cents without VAT and without the insurers' part."""
    waiting = _waiting(Charge).subquery()
    own = func.coalesce(func.sum(waiting.c.insurer_cents - waiting.c.net_cents), 0)
    return int(session.scalar(select(own)) or 0)


def _waiting(kind: type[K]) -> Select[K]:
    """What credit notes gave back in order to charge it anew, as far as that was not done."""
    anew = aliased(kind)
    return (
        select(kind)
        .join(Invoice, col(Invoice.id) == col(kind.invoice_id))
        .outerjoin(anew, col(anew.replaces_id) == col(kind.id))
        .where(col(Invoice.charge_anew), col(anew.id).is_(None))
        .order_by(col(kind.created_at), col(kind.id))
    )
