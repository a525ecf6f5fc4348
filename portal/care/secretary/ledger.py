"""The trial balance of a period, and a look into each account: its parties, its entries, and their documents."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from billing.books.ledger import trial_balance
from billing.books.ledger_accounts import CHART, Account
from billing.books.ledger_close import last_proof
from billing.books.ledger_entries import EntryView, Period, list_entries, list_parties, names_of
from billing.books.ledger_open import RECEIVABLES
from core.errors import NotFound
from core.language import _
from core.routing import Section
from identity.guard import Work, care
from identity.policy import Permission
from portal.care.secretary.books import chosen_days
from portal.care.secretary.ledger_words import booking_label, document_of
from portal.care.secretary.navigation import BALANCE, BOOKS
from portal.care.show import show
from portal.forms import parse

router = Section(prefix=BALANCE)
PAGE_SIZE = 50
Bookkeeper = Annotated[Work, care(Permission.KEEP_BOOKS)]


class AccountFilters(BaseModel):
    """What the address bar says of an account: whether its parties or its entries, and of which party."""

    show: Literal["parties", "entries"] | None = None
    party: UUID | None = None
    page: int = Field(default=1, ge=1, le=100_000)


@router.get("")
def balance(request: Request, work: Bookkeeper) -> Response:
    """Show the trial balance of a period."""
    period, form = chosen_days(request)
    accounts = trial_balance(work.session, work.actor, period.first, period.last)
    return show(
        request,
        work,
        "care/secretary/balance.html",
        status=422 if form.errors else 200,
        form=form,
        period=period,
        accounts=accounts,
        path=BALANCE,
        days=_query(period),
        proof=last_proof(work.session, work.actor),
        debit_cents=sum(account.cents for account in accounts if account.cents > 0),
        credit_cents=-sum(account.cents for account in accounts if account.cents < 0),
        is_empty=not any(each.cents or each.debit_cents or each.credit_cents for each in accounts),
    )


@router.get("/{number}")
def account_page(request: Request, work: Bookkeeper, number: int) -> Response:
    """Show what stands on an account: for each party, or entry by entry."""
    chosen = parse(AccountFilters, request.query_params).value or AccountFilters()
    found = _account(number)
    period, form = chosen_days(request)
    parties = CHART[found].per_party and chosen.party is None and chosen.show != "entries"
    session, actor = work.session, work.actor
    stands = next(each for each in trial_balance(session, actor, period.first, period.last) if each.account is found)
    return show(
        request,
        work,
        "care/secretary/account.html",
        status=422 if form.errors else 200,
        form=form,
        period=period,
        account=stands,
        per_party=CHART[found].per_party,
        parties=list_parties(session, actor, found, period, chosen.page, PAGE_SIZE) if parties else None,
        entries=None
        if parties
        else list_entries(session, actor, found, period, chosen.party, chosen.page, PAGE_SIZE).map(_shown),
        party=_name(work, chosen.party),
        statement=f"{BOOKS}/relaties/{chosen.party}" if chosen.party and found in RECEIVABLES else "",
        path=BALANCE,
        days=_query(period),
    )


def _shown(entry: EntryView) -> tuple[EntryView, str, str, str]:
    """Return an entry with the words for its kind, and the document that it comes from: its words and its page."""
    return (entry, booking_label(entry.kind), *document_of(entry))


def _name(work: Work, party_id: UUID | None) -> str:
    """Return the name of the party that was asked for; one that is none is not there."""
    if party_id is None:
        return ""
    name = names_of(work.session, [party_id]).get(party_id)
    if name is None:
        raise NotFound(_("Deze relatie is niet gevonden."))
    return name


def _account(number: int) -> Account:
    found = next((account for account, facts in CHART.items() if facts.number == number), None)
    if found is None:
        raise NotFound(_("Deze rekening is niet gevonden."))
    return found


def _query(period: Period) -> str:
    first = f"from={period.first}&" if period.first else ""
    return f"{first}to={period.last}"
