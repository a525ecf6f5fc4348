"""What is yet to stand on a document, by document: charges and shares of a month that have none yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from billing.invoicing.documents import DocumentLine
from billing.invoicing.invoice_lines import employer_lines, insurer_line
from billing.tables import Charge, CofinancingRequest, InsurerShare

MOST_ITEMS = 2_000
"""Charges on one document, which holds at most 5,000 lines; an employer with more gets a second one."""


class Side(StrEnum):
    """Who buys: what is charged to an employer, or the share that an insurer granted."""

    EMPLOYER = "employer"
    INSURER = "insurer"


@dataclass(frozen=True)
class Heading:
    """A document to be: for whom, and of which invoice it gives something back; `nth` of those that take it all."""

    side: Side
    buyer_id: UUID
    corrects_id: UUID | None
    nth: int
    items: int


@dataclass(frozen=True)
class Item:
    """A charge or a share, and the lines that it takes."""

    id: UUID
    lines: tuple[DocumentLine, ...]


Place = tuple[Side, UUID, UUID | None]
"""A side, a buyer, and the invoice that is corrected."""


def headings(session: Session, month: date) -> list[Heading]:
    """Return the documents that the charges and shares of `month` without one make; nothing of what is on them."""
    found: list[Heading] = []
    for side, waiting in ((Side.EMPLOYER, _waiting(month)), (Side.INSURER, _waiting_shares(month))):
        each = waiting.subquery()
        counted = select(each.c.buyer_id, each.c.corrected_id, func.count()).group_by(
            each.c.buyer_id, each.c.corrected_id
        )
        for buyer_id, corrected_id, count in session.execute(counted):
            parts = [MOST_ITEMS] * (count // MOST_ITEMS) + [count % MOST_ITEMS] * bool(count % MOST_ITEMS)
            found.extend(Heading(side, buyer_id, corrected_id, nth, items) for nth, items in enumerate(parts))
    return found


def items_of(session: Session, month: date, wanted: Iterable[Heading]) -> Mapping[Heading, Sequence[Item]]:
    """Return what stands on each of the documents, in an order that says nothing."""
    wanted = list(wanted)
    found: dict[Place, list[Item]] = {}
    for side in Side:
        buyers = {heading.buyer_id for heading in wanted if heading.side is side}
        if buyers:
            for place, item in _items(session, month, side, buyers):
                found.setdefault(place, []).append(item)
    return {
        heading: found[heading.side, heading.buyer_id, heading.corrects_id][heading.nth * MOST_ITEMS :][: heading.items]
        for heading in wanted
    }


def _items(session: Session, month: date, side: Side, buyers: Iterable[UUID]) -> Iterable[tuple[Place, Item]]:
    if side is Side.EMPLOYER:
        charges = _waiting(month).where(col(Charge.employer_id).in_(buyers)).order_by(col(Charge.id))
        for row in session.execute(charges):
            yield (side, row.buyer_id, row.corrected_id), Item(row.id, tuple(employer_lines(row)))
    else:
        shares = _waiting_shares(month).where(col(InsurerShare.insurer_id).in_(buyers)).order_by(col(InsurerShare.id))
        for row in session.execute(shares):
            yield (side, row.buyer_id, row.corrected_id), Item(row.id, (insurer_line(row),))


def _waiting(month: date) -> Select[*tuple[Any, ...]]:
    """Charges without an invoice; what gives back stands under the invoice on which stands what it corrects."""
    corrected = aliased(Charge)
    columns: list[Any] = [
        col(Charge.id),
        col(Charge.employer_id).label("buyer_id"),
        col(corrected.invoice_id).label("corrected_id"),
        col(Charge.kind),
        col(Charge.intervention),
        col(Charge.employee_reference),
        col(Charge.net_cents),
        col(Charge.insurer_cents),
        col(Charge.vat_rate),
    ]
    return (
        select(*columns)
        .outerjoin(corrected, col(corrected.id) == col(Charge.corrects_id))
        .where(col(Charge.invoice_id).is_(None), col(Charge.month) == month)
    )


def _waiting_shares(month: date) -> Select[*tuple[Any, ...]]:
    corrected = aliased(InsurerShare)
    columns: list[Any] = [
        col(InsurerShare.id),
        col(InsurerShare.insurer_id).label("buyer_id"),
        col(corrected.invoice_id).label("corrected_id"),
        col(CofinancingRequest.number),
        col(CofinancingRequest.intervention),
        col(InsurerShare.net_cents),
        col(InsurerShare.vat_rate),
    ]
    return (
        select(*columns)
        .join(CofinancingRequest, col(CofinancingRequest.id) == col(InsurerShare.request_id))
        .outerjoin(corrected, col(corrected.id) == col(InsurerShare.corrects_id))
        .where(col(InsurerShare.invoice_id).is_(None), col(InsurerShare.month) == month)
    )
