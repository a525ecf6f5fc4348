"""The earlier document that one follows: what a credit note gives back of, or what an invoice replaces (R50)."""

from uuid import UUID

from sqlmodel import Session, col, func, select

from core.errors import Conflict
from core.language import _
from identity.actor import Actor
from medical.invoice_tables import (
    InvoiceTalk,
    InvoiceTalkKind,
    ProviderDocument,
    ProviderInvoice,
    ProviderInvoiceLine,
    ProviderInvoiceState,
)
from medical.invoices.checks import Corrected
from medical.invoices.input import SubmittedInvoice
from medical.invoices.match import IN_USE

REPLACEABLE = (ProviderInvoiceState.DISPUTED, ProviderInvoiceState.EXCEPTION)


def corrected_by(session: Session, provider_id: UUID, invoice: SubmittedInvoice) -> Corrected | None:
    """Return the provider's own invoice of which a credit note gives back, and what is left of it."""
    found = session.exec(
        select(ProviderInvoice).where(
            ProviderInvoice.provider_id == provider_id,
            ProviderInvoice.kind == ProviderDocument.INVOICE,
            col(ProviderInvoice.invoice_number).in_(invoice.follows),
        )
    ).all()
    if len(found) != 1:  # none, or one note for several: which amount belongs to which nobody can tell
        return None
    return what_is_left(session, found[0])


def what_is_left(session: Session, invoice: ProviderInvoice, besides: UUID | None = None) -> Corrected:
    """Return an invoice with what credit notes other than `besides` have left of it."""
    notes = select(ProviderInvoice.id, ProviderInvoice.net_cents, ProviderInvoice.vat_cents).where(
        ProviderInvoice.corrects_id == invoice.id,
        col(ProviderInvoice.state).in_(IN_USE),
        col(ProviderInvoice.id).is_distinct_from(besides),
    )
    given = session.exec(notes).all()
    rates = _by_rate(session, [invoice.id])
    for rate, cents in _by_rate(session, [row[0] for row in given]).items():
        rates[rate] = rates.get(rate, 0) - cents
    return Corrected(
        id=invoice.id,
        referral_id=invoice.referral_id,
        referral_number=invoice.referral_number,
        invoice_number=invoice.invoice_number,
        invoice_date=invoice.invoice_date,
        state=invoice.state,
        left_by_rate=rates,
        net_left=invoice.net_cents - sum(row[1] for row in given),
        vat_left=invoice.vat_cents - sum(row[2] for row in given),
    )


def _by_rate(session: Session, invoices: list[UUID]) -> dict[int, int]:
    sums = (
        select(ProviderInvoiceLine.vat_rate, func.sum(ProviderInvoiceLine.net_cents))
        .where(col(ProviderInvoiceLine.invoice_id).in_(invoices))
        .group_by(col(ProviderInvoiceLine.vat_rate))
    )
    return {rate: int(cents) for rate, cents in session.exec(sums)}


def replaced_by(session: Session, provider_id: UUID, invoice: SubmittedInvoice) -> ProviderInvoice | None:
    """Take the invoice that this one replaces out of use, and return it: its units and sessions can be billed again.

    Raises Conflict where the sender names one that was not sent back and did not fail a check.
    """
    if invoice.kind is not ProviderDocument.INVOICE or not invoice.follows:
        return None
    old = session.exec(
        select(ProviderInvoice)
        .where(
            ProviderInvoice.provider_id == provider_id,
            col(ProviderInvoice.invoice_number).in_(invoice.follows),
            col(ProviderInvoice.state).in_(REPLACEABLE),
        )
        .with_for_update()
    ).all()
    if len(old) != 1:
        if invoice.insists:
            raise Conflict(
                _("Er is geen teruggestuurde factuur met dit nummer die u kunt vervangen."), code="nothing_to_replace"
            )
        return None
    old[0].state = ProviderInvoiceState.SUPERSEDED
    session.add(old[0])
    session.flush()
    return old[0]


def tell_of(session: Session, earlier_id: UUID, later: ProviderInvoice, actor: Actor) -> None:
    """Write in the talk about an earlier document that this one came after it."""
    is_credit = later.kind is ProviderDocument.CREDIT_NOTE
    session.add(
        InvoiceTalk(
            tenant_id=actor.tenant_id,
            invoice_id=earlier_id,
            provider_id=later.provider_id,
            kind=InvoiceTalkKind.CREDITED if is_credit else InvoiceTalkKind.SUPERSEDED,
            other_id=later.id,
            account_id=actor.account,
            role=actor.role,
        )
    )
