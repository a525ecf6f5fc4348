"""Sessions of a referral as its provider registers them, and the invoice of those that were not billed yet."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from api.care.provider_invoices_out import ProviderInvoiceOut, invoice_out
from api.money import Money, money
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from medical.invoice_tables import ServiceOutcome
from medical.invoices.read import get_provider_invoice
from medical.invoices.sessions import NewSession, SessionView, list_sessions, register_session, withdraw_session
from medical.invoices.sessions_invoice import Proposal, SessionsInvoice, bill_sessions, propose_invoice

router = Section(tags=["sessions"])
Registrar = Annotated[Work, care(Permission.REGISTER_SESSIONS)]
Sender = Annotated[Work, care(Permission.SEND_PROVIDER_INVOICE)]


class SessionOut(BaseModel):
    """A session, and the invoice that asks money for it."""

    id: UUID
    day: date
    units: Decimal
    outcome: ServiceOutcome
    invoice_id: UUID | None


class ProposedLineOut(BaseModel):
    """A session as it would stand on an invoice now."""

    session_id: UUID
    description: str
    unit_price: Money
    net: Money


class ProposalOut(BaseModel):
    """The invoice that is proposed: its number, its lines, and sessions for which the contract allows nothing."""

    invoice_number: str
    invoice_date: date
    vat_rate: int
    net: Money
    lines: list[ProposedLineOut]
    left_out: list[UUID]


class SessionsOut(BaseModel):
    """Every session of a referral, the first day first, and what of it can be billed."""

    results: list[SessionOut]
    proposal: ProposalOut


@router.get("/referrals/{referral_id}/sessions")
def sessions(work: Registrar, referral_id: UUID) -> SessionsOut:
    """Return the sessions of a referral, with the invoice that they come to now."""
    found = list_sessions(work.session, work.actor, referral_id)
    proposal = propose_invoice(work.session, work.actor, referral_id)
    return SessionsOut(results=[_session(each) for each in found], proposal=_proposal(proposal))


@router.post("/referrals/{referral_id}/sessions", status_code=201)
def registered(work: Registrar, referral_id: UUID, body: NewSession) -> SessionOut:
    """Register a session; the same one again gives the one that there is."""
    return _session(register_session(work.session, work.actor, referral_id, body))


@router.post("/referrals/{referral_id}/sessions/invoice", status_code=201)
def billed(work: Sender, referral_id: UUID, body: SessionsInvoice) -> ProviderInvoiceOut:
    """Send an invoice of every session that was not billed yet."""
    sent = bill_sessions(work.session, work.actor, referral_id, body)
    return invoice_out(get_provider_invoice(work.session, work.actor, sent.id))


@router.delete("/sessions/{session_id}", status_code=204)
def withdrawn(work: Registrar, session_id: UUID) -> None:
    """Take back a session that was registered by mistake and not billed."""
    withdraw_session(work.session, work.actor, session_id)


def _session(view: SessionView) -> SessionOut:
    return SessionOut(
        id=view.id, day=view.day, units=view.units.normalize(), outcome=view.outcome, invoice_id=view.invoice_id
    )


def _proposal(proposal: Proposal) -> ProposalOut:
    return ProposalOut(
        invoice_number=proposal.invoice_number,
        invoice_date=proposal.invoice_date,
        vat_rate=proposal.vat_rate,
        net=money(proposal.net_cents),
        lines=[
            ProposedLineOut(
                session_id=line.session.id,
                description=line.description,
                unit_price=money(line.unit_price_cents),
                net=money(line.net_cents),
            )
            for line in proposal.lines
        ],
        left_out=[each.id for each in proposal.left_out],
    )
