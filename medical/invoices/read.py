"""Reading provider invoices: the secretariat, the physician, and the provider its own (R41)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select

from core.clock import now, today
from core.errors import NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record, record_list
from identity.policy import Permission, allows, require
from identity.roles import Role
from identity.tables import Organisation
from medical.invoice_tables import (
    InvoiceCheck,
    InvoiceTalk,
    InvoiceTalkKind,
    ProviderDocument,
    ProviderInvoice,
    ProviderInvoiceLine,
    ProviderInvoiceState,
    ServiceOutcome,
)
from medical.invoices.answer import answers_to
from medical.invoices.check_words import sentence
from medical.invoices.checks import CheckCode
from medical.invoices.desk import TO_JUDGE
from medical.invoices.judge import possible_with
from medical.tables import Referral, ReferralState
from network.taxonomy import Disclosure

OPEN_STATES = TO_JUDGE

SENT_BACK_WAITS = timedelta(days=90)
"""How long an invoice that was sent back asks for a new one; then the provider has let it be."""


@dataclass(frozen=True)
class InvoiceHeader:
    """A provider invoice in a list; cents."""

    id: UUID
    provider_id: UUID
    provider_name: str
    referral_number: str
    invoice_number: str
    invoice_date: date
    net_cents: int
    vat_cents: int
    gross_cents: int
    state: ProviderInvoiceState
    dispute_reason: str | None
    due_on: date
    kind: ProviderDocument = ProviderDocument.INVOICE
    corrects_id: UUID | None = None
    corrects_number: str = ""
    supersedes_id: UUID | None = None
    owner_id: UUID | None = None
    climbed_on: date | None = None

    @property
    def is_overdue(self) -> bool:
        """Tell whether the secretariat should have judged it by now."""
        return self.state in OPEN_STATES and self.due_on < today()


@dataclass(frozen=True)
class InvoiceLineView:
    """A line of a provider invoice."""

    description: str
    service_date: date
    quantity: Decimal
    unit_price_cents: int
    vat_rate: int
    net_cents: int
    outcome: ServiceOutcome = ServiceOutcome.DELIVERED

    def as_written(self) -> dict[str, Any]:
        """Return the line as it would be written once more, for a credit note."""
        return {
            "description": self.description,
            "date": self.service_date,
            "quantity": self.quantity,
            "unit_price_cents": self.unit_price_cents,
            "vat_rate": self.vat_rate,
            "outcome": self.outcome,
        }


@dataclass(frozen=True)
class TalkView:
    """One word in the talk about an invoice: who said what, and which document followed."""

    kind: InvoiceTalkKind
    code: str | None
    other_id: UUID | None
    role: Role
    at: datetime


@dataclass(frozen=True)
class InvoiceCheckView:
    """What one check found."""

    code: CheckCode
    passed: bool
    detail: str


@dataclass(frozen=True)
class ReferralHeader:
    """What of the referral the invoice has to match; no question, no goal, no report (R21)."""

    id: UUID
    number: str
    employer_id: UUID
    intervention: str
    disclosure: Disclosure
    state: ReferralState
    issued_on: date | None
    units: int
    unit_price_cents: int
    vat_rate: int


@dataclass(frozen=True)
class InvoiceView:
    """A whole provider invoice, with its checks, its referral where one was found, and what can be done with it.

    `possible` is what the secretariat can do, `answers` what its provider can say.
    """

    header: InvoiceHeader
    lines: tuple[InvoiceLineView, ...]
    checks: tuple[InvoiceCheckView, ...]
    referral: ReferralHeader | None
    possible: tuple[str, ...]
    answers: tuple[str, ...] = ()
    talk: tuple[TalkView, ...] = ()


@dataclass(frozen=True)
class InvoiceList:
    """Which invoices of a state: those of one owner at the secretariat, or only those whose term is over."""

    owner_id: UUID | None = None
    only_late: bool = False


EVERY = InvoiceList()


def list_provider_invoices(
    session: Session,
    actor: Actor,
    states: Sequence[ProviderInvoiceState] = (),
    page: int = 1,
    page_size: int = 50,
    wanted: InvoiceList = EVERY,
) -> Page[InvoiceHeader]:
    """Return the invoices that the actor may see, in these states or in all: what has waited longest first."""
    require(actor, Permission.SEE_PROVIDER_INVOICES)
    found = _headers(actor)
    if states:
        found = found.where(col(ProviderInvoice.state).in_(states))
    if wanted.owner_id is not None:
        found = found.where(ProviderInvoice.owner_id == wanted.owner_id)
    if wanted.only_late:
        found = found.where(col(ProviderInvoice.due_on) < today())
    return _page(session, found, actor, page, page_size)


def list_sent_back(session: Session, actor: Actor, page: int = 1, page_size: int = 50) -> Page[InvoiceHeader]:
    """Return the provider's own invoices that were sent back and wait for a new one: none came for that referral since.

    What lies longer than 90 days is left to the list of all invoices.
    """
    require(actor, Permission.SEND_PROVIDER_INVOICE)
    return _page(session, sent_back(actor), actor, page, page_size)


def sent_back(actor: Actor) -> Select[ProviderInvoice, str]:
    """Return the query of a provider's invoices that were sent back and wait for a new one."""
    later = aliased(ProviderInvoice)
    sent_anew = exists().where(
        col(later.provider_id) == col(ProviderInvoice.provider_id),
        col(later.referral_number) == col(ProviderInvoice.referral_number),
        col(later.created_at) > col(ProviderInvoice.judged_at),
    )
    return _headers(actor).where(
        ProviderInvoice.provider_id == actor.organisation_id,
        ProviderInvoice.state == ProviderInvoiceState.DISPUTED,
        col(ProviderInvoice.judged_at) > now() - SENT_BACK_WAITS,
        ~sent_anew,
    )


