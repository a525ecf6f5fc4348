"""Which referral an invoice is for and what it agreed; also when its provider sees the referral no more (R39)."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import column, text
from sqlmodel import Session, col, func, select

from medical.invoice_checks import Agreement
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceLine, ProviderInvoiceState
from medical.provider_invoices_input import SubmittedInvoice, words_of
from medical.tables import ReferralState

IN_USE = (ProviderInvoiceState.RECEIVED, ProviderInvoiceState.APPROVED)
"""Invoices whose units are spoken for; one that failed a check or is disputed is never charged on."""


class Match(NamedTuple):
    """A referral that an invoice names: what it is held against, and whom it concerns."""

    id: UUID
    number: str
    employee_id: UUID
    physician_account_id: UUID | None
    intervention: str
    issued_on: date
    accepted_on: date | None
    started_on: date | None
    ended_on: date | None  # completed, or withdrawn
    state: str
    units: int
    unit_price_cents: int
    vat_rate: int
    price_from: date | None
    price_until: date | None


MATCHES = text("SELECT * FROM medical.referrals_to_match(:numbers)").columns(*(column(name) for name in Match._fields))


def own_referral(session: Session, invoice: SubmittedInvoice) -> Match | None:
    """Return the referral to this provider that the invoice names, however it is written.

    An invoice may come when the provider sees the referral no more: the database matches it all the same, for him
    alone, and shows him no more than this (`alembic/sql/matching.sql`).
    """
    words = words_of(invoice.references)
    found = [Match(*row) for row in session.execute(MATCHES, {"numbers": list(words)})]
    return min(found, key=lambda match: words.index(match.number.upper()), default=None)


def agreement_of(session: Session, referral: Match | None) -> Agreement | None:
    """Return what was agreed by a referral, and how much of it earlier invoices have used; none without one."""
    if referral is None:
        return None
    billed = session.exec(
        select(func.coalesce(func.sum(ProviderInvoiceLine.quantity), 0))
        .join(ProviderInvoice, col(ProviderInvoice.id) == ProviderInvoiceLine.invoice_id)
        .where(ProviderInvoice.referral_id == referral.id, col(ProviderInvoice.state).in_(IN_USE))
    ).one()
    return Agreement(
        issued_on=referral.issued_on,
        state=ReferralState(referral.state),
        units=referral.units,
        billed_units=Decimal(billed),
        unit_price_cents=referral.unit_price_cents,
        vat_rate=referral.vat_rate,
    )
