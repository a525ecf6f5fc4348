"""The statement of account over JSON, for the buyer and for the secretariat."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.money import Money, money
from billing.books.ledger_entries import Period
from billing.books.statements import Statement, usual_period
from core.clock import today
from core.validation import Day


class StatementQuery(BaseModel):
    """From which day to which, both included; the last twelve months without them."""

    model_config = ConfigDict(extra="forbid")

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")

    @property
    def period(self) -> Period:
        """The days asked for."""
        usual = usual_period(self.last or today())
        return Period(self.first or usual.first, usual.last)


class MovementOut(BaseModel):
    """What was booked: above zero the buyer owes more. `balance` is what he owed then."""

    on: date
    kind: str
    invoice_id: UUID | None
    invoice_number: str
    amount: Money
    balance: Money


class OpenItemOut(BaseModel):
    """An invoice of which something is open."""

    invoice_id: UUID
    number: str
    due_date: date
    asked: Money
    credited: Money
    paid: Money
    open: Money


class StatementOut(BaseModel):
    """An account in a period; `owed` is what is open today, over all invoices."""

    buyer: str
    until: date
    opening: Money
    movements: list[MovementOut]
    balance: Money
    open_items: list[OpenItemOut]
    owed: Money


def statement_out(found: Statement) -> StatementOut:
    """Return a statement as JSON says it."""
    return StatementOut(
        buyer=found.buyer.name,
        until=found.period.last,
        opening=money(found.opening_cents),
        movements=[
            MovementOut(
                on=each.on,
                kind=each.kind,
                invoice_id=each.invoice_id,
                invoice_number=each.number,
                amount=money(each.cents),
                balance=money(each.balance_cents),
            )
            for each in found.movements
        ],
        balance=money(found.balance_cents),
        open_items=[
            OpenItemOut(
                invoice_id=each.invoice_id,
                number=each.number,
                due_date=each.due_date,
                asked=money(each.standing.asked_cents),
                credited=money(each.standing.credited_cents),
                paid=money(each.standing.paid_cents),
                open=money(each.standing.open_cents),
            )
            for each in found.open_items
        ],
        owed=money(found.owed_cents),
    )
