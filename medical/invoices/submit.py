"""A provider sends an invoice or credit note: matched, checked, and kept with the result of every check (R38-R40)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from core.clock import today
from core.errors import Conflict
from core.language import _
from core.locks import take_turn
from core.working_days import add_working_days
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.tables import Organisation
from medical.invoice_tables import (
    InvoiceCheck,
    ProviderDocument,
    ProviderInvoice,
    ProviderInvoiceLine,
    ProviderInvoiceState,
)
from medical.invoices.check_words import kept
from medical.invoices.checks import CheckResult, Corrected, Known, check_invoice
from medical.invoices.follow import corrected_by, replaced_by, tell_of
from medical.invoices.input import PartyNumbers, SubmittedInvoice, SubmittedLine, registered, words_of
from medical.invoices.match import IN_USE, Match, agreement_of, own_referral
from network.settings import arbodienst_settings
from network.tables import ArbodienstSettings, OrganisationProfile

LONGEST_REFERENCE = 40
LONGEST_NUMBER = 60


@dataclass(frozen=True)
class Submission:
    """What became of an invoice: kept now, or recognised as one that was sent before (R40)."""

    id: UUID
    state: ProviderInvoiceState
    is_new: bool


@dataclass(frozen=True)
class Standing:
    """Where a new document stands: its referral, what it gives back of, what it replaces, and its digest."""

    referral: Match | None
    corrected: Corrected | None
    replaced: ProviderInvoice | None
    digest: str


def submit_provider_invoice(session: Session, actor: Actor, invoice: SubmittedInvoice) -> Submission:
    """Keep an invoice, ready to be judged when it passes every check and as an exception when it does not (R39).

    The same invoice sent again is recognised; another one under the same number raises Conflict (R40).
    """
    require(actor, Permission.SEND_PROVIDER_INVOICE)
    take_providers_turn(session, actor.organisation_id)
    known = _known(session, actor, invoice)
    if known is not None:
        return _recognised(session, actor, known, invoice)
    standing = _standing(session, actor, invoice)
    results = check_invoice(invoice, _held_against(session, actor, standing), today())
    kept_invoice = _keep(session, actor, invoice, standing, results)
    for earlier in (standing.corrected, standing.replaced):
        if earlier is not None:
            tell_of(session, earlier.id, kept_invoice, actor)
    referral = standing.referral
    record(
        session,
        actor,
        "medical:provider_invoice:received",
        kept_invoice.id,
        data_subject_id=kept_invoice.employee_id,
        responsible_account_id=referral.physician_account_id if referral else None,
        reason=kept_invoice.state.value,
    )
    return Submission(kept_invoice.id, kept_invoice.state, is_new=True)


def take_providers_turn(session: Session, provider_id: UUID) -> None:
    """One at a time for each provider: neither a number nor a unit nor a session can be used twice."""
    take_turn(session, "provider-invoice", provider_id)


def own_numbers(session: Session, organisation_id: UUID) -> PartyNumbers:
    """Return the numbers and the name under which an organisation is on file."""
    profile = session.get(OrganisationProfile, organisation_id)
    name = session.exec(select(Organisation.name).where(Organisation.id == organisation_id)).first() or ""
    kvk, vat_id = (profile.kvk, profile.vat_id) if profile else (None, None)
    return PartyNumbers(registered(kvk), registered(vat_id), name)


def _standing(session: Session, actor: Actor, invoice: SubmittedInvoice) -> Standing:
    replaced = replaced_by(session, actor.organisation_id, invoice)
    if invoice.kind is ProviderDocument.CREDIT_NOTE:
        corrected = corrected_by(session, actor.organisation_id, invoice)
        references: tuple[str, ...] = (corrected.referral_number,) if corrected else ()
    else:
        corrected, references = None, invoice.references
    referral = own_referral(session, references)
    return Standing(referral, corrected, replaced, _digest(invoice, corrected.id if corrected else referral))


def _held_against(session: Session, actor: Actor, standing: Standing) -> Known:
    is_credit = standing.corrected is not None
    return Known(
        sender=own_numbers(session, actor.organisation_id),
        house=own_numbers(session, actor.tenant_id),
        agreement=None if is_credit else agreement_of(session, actor.organisation_id, standing.referral),
        corrected=standing.corrected,
        seen_as=_seen_as(session, actor, standing.digest),
    )


def _digest(invoice: SubmittedInvoice, about: Match | UUID | None) -> str:
    """Return what is the same for the same lines about the same thing, whatever number stands above them."""
    subject = about.id if isinstance(about, Match) else about or words_of(invoice.references)
    lines = sorted(
        (
            line.service_date.isoformat(),
            f"{line.quantity.normalize():f}",
            line.unit_price_cents,
            line.vat_rate,
            line.outcome.value,
            line.description,
        )
        for line in invoice.lines
    )
    return hashlib.sha256(repr((invoice.kind.value, str(subject), lines)).encode()).hexdigest()


def _seen_as(session: Session, actor: Actor, digest: str) -> str | None:
    """Return under which number the same lines are already asked for; what was given back in full is not."""
    given_back = (
        select(func.coalesce(func.sum(_CREDIT.c.net_cents), 0))
        .where(_CREDIT.c.corrects_id == ProviderInvoice.id, _CREDIT.c.state == ProviderInvoiceState.APPROVED)
        .correlate(ProviderInvoice)
        .scalar_subquery()
    )
    return session.exec(
        select(ProviderInvoice.invoice_number)
        .where(
            ProviderInvoice.provider_id == actor.organisation_id,
            ProviderInvoice.lines_digest == digest,
            col(ProviderInvoice.state).in_(IN_USE),
            given_back < col(ProviderInvoice.net_cents),
        )
        .limit(1)
    ).first()


_CREDIT = ProviderInvoice.__table__.alias("credit")  # type: ignore[attr-defined]


def _known(session: Session, actor: Actor, invoice: SubmittedInvoice) -> ProviderInvoice | None:
    """Invoices and credit notes each have a series of their own with many providers."""
    return session.exec(
        select(ProviderInvoice)
        .where(ProviderInvoice.provider_id == actor.organisation_id)
        .where(ProviderInvoice.kind == invoice.kind, ProviderInvoice.invoice_number == invoice.invoice_number)
    ).first()


def _recognised(session: Session, actor: Actor, known: ProviderInvoice, invoice: SubmittedInvoice) -> Submission:
    if not _is_same(session, known, invoice):
        raise Conflict(
            _("U hebt al een andere factuur gestuurd met nummer %(number)s. Gebruik een nieuw nummer.")
            % {"number": known.invoice_number},
            code="duplicate_invoice",
        )
    record(session, actor, "medical:provider_invoice:resent", known.id, data_subject_id=known.employee_id)
    return Submission(known.id, known.state, is_new=False)


def _is_same(session: Session, known: ProviderInvoice, invoice: SubmittedInvoice) -> bool:
    lines = session.exec(
        select(ProviderInvoiceLine)
        .where(ProviderInvoiceLine.invoice_id == known.id)
        .order_by(col(ProviderInvoiceLine.position))
    )
    before = [
        (row.description, row.service_date, row.quantity, row.unit_price_cents, row.vat_rate, row.outcome)
        for row in lines
    ]
    now = [
        (line.description, line.service_date, line.quantity, line.unit_price_cents, line.vat_rate, line.outcome)
        for line in invoice.lines
    ]
    return (
        before == now
        and known.invoice_date == invoice.invoice_date
        and (known.net_cents, known.vat_cents, known.gross_cents)
        == (invoice.net_cents, invoice.vat_cents, invoice.gross_cents)
        and (
            known.corrects_number in invoice.follows
            if known.kind is ProviderDocument.CREDIT_NOTE
            else known.referral_number in (*words_of(invoice.references), _named(invoice))
        )
    )


def _named(invoice: SubmittedInvoice) -> str:
    return next(iter(invoice.references), "")[:LONGEST_REFERENCE]


def _keep(
    session: Session, actor: Actor, invoice: SubmittedInvoice, standing: Standing, results: Sequence[CheckResult]
) -> ProviderInvoice:
    state = (
        ProviderInvoiceState.RECEIVED if all(result.passed for result in results) else ProviderInvoiceState.EXCEPTION
    )
    row = ProviderInvoice(
        tenant_id=actor.tenant_id,
        provider_id=actor.organisation_id,
        **_about(invoice, standing),
        employee_id=standing.referral.employee_id if standing.referral else None,
        kind=invoice.kind,
        invoice_number=invoice.invoice_number,
        invoice_date=invoice.invoice_date,
        net_cents=invoice.net_cents,
        vat_cents=invoice.vat_cents,
        gross_cents=invoice.gross_cents,
        state=state,
        due_on=add_working_days(today(), term_of(state, arbodienst_settings(session, actor))),
        source=invoice.source,
        lines_digest=standing.digest,
    )
    session.add(row)
    session.flush()
    session.add_all(_line(row, position, line) for position, line in enumerate(invoice.lines, start=1))
    session.add_all(_check(row, position, result) for position, result in enumerate(results, start=1))
    session.flush()
    return row


def term_of(state: ProviderInvoiceState, settings: ArbodienstSettings) -> int:
    """Return the working days within which the secretariat acts; fewer where something is the matter."""
    usual = state is ProviderInvoiceState.RECEIVED
    return settings.invoice_check_working_days if usual else settings.invoice_exception_working_days


def _about(invoice: SubmittedInvoice, standing: Standing) -> dict[str, Any]:
    referral, corrected = standing.referral, standing.corrected
    is_credit = invoice.kind is ProviderDocument.CREDIT_NOTE
    return {
        "referral_id": corrected.referral_id if corrected else referral.id if referral else None,
        "referral_number": corrected.referral_number if corrected else referral.number if referral else _named(invoice),
        "corrects_id": corrected.id if corrected else None,
        "corrects_number": next(iter(invoice.follows), "")[:LONGEST_NUMBER] if is_credit else "",
        "supersedes_id": standing.replaced.id if standing.replaced else None,
    }


def _line(invoice: ProviderInvoice, position: int, line: SubmittedLine) -> ProviderInvoiceLine:
    return ProviderInvoiceLine(
        tenant_id=invoice.tenant_id,
        invoice_id=invoice.id,
        provider_id=invoice.provider_id,
        position=position,
        description=line.description,
        service_date=line.service_date,
        quantity=line.quantity,
        unit_price_cents=line.unit_price_cents,
        vat_rate=line.vat_rate,
        net_cents=line.net_cents,
        outcome=line.outcome,
        session_id=line.session_id,
    )


def _check(invoice: ProviderInvoice, position: int, result: CheckResult) -> InvoiceCheck:
    return InvoiceCheck(
        tenant_id=invoice.tenant_id,
        invoice_id=invoice.id,
        provider_id=invoice.provider_id,
        position=position,
        code=result.code,
        passed=result.passed,
        detail=kept(result),
    )
