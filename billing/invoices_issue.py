"""Issues the invoices of a charge run: one for each employer and insurer, numbered, frozen and booked (R49-R53)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from billing.document_parties import Month, Party, Seller
from billing.documents import DocumentKind, DocumentLine, InvoiceDocument
from billing.invoice_lines import employer_lines, insurer_line
from billing.invoice_parties import buyers, seller_of
from billing.ledger import BookingKind, book
from billing.ledger_accounts import Booking, employer_invoice_issued, insurer_invoice_issued
from billing.numbers import take_numbers
from billing.tables import Charge, CofinancingRequest, InsurerShare, Invoice, InvoiceKind
from core.clock import today
from identity.actor import Actor
from identity.audit import record
from network.settings import arbodienst_settings

T = TypeVar("T")

MOST_ITEMS = 2_000
"""Charges on one document, which holds at most 5,000 lines; an employer with more gets a second one."""


@dataclass(frozen=True)
class _Draft:
    """An invoice that still lacks its number: who buys, what, and which rows it is for."""

    buyer_id: UUID
    lines: tuple[DocumentLine, ...]
    charges: tuple[UUID, ...] = ()
    shares: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class _Occasion:
    """What all invoices of one run have in common."""

    seller: Seller
    month: date
    issue_date: date
    due_date: date
    run_id: UUID


def issue_month(session: Session, actor: Actor, month: date, run_id: UUID) -> tuple[UUID, ...]:
    """Issue an invoice for every charge and share of `month` that has none; returns their ids in order of number."""
    drafts = [*_for_employers(session, month), *_for_insurers(session, month)]
    if not drafts:
        return ()
    parties = buyers(session, {draft.buyer_id for draft in drafts})
    # By name: the place in the series then tells nothing of what is on an invoice or when it was ready (leak L12).
    drafts.sort(key=lambda draft: parties[draft.buyer_id].name)
    day = today()
    occasion = _Occasion(
        seller=seller_of(session, actor.tenant_id),
        month=month,
        issue_date=day,
        due_date=day + timedelta(days=arbodienst_settings(session, actor).payment_days),
        run_id=run_id,
    )
    numbers = take_numbers(session, actor, day.year, len(drafts))
    return tuple(
        _issue(session, actor, draft, _document(draft, parties[draft.buyer_id], number, occasion), occasion)
        for draft, number in zip(drafts, numbers, strict=True)
    )


def _for_employers(session: Session, month: date) -> Iterable[_Draft]:
    waiting = select(Charge).where(col(Charge.invoice_id).is_(None), Charge.month == month)
    charges = session.exec(waiting.order_by(col(Charge.employer_id), col(Charge.id)))
    for employer_id, group in groupby(charges, lambda charge: charge.employer_id):
        for part in _parts(list(group)):
            lines = tuple(line for charge in part for line in employer_lines(charge))
            yield _Draft(employer_id, lines, charges=tuple(charge.id for charge in part))


def _for_insurers(session: Session, month: date) -> Iterable[_Draft]:
    waiting = (
        select(InsurerShare, CofinancingRequest)
        .join(CofinancingRequest, col(CofinancingRequest.id) == InsurerShare.request_id)
        .where(col(InsurerShare.invoice_id).is_(None), InsurerShare.month == month)
    )
    shares = session.exec(waiting.order_by(col(InsurerShare.insurer_id), col(InsurerShare.id)))
    for insurer_id, group in groupby(shares, lambda row: row[0].insurer_id):
        for part in _parts(list(group)):
            lines = tuple(insurer_line(share, request) for share, request in part)
            yield _Draft(insurer_id, lines, shares=tuple(share.id for share, _request in part))


def _parts(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + MOST_ITEMS] for start in range(0, len(items), MOST_ITEMS))


def _document(draft: _Draft, buyer: Party, number: str, occasion: _Occasion) -> InvoiceDocument:
    month = Month(year=occasion.month.year, month=occasion.month.month)
    return InvoiceDocument(
        kind=DocumentKind.INVOICE,
        number=number,
        issue_date=occasion.issue_date,
        due_date=occasion.due_date,
        period=month,
        seller=occasion.seller,
        buyer=buyer,
        buyer_reference=f"Interventies {month}",
        lines=draft.lines,
    )


def _issue(session: Session, actor: Actor, draft: _Draft, document: InvoiceDocument, occasion: _Occasion) -> UUID:
    invoice = Invoice(
        tenant_id=actor.tenant_id,
        number=document.number,
        kind=InvoiceKind.INVOICE,
        buyer_id=draft.buyer_id,
        issue_date=occasion.issue_date,
        due_date=occasion.due_date,
        month=occasion.month,
        net_cents=document.net_cents,
        vat_cents=document.vat_cents,
        total_cents=document.gross_cents,
        document=document.model_dump(mode="json"),
        charge_run_id=occasion.run_id,
    )
    session.add(invoice)
    session.flush()
    if draft.charges:
        session.exec(update(Charge).where(col(Charge.id).in_(draft.charges)).values(invoice_id=invoice.id))
    if draft.shares:
        session.exec(update(InsurerShare).where(col(InsurerShare.id).in_(draft.shares)).values(invoice_id=invoice.id))
    book(session, actor, BookingKind.INVOICE, invoice.id, _booking(draft, document))
    record(session, actor, "billing:invoice:issued", invoice.id)
    return invoice.id


def _booking(draft: _Draft, document: InvoiceDocument) -> Booking:
    sale = employer_invoice_issued if draft.charges else insurer_invoice_issued
    return sale(draft.buyer_id, document.net_cents, document.vat_cents)
