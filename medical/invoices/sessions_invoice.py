"""The invoice that follows from registered sessions: what was not billed yet, at the agreed price (R35, R39)."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from core.clock import today
from core.errors import Conflict
from core.language import _
from core.validation import Day, OneLine
from identity.actor import Actor
from identity.policy import Permission, require
from medical.invoice_tables import ProviderDocument, ProviderInvoice, ServiceOutcome
from medical.invoices.checks import Agreement
from medical.invoices.input import SubmittedInvoice, SubmittedLine, vat_cents, whole_cents
from medical.invoices.match import agreement_of, own_referral
from medical.invoices.sessions import SessionView, list_sessions, taken_referral
from medical.invoices.submit import Submission, submit_provider_invoice, take_providers_turn
from medical.tables import Referral
from network.missed_sessions import terms_on
from network.tables import PriceUnit

LAST_DIGITS = re.compile(r"(\d+)(\D*)$")


class SessionsInvoice(BaseModel):
    """What a provider still says himself: its own number and the day; both are proposed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    invoice_number: Annotated[OneLine, Field(max_length=60)] | None = None
    invoice_date: Day | None = None


@dataclass(frozen=True)
class SessionLine:
    """A session that can be billed, and what one of its units costs, in cents without VAT."""

    session: SessionView
    description: str
    unit_price_cents: int
    net_cents: int


@dataclass(frozen=True)
class Proposal:
    """What can be billed of a referral now, and under which number; `left_out` are sessions that cost nothing."""

    invoice_number: str
    invoice_date: date
    vat_rate: int
    lines: tuple[SessionLine, ...]
    left_out: tuple[SessionView, ...]

    @property
    def net_cents(self) -> int:
        """What the lines come to, without VAT."""
        return sum(line.net_cents for line in self.lines)


def propose_invoice(session: Session, actor: Actor, referral_id: UUID) -> Proposal:
    """Return the invoice that the sessions of a referral come to now; raises NotFound."""
    require(actor, Permission.REGISTER_SESSIONS)
    referral = taken_referral(session, actor.organisation_id, referral_id)
    agreement = _agreement(session, referral)
    unbilled = [each for each in list_sessions(session, actor, referral_id) if each.invoice_id is None]
    lines, left_out = [], []
    missed = agreement.missed_units
    for each in unbilled:
        price, most = _price(agreement, each)
        is_missed = each.outcome is not ServiceOutcome.DELIVERED
        if price == 0 or (is_missed and missed + each.units > most):
            left_out.append(each)
            continue
        missed += each.units if is_missed else 0
        lines.append(SessionLine(each, _words(referral, each), price, whole_cents(each.units * price)))
    return Proposal(
        _next_number(session, actor.organisation_id), today(), referral.vat_rate, tuple(lines), tuple(left_out)
    )


def bill_sessions(session: Session, actor: Actor, referral_id: UUID, said: SessionsInvoice) -> Submission:
    """Send an invoice of every session that was not billed yet; raises NotFound, and Conflict when there is none."""
    require(actor, Permission.SEND_PROVIDER_INVOICE)
    take_providers_turn(session, actor.organisation_id)
    proposal = propose_invoice(session, actor, referral_id)
    if not proposal.lines:
        raise Conflict(_("Er is geen sessie die u nog kunt factureren."), code="nothing_to_bill")
    referral = taken_referral(session, actor.organisation_id, referral_id)
    return submit_provider_invoice(session, actor, _submitted(proposal, referral, said))


def _submitted(proposal: Proposal, referral: Referral, said: SessionsInvoice) -> SubmittedInvoice:
    lines = tuple(
        SubmittedLine(
            description=line.description,
            service_date=line.session.day,
            quantity=line.session.units,
            unit_price_cents=line.unit_price_cents,
            vat_rate=proposal.vat_rate,
            net_cents=line.net_cents,
            outcome=line.session.outcome,
            session_id=line.session.id,
        )
        for line in proposal.lines
    )
    vat = vat_cents(lines)
    return SubmittedInvoice(
        references=(referral.number,),
        invoice_number=said.invoice_number or proposal.invoice_number,
        invoice_date=said.invoice_date or proposal.invoice_date,
        lines=lines,
        net_cents=proposal.net_cents,
        vat_cents=vat,
        gross_cents=proposal.net_cents + vat,
    )


def _agreement(session: Session, referral: Referral) -> Agreement:
    found = agreement_of(session, referral.provider_id, own_referral(session, (referral.number,)))
    if found is None:
        raise ValueError("a referral that its provider sees can be matched by its number")
    return found


def _price(agreement: Agreement, each: SessionView) -> tuple[int, int]:
    """Return what one unit costs, rounded down, and how many missed units the contract of that day allows."""
    if each.outcome is ServiceOutcome.DELIVERED:
        return agreement.unit_price_cents, 0
    terms = terms_on(agreement.missed_terms, each.day)
    is_no_show = each.outcome is ServiceOutcome.NO_SHOW
    percent = terms.no_show_percent if is_no_show else terms.cancelled_late_percent
    return int(Decimal(agreement.unit_price_cents * percent) / 100), terms.most


def _words(referral: Referral, each: SessionView) -> str:
    what = {
        PriceUnit.SESSION: _("Sessie"),
        PriceUnit.HOUR: _("Uur"),
        PriceUnit.REPORT: _("Rapport"),
        PriceUnit.TRAJECTORY: _("Traject"),
    }[referral.price_unit]
    became = {
        ServiceOutcome.DELIVERED: "",
        ServiceOutcome.NO_SHOW: _("niet verschenen"),
        ServiceOutcome.CANCELLED_LATE: _("te laat afgezegd"),
    }[each.outcome]
    return f"{what}, {became}" if became else what


def _next_number(session: Session, provider_id: UUID) -> str:
    """Return the number after the provider's last one, in its own style; it may still choose another."""
    own = (
        select(ProviderInvoice.invoice_number)
        .where(ProviderInvoice.provider_id == provider_id, ProviderInvoice.kind == ProviderDocument.INVOICE)
        .order_by(col(ProviderInvoice.created_at).desc())
    )
    last = session.exec(own.limit(1)).first() or f"{today().year}-0000"
    number = following(last)
    while session.exec(own.where(ProviderInvoice.invoice_number == number).limit(1)).first() is not None:
        number = following(number)
    return number


def following(number: str) -> str:
    """Return the number that comes after `number`: its last digits count on, as wide as they were."""
    found = LAST_DIGITS.search(number)
    if found is None:
        return f"{number[:57]}-2"
    digits, rest = found[1], found[2]
    return f"{number[: found.start()]}{int(digits) + 1:0{len(digits)}d}{rest}"[:60]
