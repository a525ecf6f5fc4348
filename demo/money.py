"""The money of the demo: months that were charged, what of that was paid or not, and what waits for the next run."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from billing.books.dunning import remind_buyers
from billing.charging.services import NewService, keep_services
from billing.invoicing.credit_notes import credit_invoice
from billing.service_tables import ServiceBasis
from billing.tables import CreditReason, Invoice, InvoiceKind
from core.clock import today
from core.database import Door
from demo.payments import pay_in
from demo.people import demo_id
from demo.stage import Stage
from identity.actor import system
from medical.hatch.run import run_charging
from medical.invoice_tables import ProviderInvoice
from medical.invoices.desk import take_invoice
from medical.invoices.judge import DisputeReason, approve_provider_invoice, dispute_provider_invoice
from medical.tables import Referral

SERVICES = {"zonneveld": (ServiceBasis.BY_USE, 1_250_00), "duinwijk": (ServiceBasis.FIXED, 875_00)}
SERVICES_LONG_AGO = {"zonneveld": (ServiceBasis.BY_USE, 4_820_00), "duinwijk": (ServiceBasis.FIXED, 875_00)}
APPROVED_LATE, SENT_BACK, TAKEN = (("Z-115", 0), ("Z-116", 15), ("Z-118", 0)), "D-209", "Z-109"
"""Employees of whom an invoice is released after the last run (days ago), sent back, or taken on by one person."""

REMINDED_AFTER = (8, 22)  # days past the due date


def settle_months(stage: Stage) -> None:
    """Charge a month of long ago, which one employer paid, and the last one, of which one invoice is given back."""
    last_day = today().replace(day=1) - timedelta(days=1)
    before = last_day.replace(day=1) - timedelta(days=1)
    long_ago = before.replace(day=1) - timedelta(days=1)
    _charge(stage, long_ago, SERVICES_LONG_AGO)
    pay_in(stage, _invoice_of(stage, "zonneveld", long_ago).id, (today() - long_ago).days - 21)
    _remind(stage, long_ago)
    _charge(stage, last_day, SERVICES)
    days_ago = (today() - last_day).days
    invoice = _invoice_of(stage, "duinwijk", last_day)
    with stage.acting(stage.actors["secretariaat"], max(days_ago - 3, 0)) as act:
        credit_invoice(act.session, act.actor, invoice.id, CreditReason.NOT_OWED, charge_anew=False)


def keep_desk(stage: Stage) -> None:
    """Judge invoices of providers after the last run, so that something waits for the next one."""
    for reference, days_ago in APPROVED_LATE:
        with stage.acting(stage.actors["secretariaat"], days_ago) as act:
            approve_provider_invoice(act.session, act.actor, _sent_for(act.session, reference))
    with stage.acting(stage.actors["secretariaat"]) as act:
        dispute_provider_invoice(act.session, act.actor, _sent_for(act.session, SENT_BACK), DisputeReason.DATES)
    with stage.acting(stage.actors["secretariaat"]) as act:
        take_invoice(act.session, act.actor, _sent_for(act.session, TAKEN))


def _charge(stage: Stage, last_day: date, services: Mapping[str, tuple[ServiceBasis, int]]) -> None:
    """Write down the services of the month that ended on `last_day`, and charge it on that day."""
    with stage.acting(stage.actors["secretariaat"], (today() - last_day).days) as act:
        amounts = [NewService(demo_id(f"organisation:{name}"), *kept) for name, kept in services.items()]
        keep_services(act.session, act.actor, last_day, amounts)
        run_charging(act.session, act.actor, last_day)


def _remind(stage: Stage, last_day: date) -> None:
    overdue = (today() - _invoice_of(stage, "duinwijk", last_day).due_date).days
    for days in REMINDED_AFTER:
        with stage.acting(system(demo_id("organisation:arbo")), overdue - days, Door.SYSTEM_OPEN) as act:
            remind_buyers(act.session, act.actor)


def _invoice_of(stage: Stage, employer: str, month: date) -> Invoice:
    """Return the (first) invoice of an employer for the month of a day."""
    with stage.acting(stage.actors["secretariaat"]) as act:
        found = select(Invoice).where(
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.buyer_id == demo_id(f"organisation:{employer}"),
            Invoice.month == month.replace(day=1),
        )
        invoice = act.session.exec(found.order_by(col(Invoice.number)).limit(1)).one()
        act.session.expunge(invoice)
        return invoice


def _sent_for(session: Session, reference: str) -> UUID:
    """Return the invoice that came in for the help to an employee."""
    found = (
        select(ProviderInvoice.id)
        .join(Referral, col(Referral.id) == ProviderInvoice.referral_id)
        .where(Referral.employee_id == demo_id(f"employee:{reference}"))
    )
    return session.exec(found).one()
