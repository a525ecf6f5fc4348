"""A provider registers what became of each session of a referral: the days from which its invoice is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select

from core.clock import now, today
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.language import _
from core.validation import Day
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from medical.invoice_tables import (
    ProviderDocument,
    ProviderInvoice,
    ProviderInvoiceLine,
    ProviderInvoiceState,
    RegisteredSession,
    ServiceOutcome,
)
from medical.invoices.checks import BILLABLE
from medical.invoices.submit import take_providers_turn
from medical.referrals.moves import parties
from medical.tables import Referral

MOST_SESSIONS = 500
"""As many sessions of one referral are shown and billed; an invoice has no more lines."""

ASKS_NOTHING = (ProviderInvoiceState.DISPUTED, ProviderInvoiceState.SUPERSEDED, ProviderInvoiceState.WITHDRAWN)


class NewSession(BaseModel):
    """A session as it is registered; a day has one entry for each outcome, with all its units."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: Day
    units: Annotated[Decimal, Field(gt=0, le=100, decimal_places=4)] = Decimal(1)
    outcome: ServiceOutcome = ServiceOutcome.DELIVERED


@dataclass(frozen=True)
class SessionView:
    """A session, and the invoice that asks money for it, if one does."""

    id: UUID
    day: date
    units: Decimal
    outcome: ServiceOutcome
    invoice_id: UUID | None


def register_session(session: Session, actor: Actor, referral_id: UUID, new: NewSession) -> SessionView:
    """Write down a session of a referral that the provider took; the same one again gives the one that there is.

    Raises NotFound, Invalid for a day before the referral or after today, and Conflict where the day has an entry with
    another number of units, or where the referral was not taken or has been taken back.
    """
    require(actor, Permission.REGISTER_SESSIONS)
    take_providers_turn(session, actor.organisation_id)
    referral = taken_referral(session, actor.organisation_id, referral_id)
    _refuse_impossible_day(referral, new.day)
    there = _same(session, referral_id, new)
    if there is not None:
        if there.units != new.units:
            raise Conflict(
                _("Voor deze dag staat er al iets. Haal dat eerst weg."), code="registered", possible=("withdraw",)
            )
        return _views(session, [there])[0]
    row = RegisteredSession(
        **parties(referral), day=new.day, units=new.units, outcome=new.outcome, registered_by=actor.account
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        "medical:session:registered",
        row.id,
        data_subject_id=referral.employee_id,
        responsible_account_id=referral.physician_account_id,
        reason=new.outcome.value,
    )
    return _views(session, [row])[0]


def withdraw_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """Take back a session that was registered by mistake; raises NotFound, and Conflict once it was billed."""
    require(actor, Permission.REGISTER_SESSIONS)
    take_providers_turn(session, actor.organisation_id)
    found = select(RegisteredSession).where(
        RegisteredSession.id == session_id,
        RegisteredSession.provider_id == actor.organisation_id,
        col(RegisteredSession.withdrawn_at).is_(None),
    )
    row = session.exec(found).first()
    if row is None:
        raise NotFound(_("Deze sessie is niet gevonden."))
    if _views(session, [row])[0].invoice_id is not None:
        raise Conflict(_("Deze sessie staat op een factuur en blijft staan."), code="billed")
    row.withdrawn_at, row.withdrawn_by = now(), actor.account
    session.add(row)
    session.flush()
    record(session, actor, "medical:session:withdrawn", row.id, data_subject_id=row.employee_id)


def list_sessions(session: Session, actor: Actor, referral_id: UUID) -> tuple[SessionView, ...]:
    """Return the sessions of a referral, the first day first; raises NotFound when it is not the provider's to see."""
    require(actor, Permission.REGISTER_SESSIONS)
    referral = own_referral_row(session, actor.organisation_id, referral_id)
    rows = session.exec(
        select(RegisteredSession)
        .where(RegisteredSession.referral_id == referral_id, col(RegisteredSession.withdrawn_at).is_(None))
        .order_by(col(RegisteredSession.day), col(RegisteredSession.outcome))
        .limit(MOST_SESSIONS)
    ).all()
    record(session, actor, "medical:session:listed", referral_id, data_subject_id=referral.employee_id)
    return _views(session, rows)


def taken_referral(session: Session, provider_id: UUID, referral_id: UUID) -> Referral:
    """Return a referral on which work can have been done; raises NotFound, and Conflict when it was not taken."""
    referral = own_referral_row(session, provider_id, referral_id)
    if referral.state not in BILLABLE:
        raise Conflict(_("U kunt pas sessies vastleggen als u de verwijzing hebt aangenomen."))
    return referral


def own_referral_row(session: Session, provider_id: UUID, referral_id: UUID) -> Referral:
    """Return a referral to the actor's organisation that it still sees; raises NotFound for every other (R20)."""
    referral = session.exec(
        select(Referral).where(Referral.id == referral_id, Referral.provider_id == provider_id)
    ).first()
    if referral is None:
        raise NotFound(_("Deze verwijzing is niet gevonden."))
    return referral


def _refuse_impossible_day(referral: Referral, day: date) -> None:
    if day > today():
        sentence = _("Leg een sessie vast als zij is geweest.")
        raise Invalid(sentence, (FieldError("day", sentence),))
    if referral.issued_on is not None and day < referral.issued_on:
        sentence = _("Deze dag ligt vóór de verwijzing.")
        raise Invalid(sentence, (FieldError("day", sentence),))


def _same(session: Session, referral_id: UUID, new: NewSession) -> RegisteredSession | None:
    return session.exec(
        select(RegisteredSession).where(
            RegisteredSession.referral_id == referral_id,
            RegisteredSession.day == new.day,
            RegisteredSession.outcome == new.outcome,
            col(RegisteredSession.withdrawn_at).is_(None),
        )
    ).first()


def _views(session: Session, rows: Sequence[RegisteredSession]) -> tuple[SessionView, ...]:
    billed = _billed(session, [row.id for row in rows])
    return tuple(SessionView(row.id, row.day, row.units, row.outcome, billed.get(row.id)) for row in rows)


def _billed(session: Session, sessions: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return which invoice asks money for each session, of those for which one does."""
    asks = (
        select(ProviderInvoiceLine.session_id, ProviderInvoice.id)
        .join(ProviderInvoice, col(ProviderInvoice.id) == ProviderInvoiceLine.invoice_id)
        .where(
            col(ProviderInvoiceLine.session_id).in_(sessions),
            ProviderInvoice.kind == ProviderDocument.INVOICE,
            col(ProviderInvoice.state).not_in(ASKS_NOTHING),
            func.medical.is_billed(col(ProviderInvoiceLine.session_id), None),
        )
        .order_by(col(ProviderInvoice.created_at))
    )
    return {session_id: invoice_id for session_id, invoice_id in session.exec(asks) if session_id is not None}