def to_judge(actor: Actor) -> Select[ProviderInvoice, str]:
    """Return the query of the invoices that wait for the secretariat."""
    return _headers(actor).where(col(ProviderInvoice.state).in_(OPEN_STATES))


def get_provider_invoice(session: Session, actor: Actor, invoice_id: UUID) -> InvoiceView:
    """Return one invoice; raises NotFound for one that is not the actor's to see."""
    require(actor, Permission.SEE_PROVIDER_INVOICES)
    row = session.exec(_headers(actor).where(ProviderInvoice.id == invoice_id)).first()
    if row is None:
        raise NotFound(_("Deze factuur is niet gevonden."))
    invoice, name = row
    referral = _referral(session, invoice)
    record(
        session,
        actor,
        "medical:provider_invoice:read",
        invoice.id,
        data_subject_id=invoice.employee_id,
    )
    may_judge = allows(actor.role, Permission.JUDGE_PROVIDER_INVOICE)
    return InvoiceView(
        header=_header(invoice, name),
        lines=_lines(session, invoice.id),
        checks=_checks(session, invoice.id),
        referral=_referral_header(referral) if referral else None,
        possible=tuple(possible_with(invoice)) if may_judge else (),
        answers=answers_to(session, invoice) if invoice.provider_id == actor.organisation_id else (),
        talk=_talk(session, invoice.id),
    )


def _page(
    session: Session, found: Select[ProviderInvoice, str], actor: Actor, page: int, page_size: int
) -> Page[InvoiceHeader]:
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    rows = session.exec(
        found.order_by(
            col(ProviderInvoice.state).not_in(OPEN_STATES), col(ProviderInvoice.due_on), col(ProviderInvoice.id)
        )
        .limit(page_size)
        .offset(offset(page, page_size))
    ).all()
    record_list(session, actor, "medical:provider_invoice:listed", (invoice.employee_id for invoice, _name in rows))
    return Page(tuple(_header(invoice, name) for invoice, name in rows), total, page, page_size)


def _headers(actor: Actor) -> Select[ProviderInvoice, str]:
    """Row-level security leaves what the actor may see; here it is said once more by tenant."""
    return (
        select(ProviderInvoice, Organisation.name)
        .join(Organisation, col(Organisation.id) == ProviderInvoice.provider_id)
        .where(ProviderInvoice.tenant_id == actor.tenant_id)
    )


def _header(invoice: ProviderInvoice, provider_name: str) -> InvoiceHeader:
    return InvoiceHeader(
        id=invoice.id,
        provider_id=invoice.provider_id,
        provider_name=provider_name,
        referral_number=invoice.referral_number,
        invoice_number=invoice.invoice_number,
        invoice_date=invoice.invoice_date,
        net_cents=invoice.net_cents,
        vat_cents=invoice.vat_cents,
        gross_cents=invoice.gross_cents,
        state=invoice.state,
        dispute_reason=invoice.dispute_reason,
        due_on=invoice.due_on,
        kind=invoice.kind,
        corrects_id=invoice.corrects_id,
        corrects_number=invoice.corrects_number,
        supersedes_id=invoice.supersedes_id,
        owner_id=invoice.owner_id,
        climbed_on=invoice.climbed_on,
    )


def _referral(session: Session, invoice: ProviderInvoice) -> Referral | None:
    """A provider whose access to the referral has ended sees none."""
    return session.exec(select(Referral).where(Referral.id == invoice.referral_id)).first()


def _referral_header(referral: Referral) -> ReferralHeader:
    return ReferralHeader(
        id=referral.id,
        number=referral.number,
        employer_id=referral.employer_id,
        intervention=referral.intervention,
        disclosure=referral.disclosure,
        state=referral.state,
        issued_on=referral.issued_on,
        units=referral.units,
        unit_price_cents=referral.unit_price_cents,
        vat_rate=referral.vat_rate,
    )


def _lines(session: Session, invoice_id: UUID) -> tuple[InvoiceLineView, ...]:
    rows = session.exec(
        select(ProviderInvoiceLine)
        .where(ProviderInvoiceLine.invoice_id == invoice_id)
        .order_by(col(ProviderInvoiceLine.position))
    )
    return tuple(
        InvoiceLineView(
            row.description,
            row.service_date,
            row.quantity,
            row.unit_price_cents,
            row.vat_rate,
            row.net_cents,
            row.outcome,
        )
        for row in rows
    )


def _talk(session: Session, invoice_id: UUID) -> tuple[TalkView, ...]:
    rows = session.exec(
        select(InvoiceTalk).where(InvoiceTalk.invoice_id == invoice_id).order_by(col(InvoiceTalk.created_at))
    )
    return tuple(TalkView(row.kind, row.code, row.other_id, row.role, row.created_at) for row in rows)


def _checks(session: Session, invoice_id: UUID) -> tuple[InvoiceCheckView, ...]:
    rows = session.exec(
        select(InvoiceCheck).where(InvoiceCheck.invoice_id == invoice_id).order_by(col(InvoiceCheck.position))
    )
    return tuple(
        InvoiceCheckView(
            CheckCode(row.code), row.passed, sentence(CheckCode(row.code), passed=row.passed, detail=row.detail)
        )
        for row in rows
    )
