"""A provider sends an invoice for a referral: matched, checked, and kept with the result of every check (R38-R40)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from core.clock import today
from core.errors import Conflict
from core.language import _
from core.locks import take_turn
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.invoice_check_words import kept
from medical.invoice_checks import CheckResult, check_invoice
from medical.invoice_tables import InvoiceCheck, ProviderInvoice, ProviderInvoiceLine, ProviderInvoiceState
from medical.provider_invoices_input import (
    SellerNumbers,
    SubmittedInvoice,
    SubmittedLine,
    registered,
    words_of,
)
from medical.provider_invoices_match import Match, agreement_of, own_referral
from network.settings import arbodienst_settings
from network.tables import OrganisationProfile

LONGEST_REFERENCE = 40


@dataclass(frozen=True)
class Submission:
    """What became of an invoice: kept now, or recognised as one that was sent before (R40)."""

    id: UUID
    state: ProviderInvoiceState
    is_new: bool


def submit_provider_invoice(session: Session, actor: Actor, invoice: SubmittedInvoice) -> Submission:
    """Keep an invoice, ready to be judged when it passes every check and as an exception when it does not (R39).

    The same invoice sent again is recognised; another one under the same number raises Conflict (R40).
    """
    require(actor, Permission.SEND_PROVIDER_INVOICE)
    # One at a time for each provider: neither a number nor a unit can be used twice.
    take_turn(session, "provider-invoice", actor.organisation_id)
    known = _known(session, actor, invoice.invoice_number)
    if known is not None:
        return _recognised(session, actor, known, invoice)
    referral = own_referral(session, invoice)
    results = check_invoice(invoice, agreement_of(session, referral), _own_numbers(session, actor), today())
    kept_invoice = _keep(session, actor, invoice, referral, results)
    record(
        session,
        actor,
        "medical:provider_invoice:received",
        kept_invoice.id,
        data_subject_id=referral.employee_id if referral else None,
        responsible_account_id=referral.physician_account_id if referral else None,
        reason=kept_invoice.state.value,
    )
    return Submission(kept_invoice.id, kept_invoice.state, is_new=True)


def _known(session: Session, actor: Actor, number: str) -> ProviderInvoice | None:
    return session.exec(
        select(ProviderInvoice)
        .where(ProviderInvoice.provider_id == actor.organisation_id)
        .where(ProviderInvoice.invoice_number == number)
    ).first()


def _recognised(session: Session, actor: Actor, known: ProviderInvoice, invoice: SubmittedInvoice) -> Submission:
    if not _is_same(session, known, invoice):
        raise Conflict(
            _("U hebt al een andere factuur gestuurd met nummer %(number)s. Gebruik een nieuw nummer.")
            % {"number": known.invoice_number},
            code="duplicate_invoice",
        )
    record(session, actor, "medical:provider_invoice:resent", known.id)
    return Submission(known.id, known.state, is_new=False)


def _is_same(session: Session, known: ProviderInvoice, invoice: SubmittedInvoice) -> bool:
    lines = session.exec(
        select(ProviderInvoiceLine)
        .where(ProviderInvoiceLine.invoice_id == known.id)
        .order_by(col(ProviderInvoiceLine.position))
    )
    before = [(row.description, row.service_date, row.quantity, row.unit_price_cents, row.vat_rate) for row in lines]
    now = [
        (line.description, line.service_date, line.quantity, line.unit_price_cents, line.vat_rate)
        for line in invoice.lines
    ]
    return (
        before == now
        and known.invoice_date == invoice.invoice_date
        and (known.net_cents, known.vat_cents, known.gross_cents)
        == (invoice.net_cents, invoice.vat_cents, invoice.gross_cents)
        and known.referral_number in (*words_of(invoice.references), _named(invoice))
    )


def _own_numbers(session: Session, actor: Actor) -> SellerNumbers:
    profile = session.get(OrganisationProfile, actor.organisation_id)
    return SellerNumbers(*((registered(profile.kvk), registered(profile.vat_id)) if profile else (None, None)))


def _named(invoice: SubmittedInvoice) -> str:
    return next(iter(invoice.references), "")[:LONGEST_REFERENCE]


def _keep(
    session: Session,
    actor: Actor,
    invoice: SubmittedInvoice,
    referral: Match | None,
    results: Sequence[CheckResult],
) -> ProviderInvoice:
    term = arbodienst_settings(session, actor).invoice_check_working_days
    passed = all(result.passed for result in results)
    row = ProviderInvoice(
        tenant_id=actor.tenant_id,
        provider_id=actor.organisation_id,
        referral_id=referral.id if referral else None,
        referral_number=referral.number if referral else _named(invoice),
        invoice_number=invoice.invoice_number,
        invoice_date=invoice.invoice_date,
        net_cents=invoice.net_cents,
        vat_cents=invoice.vat_cents,
        gross_cents=invoice.gross_cents,
        state=ProviderInvoiceState.RECEIVED if passed else ProviderInvoiceState.EXCEPTION,
        due_on=add_working_days(today(), term),
        source=invoice.source,
    )
    session.add(row)
    session.flush()
    session.add_all(_line(row, position, line) for position, line in enumerate(invoice.lines, start=1))
    session.add_all(_check(row, position, result) for position, result in enumerate(results, start=1))
    session.flush()
    return row


def _line(invoice: ProviderInvoice, position: int, line: SubmittedLine) -> ProviderInvoiceLine:
    return ProviderInvoiceLine(
        tenant_id=invoice.tenant_id,
        invoice_id=invoice.id,
        provider_id=invoice.provider_id,
        position=position,
        description=line.description,
        service_date=line.service_date,
        quantity=line.quantity,
        unit_price_cents=line.unit_price_cents,
        vat_rate=line.vat_rate,
        net_cents=line.net_cents,
    )


def _check(invoice: ProviderInvoice, position: int, result: CheckResult) -> InvoiceCheck:
    return InvoiceCheck(
        tenant_id=invoice.tenant_id,
        invoice_id=invoice.id,
        provider_id=invoice.provider_id,
        position=position,
        code=result.code,
        passed=result.passed,
        detail=kept(result),
    )
