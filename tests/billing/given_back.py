"""Providers that give back, and services of the arbodienst: what the month's charging meets besides invoices."""

from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Session, select

from billing.charging.services import NewService, keep_services
from billing.invoicing.credit_notes import credit_invoice
from billing.invoicing.invoices_read import IssuedInvoice
from billing.service_tables import ServiceBasis
from billing.tables import CreditReason
from core.clock import today
from identity.actor import Actor
from medical.invoice_tables import ProviderDocument, ProviderInvoice
from medical.tables import Release
from tests.billing.office import Office


def give_back(office: Office, invoice_id: UUID, cents: int) -> UUID:
    """Let the provider give `cents` of an approved invoice back, as one that was approved too; returns the release."""
    with Session(office.world.database.owner) as session:
        invoice = session.get_one(ProviderInvoice, invoice_id)
        release = session.exec(select(Release).where(Release.provider_invoice_id == invoice_id)).one()
        credit = ProviderInvoice(
            **invoice.model_dump(exclude={"id", "created_at", "invoice_number", "kind", "corrects_id"})
            | {"net_cents": cents, "vat_cents": 0, "gross_cents": cents, "source": None},
            kind=ProviderDocument.CREDIT_NOTE,
            corrects_id=invoice_id,
            invoice_number=f"C-{uuid4().hex[:10]}",
        )
        back = Release(
            **release.model_dump(exclude={"id", "created_at", "charge_id", "ended"})
            | {"provider_invoice_id": credit.id, "corrects_id": release.id}
            | {"net_cents": -cents, "supplied_on": today()},
        )
        made = back.id
    office.world.add(credit, back)
    return made


def serve(
    office: Office, employer: Actor, cents: int, basis: ServiceBasis = ServiceBasis.BY_USE, month: date | None = None
) -> None:
    """Write down what services of a month, this one unless said, cost an employer."""
    with office.care(office.secretary) as session:
        amount = NewService(employer.organisation_id, basis, cents)
        keep_services(session, office.secretary, month or today(), [amount])


def credited(
    office: Office, invoice_id: UUID, reason: CreditReason = CreditReason.WRONG_AMOUNT, *, anew: bool = False
) -> IssuedInvoice:
    """Let the secretariat give an issued invoice back."""
    with office.care(office.secretary) as session:
        return credit_invoice(session, office.secretary, invoice_id, reason, charge_anew=anew)
