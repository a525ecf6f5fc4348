"""What providers are owed for approved invoices, since when, and who agreed to it (R42)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from billing.payable_tables import Payable, PayoutAccount
from core.clock import now, today
from core.errors import Conflict, Forbidden, NotFound
from core.language import _
from core.paging import Page, offset
from identity.actor import Actor
from identity.audit import record
from identity.policy import Permission, require
from identity.tables import Organisation
from network.settings import arbodienst_settings

Which = Literal["agree", "due", "later", "account"]


@dataclass(frozen=True)
class PayableView:
    """What is owed to a provider for one invoice, in cents; below zero for a credit note."""

    id: UUID
    provider_id: UUID
    provider_name: str
    cents: int
    due_on: date
    needs_second: bool
    is_agreed: bool
    approved_by_me: bool


def owe_provider(session: Session, actor: Actor, provider_id: UUID, cents: int) -> UUID:
    """Write down what a provider is owed for an invoice that the actor approves, and return its id.

    `cents` with VAT; below zero for a credit note, which is netted with what is paid next. Above the arbodienst's limit
    another person has to agree before it is paid (R42).
    """
    require(actor, Permission.JUDGE_PROVIDER_INVOICE)
    settings = arbodienst_settings(session, actor)
    payable = Payable(
        tenant_id=actor.tenant_id,
        provider_id=provider_id,
        cents=cents,
        due_on=today() + timedelta(days=settings.payable_days if cents > 0 else 0),
        approved_by=actor.account,
        approved_person_id=person_of(actor),
        needs_second=cents > settings.four_eyes_cents,
    )
    session.add(payable)
    session.flush()
    return payable.id


def agree_to_payable(session: Session, actor: Actor, payable_id: UUID) -> None:
    """Agree, as a second person, that a provider is paid (R42).

    Raises NotFound, Forbidden for the person who approved it, by whatever account, and Conflict when none is needed.
    """
    require(actor, Permission.PAY_PROVIDERS)
    found = select(Payable).where(Payable.id == payable_id).with_for_update()
    payable = session.exec(found.execution_options(populate_existing=True)).first()
    if payable is None:
        raise NotFound(_("Niet gevonden."))
    if not payable.needs_second or payable.agreed_by is not None:
        raise Conflict(_("Voor dit bedrag is geen tweede akkoord (meer) nodig."))
    if payable.approved_person_id == actor.person_id:
        raise Forbidden(_("U heeft deze factuur zelf goedgekeurd. Boven de grens geeft iemand anders akkoord."))
    payable.agreed_by, payable.agreed_person_id, payable.agreed_at = actor.account, person_of(actor), now()
    session.add(payable)
    session.flush()
    record(session, actor, "billing:payable:agreed", payable.id)


def list_payables(
    session: Session, actor: Actor, which: Which, page: int = 1, page_size: int = 25
) -> Page[PayableView]:
    """Return what is owed and is not being paid: what waits for agreement, is due, comes later, or lacks an account."""
    require(actor, Permission.PAY_PROVIDERS)
    found = (
        select(Payable, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Payable.provider_id))
        .where(col(Payable.payout_id).is_(None), *WHICH[which](today()))
    )
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    ordered = found.order_by(col(Payable.due_on), col(Payable.created_at), col(Payable.id))
    rows = session.exec(ordered.limit(page_size).offset(offset(page, page_size))).all()
    return Page(tuple(_view(actor, payable, name) for payable, name in rows), total, page, page_size)


def may_be_paid() -> ColumnElement[bool]:
    """Return the condition that nobody has to agree (any more)."""
    return ~col(Payable.needs_second) | col(Payable.agreed_by).is_not(None)


def person_of(actor: Actor) -> UUID:
    """Return the person behind an account; a job is nobody, and then this is a mistake of ours."""
    if actor.person_id is None:
        raise RuntimeError("a job is no person")
    return actor.person_id


def _has_account() -> ColumnElement[bool]:
    ready = select(PayoutAccount.id).where(
        PayoutAccount.provider_id == Payable.provider_id, col(PayoutAccount.is_ready)
    )
    return ready.correlate(Payable).exists()


WHICH: dict[Which, Callable[[date], tuple[ColumnElement[bool], ...]]] = {
    "agree": lambda _on: (~may_be_paid(),),
    "due": lambda on: (may_be_paid(), col(Payable.due_on) <= on, _has_account()),
    "later": lambda on: (may_be_paid(), col(Payable.due_on) > on),
    "account": lambda on: (may_be_paid(), col(Payable.due_on) <= on, ~_has_account()),
}


def _view(actor: Actor, payable: Payable, name: str) -> PayableView:
    return PayableView(
        id=payable.id,
        provider_id=payable.provider_id,
        provider_name=name,
        cents=payable.cents,
        due_on=payable.due_on,
        needs_second=payable.needs_second,
        is_agreed=payable.agreed_by is not None,
        approved_by_me=payable.approved_person_id == actor.person_id,
    )
