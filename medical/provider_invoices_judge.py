"""The secretariat judges a provider's invoice: released towards a clean charge, or sent back with a reason (R39)."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, select

from billing.ledger import BookingKind, book
from billing.ledger_accounts import provider_invoice_approved
from core.clock import now
from core.errors import Conflict, NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceState
from medical.release_intake import new_release
from medical.tables import Referral
from network.settings import arbodienst_settings


class DisputeReason(StrEnum):
    """Why an invoice goes back to the provider; coded, so that the provider can act on it."""

    REFERRAL = "referral"  # no such referral, or not one that can be billed
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


POSSIBLE: dict[ProviderInvoiceState, Sequence[Judgement]] = {
    ProviderInvoiceState.RECEIVED: (Judgement.APPROVE, Judgement.DISPUTE),
    ProviderInvoiceState.EXCEPTION: (Judgement.DISPUTE,),
    ProviderInvoiceState.CONTESTED: (Judgement.APPROVE, Judgement.DISPUTE),
    ProviderInvoiceState.DISPUTED: (),
    ProviderInvoiceState.SUPERSEDED: (),
    ProviderInvoiceState.WITHDRAWN: (),
    ProviderInvoiceState.APPROVED: (),
}
"""What is possible in each state; what failed a check can only go back (R39). The database keeps the same list."""


def approve_provider_invoice(session: Session, actor: Actor, invoice_id: UUID) -> None:
    """Release an invoice that passed every check: the provider is owed, and the charge waits for the monthly run.

    Raises NotFound, and Conflict with what is possible when it was judged before or failed a check.
    """
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    invoice = _held(session, invoice_id, Judgement.APPROVE)
    referral = session.exec(select(Referral).where(Referral.id == invoice.referral_id)).one()
    _judged(actor, invoice, ProviderInvoiceState.APPROVED)
    session.add(invoice)
    session.flush()
    onward_vat_rate = arbodienst_settings(session, actor).onward_vat_rate
    session.add(new_release(session, invoice, referral, onward_vat_rate))
    booking = provider_invoice_approved(
        invoice.provider_id, invoice.net_cents, invoice.vat_cents, vat_deductible=onward_vat_rate > 0
    )
    book(session, actor, BookingKind.PROVIDER_INVOICE, invoice.id, booking)
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
    record(session, actor, "medical:provider_invoice:disputed", invoice.id, reason=reason.value)


def _held(session: Session, invoice_id: UUID, judgement: Judgement) -> ProviderInvoice:
    """Return the invoice, kept from a second judgement until this transaction ends."""
    found = select(ProviderInvoice).where(ProviderInvoice.id == invoice_id).with_for_update()
    invoice = session.exec(found.execution_options(populate_existing=True)).first()
    if invoice is None:
        raise NotFound(_("Deze factuur is niet gevonden."))
    possible = POSSIBLE[invoice.state]
    if judgement not in possible:
        raise Conflict(
            _("Deze factuur kan niet meer worden beoordeeld.")
            if not possible
            else _("Deze factuur is niet door alle controles gekomen en kan alleen worden teruggestuurd."),
            possible=possible,
        )
    return invoice


def _judged(actor: Actor, invoice: ProviderInvoice, state: ProviderInvoiceState) -> None:
    invoice.state = state
    invoice.judged_by = actor.account
    invoice.judged_at = now()
