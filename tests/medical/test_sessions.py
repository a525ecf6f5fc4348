"""A provider registers what became of each session and bills it in one go; what was missed follows the contract."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.roles import Role
from medical.invoice_tables import ProviderInvoiceState, ServiceOutcome
from medical.invoices.checks import CheckCode
from medical.invoices.judge import DisputeReason, dispute_provider_invoice
from medical.invoices.read import get_provider_invoice
from medical.invoices.sessions import NewSession, SessionView, list_sessions, register_session, withdraw_session
from medical.invoices.sessions_invoice import Proposal, SessionsInvoice, bill_sessions, following, propose_invoice
from network.tables import Contract
from tests.billing.office import PRICE, Office, Referred
from tests.network.offers import add_provider


@pytest.fixture
def referred(office: Office) -> Referred:
    """A referral of ten units, three weeks old."""
    with standing_at(now() - timedelta(days=21)):
        return office.referred(office.sick(office.employer()))


def terms(office: Office, **values: Any) -> None:
    """Agree what missed sessions cost."""
    with Session(office.world.database.owner) as session:
        contract = session.exec(select(Contract).where(Contract.provider_id == office.provider_id)).one()
        contract.sqlmodel_update(values)
        session.add(contract)
        session.commit()


def register(office: Office, referred: Referred, days_ago: int, **changes: Any) -> SessionView:
    new = NewSession(day=today() - timedelta(days=days_ago), **changes)
    with office.care(office.provider) as session:
        return register_session(session, office.provider, referred.id, new)


def listed(office: Office, referred: Referred) -> tuple[SessionView, ...]:
    with office.care(office.provider) as session:
        return list_sessions(session, office.provider, referred.id)


def proposed(office: Office, referred: Referred) -> Proposal:
    with office.care(office.provider) as session:
        return propose_invoice(session, office.provider, referred.id)


def bill(office: Office, referred: Referred, **said: Any) -> UUID:
    with office.care(office.provider) as session:
        return bill_sessions(session, office.provider, referred.id, SessionsInvoice(**said)).id


def failed(office: Office, invoice_id: UUID) -> set[CheckCode]:
    with office.care(office.secretary) as session:
        view = get_provider_invoice(session, office.secretary, invoice_id)
    return {check.code for check in view.checks if not check.passed}


def test_sessions_become_an_invoice_that_passes_every_check(office: Office, referred: Referred) -> None:
    """R39."""
    register(office, referred, 5)
    register(office, referred, 3, units=Decimal("1.5"))
    assert (proposed(office, referred).net_cents, proposed(office, referred).invoice_number) == (
        250_00,
        f"{today().year}-0001",
    )
    sent = bill(office, referred)
    assert failed(office, sent) == set()
    with office.care(office.secretary) as session:
        view = get_provider_invoice(session, office.secretary, sent)
    assert (view.header.net_cents, view.header.state) == (250_00, ProviderInvoiceState.RECEIVED)
    assert {each.invoice_id for each in listed(office, referred)} == {sent}
    with pytest.raises(Conflict) as refusal:
        bill(office, referred)
    assert refusal.value.code == "nothing_to_bill"
    register(office, referred, 2)
    assert proposed(office, referred).invoice_number == f"{today().year}-0002"


def test_a_session_is_billed_once_and_anew_when_the_invoice_was_sent_back(office: Office, referred: Referred) -> None:
    """R39."""
    register(office, referred, 5)
    first = bill(office, referred)
    with office.care(office.secretary) as session:
        dispute_provider_invoice(session, office.secretary, first, DisputeReason.DATES)
    assert [each.invoice_id for each in listed(office, referred)] == [None]
    second = bill(office, referred, invoice_number="ANDERS-7")
    assert [each.invoice_id for each in listed(office, referred)] == [second]


def test_a_missed_session_costs_what_the_contract_says_and_no_more_than_it_allows(
    office: Office, referred: Referred
) -> None:
    register(office, referred, 6)
    register(office, referred, 5, outcome=ServiceOutcome.NO_SHOW)
    assert [each.outcome for each in proposed(office, referred).left_out] == [ServiceOutcome.NO_SHOW]
    terms(office, no_show_percent=50, cancelled_late_percent=25, most_missed=2)
    register(office, referred, 4, outcome=ServiceOutcome.CANCELLED_LATE)
    register(office, referred, 3, outcome=ServiceOutcome.NO_SHOW)
    proposal = proposed(office, referred)
    assert [line.net_cents for line in proposal.lines] == [PRICE, PRICE // 2, PRICE // 4]
    assert len(proposal.left_out) == 1
    sent = bill(office, referred)
    assert failed(office, sent) == set()
    assert [each.invoice_id for each in listed(office, referred)] == [sent, sent, sent, None]
    assert proposed(office, referred).lines == ()


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ({"unit_price_cents": PRICE // 2}, set()),
        ({"unit_price_cents": PRICE // 2 + 1}, {CheckCode.MISSED_AS_AGREED, CheckCode.AGREED_PRICE}),
        ({"unit_price_cents": PRICE // 2, "quantity": 3}, {CheckCode.MISSED_AS_AGREED}),
        (
            {"unit_price_cents": PRICE // 2, "outcome": "cancelled_late"},
            {CheckCode.MISSED_AS_AGREED, CheckCode.AGREED_PRICE},
        ),
    ],
)
def test_an_invoice_that_was_written_elsewhere_is_held_to_the_contract_too(
    office: Office, referred: Referred, line: dict[str, Any], codes: set[CheckCode]
) -> None:
    terms(office, no_show_percent=50, most_missed=2)
    sent = office.send(office.invoice(referred, line={"outcome": "no_show"} | line))
    assert failed(office, sent.id) == codes


def test_the_same_session_again_is_one_and_another_number_of_units_a_conflict(
    office: Office, referred: Referred
) -> None:
    first = register(office, referred, 5)
    assert register(office, referred, 5).id == first.id
    with pytest.raises(Conflict) as refusal:
        register(office, referred, 5, units=2)
    assert refusal.value.code == "registered"
    with office.care(office.provider) as session:
        withdraw_session(session, office.provider, first.id)
    assert register(office, referred, 5, units=2).units == 2


@pytest.mark.parametrize("days_ago", [-1, 22])
def test_a_day_that_cannot_be_is_refused(office: Office, referred: Referred, days_ago: int) -> None:
    with pytest.raises(Invalid):
        register(office, referred, days_ago)


def test_what_was_billed_is_not_taken_back(office: Office, referred: Referred) -> None:
    one = register(office, referred, 5)
    bill(office, referred)
    with pytest.raises(Conflict), office.care(office.provider) as session:
        withdraw_session(session, office.provider, one.id)


def test_nobody_else_registers_or_sees_them(office: Office, referred: Referred) -> None:
    """R20, R21: the secretariat reads the days only once they are on an invoice."""
    one = register(office, referred, 5)
    stranger = office.world.actor(Role.PROVIDER, add_provider(office.world, "Andere praktijk"))
    for act in (
        lambda session: list_sessions(session, stranger, referred.id),
        lambda session: register_session(session, stranger, referred.id, NewSession(day=today())),
        lambda session: withdraw_session(session, stranger, one.id),
        lambda session: bill_sessions(session, stranger, referred.id, SessionsInvoice()),
    ):
        with pytest.raises(NotFound), office.care(stranger) as session:
            act(session)
    for actor in (office.secretary, office.physician):
        with pytest.raises(Forbidden), office.care(actor) as session:
            list_sessions(session, actor, referred.id)
    with office.care(office.secretary) as session:
        assert session.execute(text("SELECT count(*) FROM medical.registered_session")).scalar_one() == 0


RAW = {
    "in the future": "UPDATE medical.registered_session SET day = day + 400",
    "a billed one taken back": (
        "UPDATE medical.registered_session SET withdrawn_at = now(), withdrawn_by = app.account()"
    ),
    "billed twice": (
        "INSERT INTO medical.provider_invoice_line (id, tenant_id, created_at, invoice_id, provider_id, position,"
        " description, service_date, quantity, unit_price_cents, vat_rate, net_cents, outcome, session_id)"
        " SELECT gen_random_uuid(), l.tenant_id, now(), :other, l.provider_id, 9, 'x', l.service_date, 1, 1, 21, 1,"
        " l.outcome, l.session_id FROM medical.provider_invoice_line l WHERE l.session_id IS NOT NULL"
    ),
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW)
def test_raw_sql_of_the_provider_cannot_either(office: Office, referred: Referred, statement: str) -> None:
    """R39: kept by the database too."""
    register(office, referred, 5)
    bill(office, referred)
    other = office.send(office.invoice(referred)).id
    with pytest.raises(DBAPIError), office.care(office.provider) as session:
        session.execute(text(statement), {"other": other} if ":other" in statement else {})


@pytest.mark.parametrize(
    ("last", "next_one"),
    [("2026-0041", "2026-0042"), ("F99", "F100"), ("A-009/B", "A-010/B"), ("geen", "geen-2")],
)
def test_numbers_count_on_in_their_own_style(last: str, next_one: str) -> None:
    assert following(last) == next_one
