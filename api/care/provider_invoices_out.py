"""Provider invoices as JSON shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from api.money import Money, money
from identity.roles import Role
from medical.hatch.preview import PreviewCharge
from medical.invoice_tables import InvoiceTalkKind, ProviderDocument, ProviderInvoiceState, ServiceOutcome
from medical.invoices.checks import CheckCode
from medical.invoices.read import (
    InvoiceHeader,
    InvoiceLineView,
    InvoiceView,
    ReferralHeader,
)
from medical.tables import ReferralState
from network.taxonomy import Disclosure


class PartyOut(BaseModel):
    """An organisation by its id and name."""

    id: UUID
    name: str


class AddresseeOut(BaseModel):
    """To whom a provider writes its invoices: the arbodienst, by name, address and numbers."""

    name: str
    street: str
    postcode: str
    city: str
    kvk: str | None
    vat_id: str | None


class LineOut(BaseModel):
    """A line as the provider wrote it."""

    description: str
    date: date
    quantity: Decimal
    unit_price: Money
    vat_rate: int
    net: Money
    outcome: ServiceOutcome


class TalkOut(BaseModel):
    """One word in the talk about an invoice: who said what, and which document followed."""

    kind: InvoiceTalkKind
    code: str | None
    document_id: UUID | None
    role: Role
    at: datetime


class CheckOut(BaseModel):
    """What one check found."""

    code: CheckCode
    passed: bool
    detail: str


class ReferralHeaderOut(BaseModel):
    """The header of the referral that the invoice has to match (R21)."""

    id: UUID
    number: str
    employer_id: UUID
    intervention: str
    disclosure: Disclosure
    state: ReferralState
    issued_on: date | None
    units: int
    unit_price: Money
    vat_rate: int


class InvoiceSummaryOut(BaseModel):
    """A provider invoice in a list."""

    id: UUID
    kind: ProviderDocument
    provider: PartyOut
    referral_number: str
    invoice_number: str
    invoice_date: date
    net: Money
    vat: Money
    total: Money
    state: ProviderInvoiceState
    dispute_reason: str | None
    due_on: date
    overdue: bool
    owner_id: UUID | None
    climbed_on: date | None
    corrects: str | None
    corrects_id: UUID | None
    supersedes_id: UUID | None


class ProviderInvoiceOut(InvoiceSummaryOut):
    """A provider invoice with its lines, the result of every check, the talk, and what the caller can do with it.

    `possible` are acts of the secretariat, `answers` what its provider can say now.
    """

    lines: list[LineOut]
    checks: list[CheckOut]
    referral: ReferralHeaderOut | None
    possible: list[str]
    answers: list[str]
    talk: list[TalkOut]


class OutgoingLineOut(BaseModel):
    """A line that would stand on the employer's invoice."""

    description: str
    reference: str | None
    net: Money


class OutgoingOut(BaseModel):
    """What would leave of an invoice; no lines where nothing leaves, or while an insurer has yet to decide.

    Of a credit note `given_back` says how much, and `kind` how: netted, by a credit note, or taken off a pooled sum.
    """

    leaves: bool
    kind: str | None
    lines: list[OutgoingLineOut]
    given_back: Money | None = None
    awaits_decision: bool
    due_by: date | None


def summary(header: InvoiceHeader) -> dict[str, Any]:
    """Return the fields of an invoice in a list."""
    return {
        "id": header.id,
        "kind": header.kind,
        "provider": {"id": header.provider_id, "name": header.provider_name},
        "referral_number": header.referral_number,
        "invoice_number": header.invoice_number,
        "invoice_date": header.invoice_date,
        "net": money(header.net_cents),
        "vat": money(header.vat_cents),
        "total": money(header.gross_cents),
        "state": header.state,
        "dispute_reason": header.dispute_reason,
        "due_on": header.due_on,
        "overdue": header.is_overdue,
        "owner_id": header.owner_id,
        "climbed_on": header.climbed_on,
        "corrects": header.corrects_number or None,
        "corrects_id": header.corrects_id,
        "supersedes_id": header.supersedes_id,
    }


def invoice_out(view: InvoiceView) -> ProviderInvoiceOut:
    """Return a whole invoice."""
    return ProviderInvoiceOut(
        **summary(view.header),
        lines=[_line(line) for line in view.lines],
        checks=[CheckOut(code=check.code, passed=check.passed, detail=check.detail) for check in view.checks],
        referral=_referral(view.referral) if view.referral else None,
        possible=list(view.possible),
        answers=list(view.answers),
        talk=[
            TalkOut(kind=word.kind, code=word.code, document_id=word.other_id, role=word.role, at=word.at)
            for word in view.talk
        ],
    )


def _line(line: InvoiceLineView) -> LineOut:
    return LineOut(
        description=line.description,
        date=line.service_date,
        quantity=line.quantity.normalize(),
        unit_price=money(line.unit_price_cents),
        vat_rate=line.vat_rate,
        net=money(line.net_cents),
        outcome=line.outcome,
    )


def _referral(header: ReferralHeader) -> ReferralHeaderOut:
    return ReferralHeaderOut(
        id=header.id,
        number=header.number,
        employer_id=header.employer_id,
        intervention=header.intervention,
        disclosure=header.disclosure,
        state=header.state,
        issued_on=header.issued_on,
        units=header.units,
        unit_price=money(header.unit_price_cents),
        vat_rate=header.vat_rate,
    )


def outgoing_lines(charge: PreviewCharge) -> list[OutgoingLineOut]:
    """Return the lines that would leave."""
    return [
        OutgoingLineOut(description=line.description, reference=line.reference, net=money(line.net_cents))
        for line in charge.lines
    ]
