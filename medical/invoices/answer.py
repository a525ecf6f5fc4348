"""The provider answers what the secretariat said of an invoice, with a code: it stands, or it is withdrawn.

A corrected invoice or a credit note is an answer by itself: sending it says so (`provider_invoices_submit`).
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from core.clock import today
from core.errors import Conflict, NotFound
from core.language import _
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.invoice_tables import (
    InvoiceCheck,
    InvoiceTalk,
    InvoiceTalkKind,
    ProviderDocument,
    ProviderInvoice,
    ProviderInvoiceLine,
    ProviderInvoiceState,
    ServiceOutcome,
)
from medical.invoices.follow import what_is_left
from medical.invoices.match import agreement_of, own_referral
from medical.invoices.submit import take_providers_turn, term_of
from network.missed_sessions import terms_on
from network.settings import arbodienst_settings


class Answer(StrEnum):
    """What a provider can say; coded, so that nothing of anybody's health is said with it."""

    DELIVERED = "delivered"  # it took place, and I can show that
    AS_AGREED = "as_agreed"  # it is what was agreed
    WITHDRAWN = "withdrawn"  # I ask nothing for it any more


STANDS = (Answer.DELIVERED, Answer.AS_AGREED)
POSSIBLE_ANSWERS: Mapping[ProviderInvoiceState, tuple[Answer, ...]] = {
    ProviderInvoiceState.DISPUTED: (*STANDS, Answer.WITHDRAWN),
    ProviderInvoiceState.EXCEPTION: (Answer.WITHDRAWN,),
}
"""The answers in each state; to a request for a credit note one can only say that the invoice stands."""


def answer_invoice(session: Session, actor: Actor, invoice_id: UUID, answer: Answer) -> None:
    """Answer a dispute, withdraw an invoice, or say why no credit note follows.

    An invoice that stands goes back to the secretariat with a new term and takes up its units again. Raises NotFound,
    and Conflict when there is nothing to answer, when it failed a check, or when its units were billed since.
    """
    require(actor, Permission.SEND_PROVIDER_INVOICE)
    take_providers_turn(session, actor.organisation_id)
    invoice = _own(session, actor, invoice_id)
    possible = answers_to(session, invoice)
    if answer not in possible:
        raise Conflict(_("Dat antwoord kan hier niet (meer) worden gegeven."), possible=possible)
    if answer is Answer.WITHDRAWN:
        _become(session, invoice, ProviderInvoiceState.WITHDRAWN)
    elif invoice.state is ProviderInvoiceState.DISPUTED:
        _stand(session, actor, invoice)
    session.add(
        InvoiceTalk(
            tenant_id=invoice.tenant_id,
            invoice_id=invoice.id,
            provider_id=invoice.provider_id,
            kind=InvoiceTalkKind.ANSWERED,
            code=answer.value,
            account_id=actor.account,
            role=actor.role,
        )
    )
    session.flush()
    about = invoice.employee_id
    record(session, actor, "medical:provider_invoice:answered", invoice.id, data_subject_id=about, reason=answer.value)


def answers_to(session: Session, invoice: ProviderInvoice) -> tuple[Answer, ...]:
    """Return what its provider can say now about an invoice; what failed a check cannot stand (R39)."""
    if invoice.state is ProviderInvoiceState.APPROVED:
        return STANDS if _credit_is_asked(session, invoice.id) else ()
    possible = POSSIBLE_ANSWERS.get(invoice.state, ())
    if invoice.state is ProviderInvoiceState.DISPUTED and _failed(session, invoice.id):
        return (Answer.WITHDRAWN,)
    return possible


def _own(session: Session, actor: Actor, invoice_id: UUID) -> ProviderInvoice:
    found = select(ProviderInvoice).where(
        ProviderInvoice.id == invoice_id, ProviderInvoice.provider_id == actor.organisation_id
    )
    invoice = session.exec(found.execution_options(populate_existing=True)).first()
    if invoice is None:
        raise NotFound(_("Deze factuur is niet gevonden."))
    return invoice


def _become(session: Session, invoice: ProviderInvoice, state: ProviderInvoiceState) -> None:
    invoice.state = state
    session.add(invoice)
    session.flush()


def _stand(session: Session, actor: Actor, invoice: ProviderInvoice) -> None:
    """The amounts are asked again, so they must still be free: another invoice may have taken them meanwhile."""
    if not _still_fits(session, actor, invoice):
        raise Conflict(
            _("Wat op deze factuur staat, hebt u intussen op een andere gezet."),
            code="billed_since",
            possible=(Answer.WITHDRAWN,),
        )
    state = ProviderInvoiceState.CONTESTED
    invoice.due_on = add_working_days(today(), term_of(state, arbodienst_settings(session, actor)))
    _become(session, invoice, state)


def _still_fits(session: Session, actor: Actor, invoice: ProviderInvoice) -> bool:
    if invoice.kind is ProviderDocument.CREDIT_NOTE:
        corrected = session.exec(select(ProviderInvoice).where(ProviderInvoice.id == invoice.corrects_id)).one()
        left = what_is_left(session, corrected, besides=invoice.id)
        return invoice.net_cents <= left.net_left and invoice.vat_cents <= left.vat_left
    referral = own_referral(session, (invoice.referral_number,))
    agreement = agreement_of(session, actor.organisation_id, referral, besides=invoice.id)
    if agreement is None or _is_billed_again(session, invoice.id):
        return False
    lines = session.exec(select(ProviderInvoiceLine).where(ProviderInvoiceLine.invoice_id == invoice.id)).all()
    asked = sum((line.quantity for line in lines), Decimal(0))
    missed = [line for line in lines if line.outcome is not ServiceOutcome.DELIVERED]
    most = min((terms_on(agreement.missed_terms, line.service_date).most for line in missed), default=0)
    missed_units = sum((line.quantity for line in missed), Decimal(0))
    fits = asked <= agreement.units - agreement.billed_units
    return fits and (not missed or missed_units <= most - agreement.missed_units)


def _is_billed_again(session: Session, invoice_id: UUID) -> bool:
    billed = func.medical.is_billed(col(ProviderInvoiceLine.session_id), invoice_id)
    lines = select(ProviderInvoiceLine.id).where(
        ProviderInvoiceLine.invoice_id == invoice_id, col(ProviderInvoiceLine.session_id).is_not(None), billed
    )
    return session.exec(lines.limit(1)).first() is not None


def _failed(session: Session, invoice_id: UUID) -> bool:
    failed = select(InvoiceCheck.id).where(InvoiceCheck.invoice_id == invoice_id, ~col(InvoiceCheck.passed))
    return session.exec(failed.limit(1)).first() is not None


def _credit_is_asked(session: Session, invoice_id: UUID) -> bool:
    """Tell whether the last word about a released invoice is that the secretariat asks a credit note."""
    last = (
        select(InvoiceTalk.kind)
        .where(InvoiceTalk.invoice_id == invoice_id)
        .order_by(col(InvoiceTalk.created_at).desc())
    )
    return session.exec(last.limit(1)).first() is InvoiceTalkKind.CREDIT_ASKED
