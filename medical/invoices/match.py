"""Which referral an invoice is for and what it agreed; also when its provider sees the referral no more (R39)."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import column, text
from sqlmodel import Session, case, col, func, select

from medical.invoice_tables import (
    ProviderDocument,
    ProviderInvoice,
    ProviderInvoiceLine,
    ProviderInvoiceState,
    ServiceOutcome,
)
from medical.invoices.checks import Agreement
from medical.invoices.input import words_of
from medical.tables import ReferralState
from network.missed_sessions import missed_terms
from network.registrations_valid import registered_through

IN_USE = (ProviderInvoiceState.RECEIVED, ProviderInvoiceState.CONTESTED, ProviderInvoiceState.APPROVED)
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


def own_referral(session: Session, references: tuple[str, ...]) -> Match | None:
    """Return the referral to this provider that `references` name, however it is written.

    An invoice may come when the provider sees the referral no more: the database matches it all the same, for him
    alone, and shows him no more than this (`alembic/sql/matching.sql`).
    """
    words = words_of(references)
    found = [Match(*row) for row in session.execute(MATCHES, {"numbers": list(words)})]
    return min(found, key=lambda match: words.index(match.number.upper()), default=None)


def agreement_of(
    session: Session, provider_id: UUID, referral: Match | None, besides: UUID | None = None
) -> Agreement | None:
    """Return what was agreed by a referral, and how much of it other invoices than `besides` have used."""
    if referral is None:
        return None
    billed, missed = _billed(session, referral, besides)
    return Agreement(
        issued_on=referral.issued_on,
        state=ReferralState(referral.state),
        units=referral.units,
        billed_units=billed,
        unit_price_cents=referral.unit_price_cents,
        vat_rate=referral.vat_rate,
        accepted_on=referral.accepted_on,
        started_on=referral.started_on,
        ended_on=referral.ended_on,
        price_from=referral.price_from,
        price_until=referral.price_until,
        registered_through=registered_through(session, provider_id, referral.intervention),
        missed_terms=missed_terms(session, provider_id),
        missed_units=missed,
    )


def _billed(session: Session, referral: Match, besides: UUID | None) -> tuple[Decimal, Decimal]:
    """Return the units that are spoken for, and how many of these were missed.

    What a released credit note gave back can be billed again: never more units than it says, nor than its amount buys.
    """
    quantity, is_credit = (
        col(ProviderInvoiceLine.quantity),
        col(ProviderInvoice.kind) == ProviderDocument.CREDIT_NOTE,
    )
    worth = col(ProviderInvoiceLine.net_cents) / Decimal(max(referral.unit_price_cents, 1))
    counted = case((is_credit, -func.least(quantity, worth)), else_=quantity)
    is_missed = col(ProviderInvoiceLine.outcome) != ServiceOutcome.DELIVERED
    billed, missed = session.exec(
        select(func.coalesce(func.sum(counted), 0), func.coalesce(func.sum(counted).filter(is_missed), 0))
        .join(ProviderInvoice, col(ProviderInvoice.id) == ProviderInvoiceLine.invoice_id)
        .where(
            ProviderInvoice.referral_id == referral.id,
            col(ProviderInvoice.id).is_distinct_from(besides),
            col(ProviderInvoice.state).in_(IN_USE),
            ~is_credit | (col(ProviderInvoice.state) == ProviderInvoiceState.APPROVED),
        )
    ).one()
    return Decimal(billed), Decimal(missed)
