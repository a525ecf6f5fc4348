"""What would leave of one provider invoice: shown to the secretariat beside what came in, before it approves."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from billing.charging.charge_terms import first_of_month, invoice_due_by
from core.clock import today
from core.errors import NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.tables import Organisation
from medical.hatch.intake import new_release
from medical.hatch.plan import plan_employer
from medical.hatch.preview import PreviewCharge, preview_charge
from medical.hatch.waiting import waiting_as
from medical.invoice_tables import ProviderDocument, ProviderInvoice, ProviderInvoiceState
from medical.tables import Referral
from network.settings import arbodienst_settings

NOBODY_ELSE = 0
"""A pool that needs nobody: how the invoice's part of a pool would look, whatever else is in it."""

LEAVING = frozenset({ProviderInvoiceState.RECEIVED, ProviderInvoiceState.CONTESTED, ProviderInvoiceState.APPROVED})
"""What failed a check or was disputed never leaves (R39)."""


@dataclass(frozen=True)
class ReleasePreview:
    """The charge that would be made of an invoice; none yet while an insurer has to decide on its part.

    `month` and `vat_rate` are those of a charge that is made today; `k` is the number of persons that a pool needs.
    """

    employer_id: UUID
    employer_name: str
    month: date
    vat_rate: int
    k: int
    charge: PreviewCharge | None
    awaits_decision: bool
    due_by: date


def preview_release(session: Session, actor: Actor, invoice_id: UUID) -> ReleasePreview | None:
    """Return what approving an invoice lets out; None for one that never leaves.

    Raises NotFound for an invoice that is not the actor's to judge.
    """
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    invoice = session.exec(select(ProviderInvoice).where(ProviderInvoice.id == invoice_id)).first()
    if invoice is None:
        raise NotFound(_("Deze factuur is niet gevonden."))
    referral = session.exec(select(Referral).where(Referral.id == invoice.referral_id)).first()
    record(
        session,
        actor,
        "medical:release:previewed",
        invoice.id,
        data_subject_id=referral.employee_id if referral else None,
    )
    if referral is None or invoice.state not in LEAVING or invoice.kind is ProviderDocument.CREDIT_NOTE:
        return None  # of a credit note `preview_credit` tells
    return _preview(session, actor, invoice, referral)


def _preview(session: Session, actor: Actor, invoice: ProviderInvoice, referral: Referral) -> ReleasePreview:
    settings = arbodienst_settings(session, actor)
    vat_rate = settings.onward_vat_rate
    release = new_release(session, invoice, referral, vat_rate)
    plan = plan_employer([waiting_as(session, release, referral)], NOBODY_ELSE, today())
    month = first_of_month(today())
    charges = [preview_charge(charge, month, vat_rate) for charge in plan.charges]
    return ReleasePreview(
        employer_id=referral.employer_id,
        employer_name=session.exec(select(Organisation.name).where(Organisation.id == referral.employer_id)).one(),
        month=month,
        vat_rate=vat_rate,
        k=settings.suppression_k,
        charge=charges[0] if charges else None,
        awaits_decision=bool(plan.carried),
        due_by=invoice_due_by(release.supplied_on),
    )
