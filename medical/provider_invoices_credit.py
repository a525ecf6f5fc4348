"""A credit note on its way through the hatch: what it takes off the release of the invoice that it gives back of."""

from typing import NamedTuple

from sqlmodel import Session, select

from medical.invoice_tables import ProviderInvoice
from medical.tables import Release


class Given(NamedTuple):
    """The invoice of which a credit note gives back, and how that was released."""

    invoice: ProviderInvoice
    release: Release


def release_of_credit(session: Session, note: ProviderInvoice) -> Release:
    """Return the release of a credit note, below zero; it is not written yet.

    It is as large as what was charged onward for the same part of the invoice, whatever the setting is by now.
    """
    given = _given(session, note)
    cents = note.net_cents if _without_vat(given) else note.gross_cents
    return Release(
        tenant_id=note.tenant_id,
        employer_id=given.release.employer_id,
        employee_id=given.release.employee_id,
        case_id=given.release.case_id,
        provider_invoice_id=note.id,
        referral_id=given.release.referral_id,
        disclosure=given.release.disclosure,
        corrects_id=given.release.id,
        net_cents=-cents,
        supplied_on=given.release.supplied_on,
    )


def deducts_vat(session: Session, note: ProviderInvoice) -> bool:
    """Tell whether the VAT of the invoice was deducted when it was booked, so that this is undone alike."""
    return _without_vat(_given(session, note))


def _given(session: Session, note: ProviderInvoice) -> Given:
    return Given(
        *session.exec(
            select(ProviderInvoice, Release)
            .join(Release, Release.provider_invoice_id == ProviderInvoice.id)  # type: ignore[arg-type]
            .where(ProviderInvoice.id == note.corrects_id)
        ).one()
    )


def _without_vat(given: Given) -> bool:
    return given.release.net_cents == given.invoice.net_cents
