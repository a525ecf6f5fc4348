"""Who of the secretariat deals with an invoice, and what becomes of one that is left lying."""

from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.clock import today
from core.errors import Conflict, NotFound
from core.language import _
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.roles import Role
from medical.invoice_tables import ProviderInvoice, ProviderInvoiceState

TO_JUDGE = (ProviderInvoiceState.RECEIVED, ProviderInvoiceState.EXCEPTION, ProviderInvoiceState.CONTESTED)
"""States in which the secretariat has to act."""


def take_invoice(session: Session, actor: Actor, invoice_id: UUID) -> None:
    """Make oneself the owner of an invoice that has to be judged; also of a colleague's, who sees that he lost it."""
    _own(session, actor, invoice_id, actor.account, "taken")


def leave_invoice(session: Session, actor: Actor, invoice_id: UUID) -> None:
    """Leave an invoice to whoever comes first."""
    _own(session, actor, invoice_id, None, "left")


def climb_invoices(session: Session, actor: Actor) -> int:
    """Let what is overdue climb: it leaves its owner's list for everybody's, and stays marked; returns how many did."""
    if actor.role is not Role.SYSTEM:
        require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    climbed = session.execute(
        update(ProviderInvoice)
        .where(
            col(ProviderInvoice.tenant_id) == actor.tenant_id,
            col(ProviderInvoice.state).in_(TO_JUDGE),
            col(ProviderInvoice.due_on) < today(),
            col(ProviderInvoice.climbed_on).is_(None),
        )
        .values(climbed_on=today(), owner_id=None)
        .returning(col(ProviderInvoice.id))
    ).scalars()
    found = list(climbed)
    for invoice_id in found:
        record(session, actor, "medical:provider_invoice:climbed", invoice_id)
    return len(found)


def _own(session: Session, actor: Actor, invoice_id: UUID, owner: UUID | None, event: str) -> None:
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    found = select(ProviderInvoice).where(ProviderInvoice.id == invoice_id).with_for_update()
    invoice = session.exec(found.execution_options(populate_existing=True)).first()
    if invoice is None:
        raise NotFound(_("Deze factuur is niet gevonden."))
    if invoice.state not in TO_JUDGE:
        raise Conflict(_("Deze factuur kan niet meer worden beoordeeld."))
    invoice.owner_id = owner
    session.add(invoice)
    session.flush()
    record(session, actor, f"medical:provider_invoice:{event}", invoice.id, data_subject_id=invoice.employee_id)
