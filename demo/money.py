"""The money of the demo: what own services cost last month, the charging, and one invoice that is given back."""

from datetime import date

from sqlmodel import col, select

from billing.charging.services import NewService, keep_services
from billing.invoicing.credit_notes import credit_invoice
from billing.service_tables import ServiceBasis
from billing.tables import CreditReason, Invoice, InvoiceKind
from core.clock import today
from demo.people import demo_id
from demo.stage import Stage
from medical.hatch.run import run_charging

SERVICES = {"zonneveld": (ServiceBasis.BY_USE, 1_250_00), "duinwijk": (ServiceBasis.FIXED, 875_00)}


def charge_last_month(stage: Stage, last_day: date) -> None:
    """Write down the services of the month that ended on `last_day`, charge it, and give one invoice back."""
    days_ago = (today() - last_day).days
    with stage.acting(stage.actors["secretariaat"], days_ago) as act:
        amounts = [NewService(demo_id(f"organisation:{name}"), *kept) for name, kept in SERVICES.items()]
        keep_services(act.session, act.actor, last_day, amounts)
        run_charging(act.session, act.actor, last_day)
    with stage.acting(stage.actors["secretariaat"], max(days_ago - 3, 0)) as act:
        invoice_id = act.session.exec(
            select(Invoice.id)
            .where(Invoice.kind == InvoiceKind.INVOICE, Invoice.buyer_id == demo_id("organisation:duinwijk"))
            .order_by(col(Invoice.number))
            .limit(1)
        ).one()
        credit_invoice(act.session, act.actor, invoice_id, CreditReason.NOT_OWED, charge_anew=False)
