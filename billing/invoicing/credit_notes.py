"""Gives an issued invoice back as a whole: a credit note that refers to it, and perhaps the charges anew (R50)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col

from billing.charging.charge_terms import first_of_month
from billing.charging.charges_left import (
    ChargeLeft,
    ShareLeft,
    charges_left,
    shares_left,
    write_charges_back,
    write_shares_back,
)
from billing.invoicing.credited_documents import corrected_documents
from billing.invoicing.document_parties import Month
from billing.invoicing.documents import InvoiceDocument, credit_note_for
from billing.invoicing.invoice_items import Side
from billing.invoicing.invoice_lines import employer_lines, insurer_line
from billing.invoicing.invoices_read import IssuedInvoice, get_invoice
from billing.invoicing.invoices_write import Issue, write_documents
from billing.invoicing.numbers import take_numbers
from billing.tables import Charge, CreditReason, InsurerShare, InvoiceKind
from core.clock import today
from core.errors import Conflict, FieldError, Invalid
from core.language import _
from core.locks import take_turn
from identity.actor import Actor
from identity.policy import Permission, require

REASONS = tuple(reason for reason in CreditReason if reason is not CreditReason.PROVIDER_CREDIT)
"""Why the secretariat may give an invoice back; what a provider gave back, the monthly run credits by itself."""


def credit_invoice(
    session: Session, actor: Actor, invoice_id: UUID, reason: CreditReason, *, charge_anew: bool
) -> IssuedInvoice:
    """Issue the credit note over everything that is left of an invoice, and return it.

    With `charge_anew` the next run charges the same amounts again, at the rate of VAT that is set then. Raises NotFound
    for no such invoice, Conflict for a credit note or an invoice that was given back already, and Invalid for a reason
    that is not the secretariat's.
    """
    require(actor, Permission.CREDIT_INVOICE)
    if reason not in REASONS:
        message = _("Kies een reden.")
        raise Invalid(message, (FieldError("reason", message),))
    # A run could issue a credit note of its own to the same invoice meanwhile.
    take_turn(session, "charging", actor.tenant_id)
    original = get_invoice(session, actor, invoice_id)
    if original.summary.kind is not InvoiceKind.INVOICE:
        raise Conflict(_("Een creditnota kunt u niet crediteren."), code="not_an_invoice")
    charges = [each for each in charges_left(session, col(Charge.invoice_id) == invoice_id) if each.net_cents]
    shares = [each for each in shares_left(session, col(InsurerShare.invoice_id) == invoice_id) if each.net_cents]
    if not charges and not shares:
        raise Conflict(_("Deze factuur is al helemaal gecrediteerd."), code="already_credited")
    month = first_of_month(today())
    back = [
        *write_charges_back(session, actor, month, ((each, each.net_cents, each.insurer_cents) for each in charges)),
        *write_shares_back(session, actor, month, ((each, each.net_cents) for each in shares)),
    ]
    issue = Issue(
        side=Side.EMPLOYER if charges else Side.INSURER,
        buyer_id=original.summary.buyer_id,
        document=_document(session, actor, original, charges, shares),
        items=back,
        month=month,
        corrects_id=invoice_id,
        credit_reason=reason,
        charge_anew=charge_anew,
    )
    return get_invoice(session, actor, write_documents(session, actor, [issue])[0])


def _document(
    session: Session,
    actor: Actor,
    original: IssuedInvoice,
    charges: Sequence[ChargeLeft],
    shares: Sequence[ShareLeft],
) -> InvoiceDocument:
    day = today()
    (number,) = take_numbers(session, actor, day.year, 1)
    return credit_note_for(
        original.document,
        number=number,
        issue_date=day,
        period=Month(year=day.year, month=day.month),
        lines=[*(line for charge in charges for line in employer_lines(charge)), *map(insurer_line, shares)],
        earlier=corrected_documents(session, [original.summary.id])[original.summary.id].given_back,
    )
