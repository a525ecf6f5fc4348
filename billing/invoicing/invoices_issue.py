"""Issues the documents of a charge run: invoices and credit notes, numbered, frozen and booked (R49-R53)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from billing.invoicing.credited_documents import Corrected, corrected_documents
from billing.invoicing.document_parties import Month, Party, Seller
from billing.invoicing.documents import DocumentKind, InvoiceDocument, credit_note_for
from billing.invoicing.invoice_items import Heading, Item, headings, items_of
from billing.invoicing.invoice_parties import buyers, seller_of
from billing.invoicing.invoices_write import Issue, write_documents
from billing.invoicing.numbers import take_numbers
from billing.tables import CreditReason
from core.clock import today
from identity.actor import Actor
from network.settings import arbodienst_settings

MOST_AT_ONCE = 5_000
"""Charges whose lines are held at once, however many there are in the month."""


@dataclass(frozen=True)
class _Occasion:
    """What all documents of one run have in common."""

    seller: Seller
    month: date
    issue_date: date
    due_date: date
    run_id: UUID


def issue_month(session: Session, actor: Actor, month: date, run_id: UUID) -> tuple[UUID, ...]:
    """Issue a document for every charge and share of `month` that has none; returns their ids in order of number.

    Time and memory for the lines are bounded by MOST_AT_ONCE; all of it is one transaction, so that a run that is cut
    off leaves no document and no gap behind.
    """
    found = headings(session, month)
    if not found:
        return ()
    parties = buyers(session, {heading.buyer_id for heading in found})
    day = today()
    occasion = _Occasion(
        seller=seller_of(session, actor.tenant_id),
        month=month,
        issue_date=day,
        due_date=day + timedelta(days=arbodienst_settings(session, actor).payment_days),
        run_id=run_id,
    )
    # By name: the place in the series then tells nothing of what is on a document or when it was ready (leak L12).
    found.sort(key=lambda each: (parties[each.buyer_id].name, each.side, str(each.corrects_id or ""), each.nth))
    numbers = iter(take_numbers(session, actor, day.year, len(found)))
    issued: list[UUID] = []
    for part in _parts(found):
        on_them = items_of(session, month, part)
        before = corrected_documents(session, {each.corrects_id for each in part if each.corrects_id})
        issues = [_issue(each, on_them[each], next(numbers), parties, before, occasion) for each in part]
        issued.extend(write_documents(session, actor, issues))
    return tuple(issued)


def _parts(found: Iterable[Heading]) -> Iterator[list[Heading]]:
    """Yield the documents in portions that can be held at once."""
    part: list[Heading] = []
    held = 0
    for heading in found:
        if part and held + heading.items > MOST_AT_ONCE:
            yield part
            part, held = [], 0
        part.append(heading)
        held += heading.items
    yield part


def _issue(
    heading: Heading,
    items: Sequence[Item],
    number: str,
    parties: Mapping[UUID, Party],
    before: Mapping[UUID, Corrected],
    occasion: _Occasion,
) -> Issue:
    lines = tuple(line for item in items for line in item.lines)
    month = Month(year=occasion.month.year, month=occasion.month.month)
    if heading.corrects_id is None:
        document = InvoiceDocument(
            kind=DocumentKind.INVOICE,
            number=number,
            issue_date=occasion.issue_date,
            due_date=occasion.due_date,
            period=month,
            seller=occasion.seller,
            buyer=parties[heading.buyer_id],
            buyer_reference=f"Interventies {month}",
            lines=lines,
        )
    else:
        corrected = before[heading.corrects_id]
        document = credit_note_for(
            corrected.invoice,
            number=number,
            issue_date=occasion.issue_date,
            period=month,
            lines=lines,
            earlier=corrected.given_back,
        )
    return Issue(
        side=heading.side,
        buyer_id=heading.buyer_id,
        document=document,
        items=[item.id for item in items],
        month=occasion.month,
        run_id=occasion.run_id,
        corrects_id=heading.corrects_id,
        credit_reason=CreditReason.PROVIDER_CREDIT if heading.corrects_id else None,
    )
