"""The books over JSON and CSV: the trial balance, its accounts, what can be taken out; for the secretariat."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.money import Money, money
from api.paged import Paged, PageQuery
from api.statements import StatementOut, StatementQuery, statement_out
from billing.books.auditfile import MEDIA_TYPE, write_auditfile
from billing.books.books_csv import entries_csv, invoices_csv
from billing.books.ledger import AccountBalance, trial_balance
from billing.books.ledger_accounts import Account
from billing.books.ledger_entries import EntryView, PartyBalance, Period, list_entries, list_parties
from billing.books.statements import statement_of
from core.clock import today
from core.downloads import download, download_file
from core.routing import Section
from core.validation import Day
from identity.guard import Work, care
from identity.policy import Permission

router = Section(prefix="/ledger", tags=["books"])
Bookkeeper = Annotated[Work, care(Permission.KEEP_BOOKS)]
Exporter = Annotated[Work, care(Permission.KEEP_BOOKS, fresh=True)]


class DaysQuery(BaseModel):
    """From which day to which, both included; without `from` all that came before, without `to` until today."""

    model_config = ConfigDict(extra="forbid")

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")

    @property
    def period(self) -> Period:
        """The days asked for."""
        return Period(self.first, self.last or today())


class AccountQuery(PageQuery, DaysQuery):
    """Which account, of which party where one is asked for."""

    account: Account
    party_id: UUID | None = None


class SumsOut(BaseModel):
    """What stood there before the period, what came and went, and what stands there; below zero is a credit."""

    opening: Money
    debit: Money
    credit: Money
    balance: Money


class AccountOut(SumsOut):
    """An account with its sums."""

    account: Account
    number: int
    name: str


class BalanceOut(BaseModel):
    """The trial balance; the balances add up to zero."""

    until: date
    accounts: list[AccountOut]


class PartyOut(SumsOut):
    """A party of an account with its sums."""

    party_id: UUID
    name: str


class EntryOut(BaseModel):
    """One side of a booking: a debit above zero, a credit below; with the invoice of the house behind it, if any."""

    id: UUID
    transaction_id: UUID
    at: datetime
    kind: str
    party_id: UUID | None
    party: str
    amount: Money
    invoice_id: UUID | None
    invoice_number: str


class PartiesOut(Paged[PartyOut]):
    """A page of parties, by name."""


class EntriesOut(Paged[EntryOut]):
    """A page of entries, the latest first."""


@router.get("/balance")
def balance(work: Bookkeeper, query: Annotated[DaysQuery, Query()]) -> BalanceOut:
    """Return the trial balance of a period."""
    period = query.period
    accounts = trial_balance(work.session, work.actor, period.first, period.last)
    return BalanceOut(until=period.last, accounts=[_account(each) for each in accounts])


@router.get("/parties")
def parties(work: Bookkeeper, query: Annotated[AccountQuery, Query()]) -> PartiesOut:
    """Return the parties of an account with their balances."""
    found = list_parties(work.session, work.actor, query.account, query.period, query.page, query.page_size)
    return PartiesOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_party(each) for each in found.items]
    )


@router.get("/entries")
def entries(work: Bookkeeper, query: Annotated[AccountQuery, Query()]) -> EntriesOut:
    """Return the entries of an account."""
    found = list_entries(
        work.session, work.actor, query.account, query.period, query.party_id, query.page, query.page_size
    )
    return EntriesOut(
        total=found.total, page=found.page, page_size=found.page_size, results=[_entry(each) for each in found.items]
    )


@router.get("/statements/{buyer_id}")
def statement(work: Bookkeeper, buyer_id: UUID, query: Annotated[StatementQuery, Query()]) -> StatementOut:
    """Return the statement of account of a buyer."""
    return statement_out(statement_of(work.session, work.actor, query.period, buyer_id))


@router.get("/entries.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def entries_file(work: Exporter, query: Annotated[DaysQuery, Query()]) -> Response:
    """Return every entry of a period as CSV."""
    file = entries_csv(work.session, work.actor, query.period)
    return download(file.name, file.content, file.media_type)


@router.get("/auditfile.xaf", response_class=Response, responses={200: {"content": {"application/xml": {}}}})
def auditfile(work: Exporter, query: Annotated[DaysQuery, Query()]) -> Response:
    """Return the ledger of a period within one calendar year as an Auditfile Financieel (XAF 3.2)."""
    file = write_auditfile(work.session, work.actor, query.period)
    return download_file(file.name, file.content, MEDIA_TYPE)


@router.get("/invoices.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def invoices_file(work: Exporter, query: Annotated[DaysQuery, Query()]) -> Response:
    """Return every invoice and credit note of a period as CSV."""
    file = invoices_csv(work.session, work.actor, query.period)
    return download(file.name, file.content, file.media_type)


def _sums(each: AccountBalance | PartyBalance) -> dict[str, Money]:
    return {
        "opening": money(each.opening_cents),
        "debit": money(each.debit_cents),
        "credit": money(each.credit_cents),
        "balance": money(each.cents),
    }


def _account(each: AccountBalance) -> AccountOut:
    return AccountOut(account=each.account, number=each.number, name=each.name, **_sums(each))


def _party(each: PartyBalance) -> PartyOut:
    return PartyOut(party_id=each.party_id, name=each.name, **_sums(each))


def _entry(each: EntryView) -> EntryOut:
    return EntryOut(
        id=each.id,
        transaction_id=each.transaction_id,
        at=each.at,
        kind=each.kind,
        party_id=each.party_id,
        party=each.party_name,
        amount=money(each.cents),
        invoice_id=each.invoice_id,
        invoice_number=each.number,
    )
