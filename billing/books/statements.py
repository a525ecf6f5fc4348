"""The statement of account of an employer or insurer: what came and went in a period, and what is open; as booked."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from billing.books.ledger import BookingKind
from billing.books.ledger_entries import EntryView, Period, entries_within, entry_views
from billing.books.ledger_open import RECEIVABLES, Standing, standings
from billing.books.ledger_sums import begin_of
from billing.invoicing.document_parties import Party, Seller
from billing.invoicing.invoice_parties import buyers, seller_of
from billing.tables import Invoice, InvoiceKind, LedgerEntry
from core.clock import AMSTERDAM
from core.errors import FieldError, Invalid, NotFound
from core.language import _
from identity.actor import Actor
from identity.policy import Permission, require
from identity.roles import STRANGERS, OrganisationKind
from identity.tables import Organisation

DOCUMENTS = (BookingKind.INVOICE, BookingKind.CREDIT_NOTE)
MOST_MOVEMENTS = 1_000
MOST_OPEN = 1_000
"""Lines of one statement; a longer period is told in parts."""


@dataclass(frozen=True)
class Movement:
    """What was booked on the account of the buyer on a day: above zero he owes more; cents, with what he owed then."""

    on: date
    kind: str
    number: str
    invoice_id: UUID | None
    cents: int
    balance_cents: int


@dataclass(frozen=True)
class OpenItem:
    """An invoice of which something is still open, or of which too much was paid; cents."""

    invoice_id: UUID
    number: str
    issue_date: date
    due_date: date
    standing: Standing


@dataclass(frozen=True)
class Statement:
    """The account of a buyer in a period. The open items, with what belongs to no invoice, are what he owes now."""

    seller: Seller
    buyer: Party
    buyer_id: UUID
    period: Period
    opening_cents: int
    movements: tuple[Movement, ...]
    balance_cents: int
    open_items: tuple[OpenItem, ...]
    owed_cents: int

    @property
    def charged_cents(self) -> int:
        """What was asked for in the period."""
        return sum(each.cents for each in self.movements if each.kind == BookingKind.INVOICE)

    @property
    def credited_cents(self) -> int:
        """What was given back by credit notes in the period."""
        return -sum(each.cents for each in self.movements if each.kind == BookingKind.CREDIT_NOTE)

    @property
    def paid_cents(self) -> int:
        """What came in by payments in the period, less what went back."""
        return -sum(each.cents for each in self.movements if each.kind not in DOCUMENTS)

    @property
    def unallocated_cents(self) -> int:
        """What stands on the account and belongs to no open invoice."""
        return self.owed_cents - sum(each.standing.open_cents for each in self.open_items)


def statement_of(session: Session, actor: Actor, period: Period, buyer_id: UUID | None = None) -> Statement:
    """Return the actor's own statement, or for the secretariat that of a buyer.

    Raises NotFound for who is no buyer, and Invalid when too much was booked in the period for one statement.
    """
    if actor.role in STRANGERS:
        require(actor, Permission.SEE_STATEMENT)
        buyer_id = actor.organisation_id
    else:
        require(actor, Permission.KEEP_BOOKS)
    party = _buyer(session, buyer_id)
    views = _entries(session, party, period)
    opening = _booked_before(session, party, period.first) if period.first else 0
    movements, balance = _moved(views, opening)
    return Statement(
        seller=seller_of(session, actor.tenant_id),
        buyer=buyers(session, [party])[party],
        buyer_id=party,
        period=period,
        opening_cents=opening,
        movements=movements,
        balance_cents=balance,
        open_items=_open_items(session, party),
        owed_cents=_booked_before(session, party, None),
    )


def _buyer(session: Session, buyer_id: UUID | None) -> UUID:
    kind = session.exec(select(Organisation.kind).where(Organisation.id == buyer_id)).one_or_none()
    if buyer_id is None or kind not in (OrganisationKind.EMPLOYER, OrganisationKind.INSURER):
        raise NotFound(_("Niet gevonden."))
    return buyer_id


def _entries(session: Session, buyer_id: UUID, period: Period) -> tuple[EntryView, ...]:
    own = col(LedgerEntry.account).in_(RECEIVABLES), LedgerEntry.party_id == buyer_id
    found = entries_within(period).where(*own)
    ordered = found.order_by(col(LedgerEntry.created_at), col(LedgerEntry.transaction_id), col(LedgerEntry.id))
    rows = session.exec(ordered.limit(MOST_MOVEMENTS + 1)).all()
    if len(rows) > MOST_MOVEMENTS:
        sentence = _("Dat is te veel voor één overzicht. Kies een kortere periode.")
        raise Invalid(sentence, [FieldError("from", sentence)])
    return entry_views(session, rows)


def _moved(views: tuple[EntryView, ...], opening: int) -> tuple[tuple[Movement, ...], int]:
    movements, balance = [], opening
    for each in views:
        balance += each.cents
        day = each.at.astimezone(AMSTERDAM).date()
        movements.append(Movement(day, each.kind, each.number, each.invoice_id, each.cents, balance))
    return tuple(movements), balance


def _booked_before(session: Session, buyer_id: UUID, day: date | None) -> int:
    """Return what was ever booked on the account of a buyer, until the beginning of a day where one is given."""
    booked = select(func.coalesce(func.sum(LedgerEntry.cents), 0)).where(
        col(LedgerEntry.account).in_(RECEIVABLES), LedgerEntry.party_id == buyer_id
    )
    if day is not None:
        booked = booked.where(LedgerEntry.created_at < begin_of(day))
    return int(session.exec(booked).one())


def _open_items(session: Session, buyer_id: UUID) -> tuple[OpenItem, ...]:
    """Return what is open, the oldest due first. Of long paid invoices the newest are looked at: their sum is zero."""
    found = select(Invoice).where(
        Invoice.buyer_id == buyer_id, Invoice.kind == InvoiceKind.INVOICE, Invoice.total_cents > 0
    )
    invoices = session.exec(
        found.order_by(col(Invoice.issue_date).desc(), col(Invoice.number).desc()).limit(MOST_OPEN)
    ).all()
    stand = standings(session, [each.id for each in invoices])
    items = (OpenItem(each.id, each.number, each.issue_date, each.due_date, stand[each.id]) for each in invoices)
    return tuple(
        sorted((each for each in items if each.standing.open_cents), key=lambda each: (each.due_date, each.number))
    )


def usual_period(today: date) -> Period:
    """Return the period of a statement when none is chosen: the last twelve months."""
    return Period((today - timedelta(days=365)).replace(day=1), today)
