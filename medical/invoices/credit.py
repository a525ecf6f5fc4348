"""A credit note on its way through the hatch: what it takes off the release of the invoice that it gives back of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, select

from billing.tables import Charge, ChargeKind
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceState
from medical.tables import Release

LEAVING = frozenset({ProviderInvoiceState.RECEIVED, ProviderInvoiceState.CONTESTED, ProviderInvoiceState.APPROVED})


class Given(NamedTuple):
    """The invoice of which a credit note gives back, and how that was released."""

    invoice: ProviderInvoice
    release: Release


class Way(StrEnum):
    """How what a provider gives back reaches whoever paid for it; what hides one person in a sum stays in a sum."""

    NETTED = "netted"  # the invoice was not charged yet: both are charged as one amount
    CREDIT_NOTE = "credit_note"  # it stands on a line of its own: a credit note takes from that line
    POOLED = "pooled"  # it went into a sum: it is taken off a later sum


@dataclass(frozen=True)
class CreditPreview:
    """What leaves of a credit note: how many cents without onward VAT, by which way."""

    cents: int
    way: Way


def preview_credit(session: Session, actor: Actor, note_id: UUID) -> CreditPreview | None:
    """Return what approving a credit note lets out; None for one that never leaves, and for an invoice."""
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    note = session.exec(select(ProviderInvoice).where(ProviderInvoice.id == note_id)).first()
    about = note.employee_id if note else None
    record(session, actor, "medical:release:previewed", note_id, data_subject_id=about)
    if note is None or note.corrects_id is None or note.state not in LEAVING:
        return None
    release = _given(session, note).release
    kind = session.exec(select(Charge.kind).where(Charge.id == release.charge_id)).first()
    way = Way.NETTED if kind is None else Way.POOLED if kind is ChargeKind.POOLED else Way.CREDIT_NOTE
    return CreditPreview(-release_of_credit(session, note).net_cents, way)


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
