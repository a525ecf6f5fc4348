"""An approved provider invoice enters the hatch: what is charged onward for it, and until when."""

from decimal import Decimal

from sqlmodel import Session, col, func, select

from core.money import percentage_of
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceLine
from medical.tables import Referral, Release


def onward_cents(net_cents: int, vat_cents: int, onward_vat_rate: int) -> int:
    """Return a provider's price as it is charged onward, without onward VAT.

    A tenant that charges onward exempt cannot deduct the provider's VAT, which then is part of the price (rules 6.2).
    """
    return net_cents if onward_vat_rate > 0 else net_cents + vat_cents


def onward_price_cents(onward_vat_rate: int, units: int, unit_price_cents: int, vat_rate: int) -> int:
    """Return what a whole referral comes to when it is charged onward: with VAT where that may not be deducted."""
    net_cents = units * unit_price_cents
    return onward_cents(net_cents, percentage_of(net_cents, Decimal(vat_rate)), onward_vat_rate)


def new_release(session: Session, invoice: ProviderInvoice, referral: Referral, onward_vat_rate: int) -> Release:
    """Return the release of an invoice for a referral; it is not written yet."""
    last_day = select(func.max(col(ProviderInvoiceLine.service_date)))
    return Release(
        tenant_id=invoice.tenant_id,
        employer_id=referral.employer_id,
        employee_id=referral.employee_id,
        case_id=referral.case_id,
        provider_invoice_id=invoice.id,
        referral_id=referral.id,
        disclosure=referral.disclosure,
        net_cents=onward_cents(invoice.net_cents, invoice.vat_cents, onward_vat_rate),
        supplied_on=session.exec(last_day.where(ProviderInvoiceLine.invoice_id == invoice.id)).one(),
    )
