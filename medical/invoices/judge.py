"""The secretariat judges a provider's invoice: released towards a clean charge, or sent back with a reason (R39)."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, select

from billing.books.ledger import BookingKind, book
from billing.books.ledger_accounts import provider_invoice_approved, undone
from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.hatch.intake import new_release
from medical.invoice_tables import (
    InvoiceTalk,
    InvoiceTalkKind,
    ProviderDocument,
    ProviderInvoice,
    ProviderInvoiceState,
)
from medical.invoices.credit import deducts_vat, release_of_credit
from medical.invoices.payables import owe_for_invoice
from medical.tables import Referral
from network.settings import arbodienst_settings


class DisputeReason(StrEnum):
    """Why an invoice goes back to the provider; coded, so that the provider can act on it."""

    REFERRAL = "referral"  # no such referral, or not one that can be billed
    INVOICE = "invoice"  # of a credit note: no such invoice, or not as much left of it
    PARTIES = "parties"  # another seller, or another buyer than the arbodienst
    REGISTRATION = "registration"  # not valid on the day of service
    MISSED = "missed"  # more or dearer missed appointments than the contract allows
    UNITS = "units"  # more than was agreed, or billed before
    PRICE = "price"
    VAT = "vat"
    DATES = "dates"
    SUMS = "sums"
    NOT_DELIVERED = "not_delivered"  # according to the physician or the employee it did not take place
    OTHER = "other"


class Judgement(StrEnum):
    """What the secretariat can do with an invoice."""

    APPROVE = "approve"
    DISPUTE = "dispute"
    ASK_CREDIT = "ask_credit"  # of what was released and turns out not to be owed


POSSIBLE: dict[ProviderInvoiceState, Sequence[Judgement]] = {
    ProviderInvoiceState.RECEIVED: (Judgement.APPROVE, Judgement.DISPUTE),
    ProviderInvoiceState.EXCEPTION: (Judgement.DISPUTE,),
    ProviderInvoiceState.CONTESTED: (Judgement.APPROVE, Judgement.DISPUTE),
    ProviderInvoiceState.DISPUTED: (),
    ProviderInvoiceState.SUPERSEDED: (),
    ProviderInvoiceState.WITHDRAWN: (),
    ProviderInvoiceState.APPROVED: (Judgement.ASK_CREDIT,),
}
"""What is possible in each state; what failed a check can only go back (R39). The database keeps the same list."""


def approve_provider_invoice(session: Session, actor: Actor, invoice_id: UUID) -> None:
    """Release an invoice that passed every check: the provider is owed, and the charge waits for the monthly run.

    Of a credit note the debt to the provider and what is charged onward become less by as much.
    Raises NotFound, and Conflict with what is possible when it was judged before or failed a check.
    """
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    invoice = _held(session, invoice_id, Judgement.APPROVE)
    referral = session.exec(select(Referral).where(Referral.id == invoice.referral_id)).one()
    _judged(actor, invoice, ProviderInvoiceState.APPROVED)
    session.add(invoice)
    session.flush()
    _release(session, actor, invoice, referral)
    owe_for_invoice(session, actor, invoice)
    record(
        session,
        actor,
        "medical:provider_invoice:approved",
        invoice.id,
        data_subject_id=referral.employee_id,
        responsible_account_id=referral.physician_account_id,
    )


def dispute_provider_invoice(session: Session, actor: Actor, invoice_id: UUID, reason: DisputeReason) -> None:
    """Send an invoice back with a reason that the provider sees; its units can be billed again.

    Raises NotFound, and Conflict with what is possible when it was judged before.
    """
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    invoice = _held(session, invoice_id, Judgement.DISPUTE)
    _judged(actor, invoice, ProviderInvoiceState.DISPUTED)
    invoice.dispute_reason = reason.value
    session.add(invoice)
    session.flush()
    _say(session, actor, invoice, InvoiceTalkKind.DISPUTED, reason)
    _record(session, actor, invoice, "disputed", reason)


def ask_credit(session: Session, actor: Actor, invoice_id: UUID, reason: DisputeReason) -> None:
    """Ask the provider to give back of an invoice that was released; it stays released until a credit note is.

    Raises NotFound, and Conflict for a credit note or what was not released.
    """
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    invoice = _held(session, invoice_id, Judgement.ASK_CREDIT)
    _say(session, actor, invoice, InvoiceTalkKind.CREDIT_ASKED, reason)
    _record(session, actor, invoice, "credit_asked", reason)


def _record(session: Session, actor: Actor, invoice: ProviderInvoice, act: str, reason: DisputeReason) -> None:
    about = invoice.employee_id
    tag = f"medical:provider_invoice:{act}"
    record(session, actor, tag, invoice.id, data_subject_id=about, reason=reason.value)


def possible_with(invoice: ProviderInvoice) -> Sequence[Judgement]:
    """Return what the secretariat can do with an invoice or credit note as it stands."""
    if invoice.kind is ProviderDocument.CREDIT_NOTE and invoice.state is ProviderInvoiceState.APPROVED:
        return ()
    return POSSIBLE[invoice.state]


def _release(session: Session, actor: Actor, invoice: ProviderInvoice, referral: Referral) -> None:
    onward_vat_rate = arbodienst_settings(session, actor).onward_vat_rate
    is_credit = invoice.kind is ProviderDocument.CREDIT_NOTE
    deductible = deducts_vat(session, invoice) if is_credit else onward_vat_rate > 0
    session.add(
        release_of_credit(session, invoice) if is_credit else new_release(session, invoice, referral, onward_vat_rate)
    )
    session.flush()
    booking = provider_invoice_approved(
        invoice.provider_id, invoice.net_cents, invoice.vat_cents, vat_deductible=deductible
    )
    if is_credit:
        book(session, actor, BookingKind.PROVIDER_CREDIT_NOTE, invoice.id, undone(booking))
    else:
        book(session, actor, BookingKind.PROVIDER_INVOICE, invoice.id, booking)


def _say(
    session: Session, actor: Actor, invoice: ProviderInvoice, kind: InvoiceTalkKind, reason: DisputeReason
) -> None:
    session.add(
        InvoiceTalk(
            tenant_id=invoice.tenant_id,
            invoice_id=invoice.id,
            provider_id=invoice.provider_id,
            kind=kind,
            code=reason.value,
            account_id=actor.account,
            role=actor.role,
        )
    )
    session.flush()


def _held(session: Session, invoice_id: UUID, judgement: Judgement) -> ProviderInvoice:
    """Return the invoice, kept from a second judgement until this transaction ends."""
    found = select(ProviderInvoice).where(ProviderInvoice.id == invoice_id).with_for_update()
    invoice = session.exec(found.execution_options(populate_existing=True)).first()
    if invoice is None:
        raise NotFound(_("Deze factuur is niet gevonden."))
    possible = possible_with(invoice)
    if judgement not in possible:
        raise Conflict(
            _("Deze factuur kan niet meer worden beoordeeld.")
            if Judgement.DISPUTE not in possible
            else _("Deze factuur is niet door alle controles gekomen en kan alleen worden teruggestuurd."),
            possible=possible,
        )
    return invoice


def _judged(actor: Actor, invoice: ProviderInvoice, state: ProviderInvoiceState) -> None:
    invoice.state = state
    invoice.judged_by = actor.account
    invoice.judged_at = now()
