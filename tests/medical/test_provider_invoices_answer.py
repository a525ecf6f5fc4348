"""Secretariat and provider talk about an invoice in codes: it stands, it is replaced, or it is withdrawn (R39)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from core.clock import now, standing_at, today
from core.errors import Conflict, Forbidden, NotFound
from core.working_days import add_working_days
from identity.actor import Actor
from identity.roles import Role
from medical.invoice_tables import InvoiceTalkKind, ProviderInvoiceState
from medical.invoices.answer import Answer, answer_invoice
from medical.invoices.checks import CheckCode
from medical.invoices.desk import climb_invoices, leave_invoice, take_invoice
from medical.invoices.judge import DisputeReason, approve_provider_invoice, dispute_provider_invoice
from medical.invoices.read import InvoiceView, get_provider_invoice
from tests.billing.office import PRICE, Office, Referred
from tests.network.offers import add_provider

WRONG: dict[str, Any] = {"line": {"unit_price_cents": PRICE + 1}}


@pytest.fixture
def referred(office: Office) -> Referred:
    """A referral of ten units."""
    return office.referred(office.sick(office.employer()))


def seen(office: Office, invoice_id: UUID, actor: Actor | None = None) -> InvoiceView:
    actor = actor or office.secretary
    with office.care(actor) as session:
        return get_provider_invoice(session, actor, invoice_id)


def act(office: Office, actor: Actor, use_case: Callable[..., Any], *arguments: Any) -> Any:
    with office.care(actor) as session:
        return use_case(session, actor, *arguments)


def sent_back(office: Office, referred: Referred, units: int = 2) -> UUID:
    sent = office.send(office.invoice(referred, units))
    act(office, office.secretary, dispute_provider_invoice, sent.id, DisputeReason.NOT_DELIVERED)
    return sent.id


def test_an_invoice_that_stands_is_judged_once_more(office: Office, referred: Referred) -> None:
    invoice_id = sent_back(office, referred)
    assert seen(office, invoice_id, office.provider).answers == ("delivered", "as_agreed", "withdrawn")
    act(office, office.provider, answer_invoice, invoice_id, Answer.DELIVERED)
    view = seen(office, invoice_id)
    assert view.header.state is ProviderInvoiceState.CONTESTED
    assert view.header.due_on == add_working_days(today(), 3)
    assert [(word.kind, word.code, word.role) for word in view.talk] == [
        (InvoiceTalkKind.DISPUTED, "not_delivered", Role.SECRETARY),
        (InvoiceTalkKind.ANSWERED, "delivered", Role.PROVIDER),
    ]
    assert view.possible == ("approve", "dispute")
    act(office, office.secretary, approve_provider_invoice, invoice_id)
    assert seen(office, invoice_id).header.state is ProviderInvoiceState.APPROVED


def test_one_that_stands_takes_its_units_up_again(office: Office, referred: Referred) -> None:
    """R39: units are never billed twice, whoever was first."""
    first = sent_back(office, referred, 6)
    other = office.send(office.invoice(referred, 6))
    with pytest.raises(Conflict) as refusal:
        act(office, office.provider, answer_invoice, first, Answer.AS_AGREED)
    assert (refusal.value.code, refusal.value.possible) == ("billed_since", (Answer.WITHDRAWN,))
    act(office, office.secretary, dispute_provider_invoice, other.id, DisputeReason.UNITS)
    act(office, office.provider, answer_invoice, first, Answer.AS_AGREED)
    with pytest.raises(Conflict):
        act(office, office.provider, answer_invoice, other.id, Answer.AS_AGREED)


def test_what_failed_a_check_cannot_stand_but_can_be_withdrawn(office: Office, referred: Referred) -> None:
    """R39."""
    sent = office.send(office.invoice(referred, **WRONG))
    assert seen(office, sent.id, office.provider).answers == ("withdrawn",)
    act(office, office.secretary, dispute_provider_invoice, sent.id, DisputeReason.PRICE)
    with pytest.raises(Conflict):
        act(office, office.provider, answer_invoice, sent.id, Answer.AS_AGREED)
    act(office, office.provider, answer_invoice, sent.id, Answer.WITHDRAWN)
    assert seen(office, sent.id).header.state is ProviderInvoiceState.WITHDRAWN
    for use_case in (approve_provider_invoice, take_invoice):
        with pytest.raises(Conflict):
            act(office, office.secretary, use_case, sent.id)


@pytest.mark.parametrize("is_sent_back", [True, False], ids=["sent back", "still an exception"])
def test_a_corrected_invoice_takes_the_place_of_the_wrong_one(
    office: Office, referred: Referred, is_sent_back: bool
) -> None:
    wrong = office.invoice(referred, 10, **WRONG)
    first = office.send(wrong)
    if is_sent_back:
        act(office, office.secretary, dispute_provider_invoice, first.id, DisputeReason.PRICE)
    second = office.send(office.invoice(referred, 10, corrects=wrong.invoice_number))
    old, new = seen(office, first.id), seen(office, second.id)
    assert (old.header.state, new.header.state) == (ProviderInvoiceState.SUPERSEDED, ProviderInvoiceState.RECEIVED)
    assert new.header.supersedes_id == first.id
    assert (old.talk[-1].kind, old.talk[-1].other_id) == (InvoiceTalkKind.SUPERSEDED, second.id)
    assert old.possible == ()


def test_only_what_was_not_released_is_replaced(office: Office, referred: Referred) -> None:
    right = office.invoice(referred)
    office.approve(office.send(right).id)
    for number in (right.invoice_number, "BESTAAT-NIET"):
        with pytest.raises(Conflict) as refusal:
            office.send(office.invoice(referred, corrects=number))
        assert refusal.value.code == "nothing_to_replace"


def test_nobody_answers_for_another_provider(office: Office, referred: Referred) -> None:
    invoice_id = sent_back(office, referred)
    stranger = office.world.actor(Role.PROVIDER, add_provider(office.world, "Andere praktijk"))
    with pytest.raises(NotFound):
        act(office, stranger, answer_invoice, invoice_id, Answer.WITHDRAWN)
    with pytest.raises(Forbidden):
        act(office, office.secretary, answer_invoice, invoice_id, Answer.WITHDRAWN)
    assert seen(office, invoice_id).answers == ()


def test_the_same_lines_under_another_number_are_seen(office: Office, referred: Referred) -> None:
    """R40."""
    first = office.invoice(referred)
    office.send(first)
    again = office.send(first.model_copy(update={"invoice_number": "ANDER-NUMMER"}))
    view = seen(office, again.id)
    assert [check.code for check in view.checks if not check.passed] == [CheckCode.NOT_SEEN_BEFORE]
    assert first.invoice_number in view.checks[-1].detail


def test_an_exception_has_an_owner_and_a_shorter_term_and_climbs_when_it_is_over(
    office: Office, referred: Referred
) -> None:
    sent = office.send(office.invoice(referred, **WRONG))
    assert seen(office, sent.id).header.due_on == add_working_days(today(), 3)
    act(office, office.secretary, take_invoice, sent.id)
    assert seen(office, sent.id).header.owner_id == office.secretary.account
    assert act(office, office.system, climb_invoices) == 0
    with standing_at(now() + timedelta(days=10)):
        assert act(office, office.system, climb_invoices) == 1
        assert act(office, office.system, climb_invoices) == 0
    header = seen(office, sent.id).header
    assert (header.owner_id, header.climbed_on) == (None, today() + timedelta(days=10))
    colleague = office.world.actor(Role.SECRETARY)
    act(office, colleague, take_invoice, sent.id)
    act(office, colleague, leave_invoice, sent.id)
    assert seen(office, sent.id).header.owner_id is None


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.PHYSICIAN])
def test_only_the_secretariat_takes_an_invoice(office: Office, referred: Referred, role: Role) -> None:
    sent = office.send(office.invoice(referred))
    actor = office.provider if role is Role.PROVIDER else office.physician
    with pytest.raises(Forbidden):
        act(office, actor, take_invoice, sent.id)


BY_PROVIDER = {
    "approved by itself": "UPDATE medical.provider_invoice SET state = 'approved' WHERE id = :id",
    "a failed one stands": "UPDATE medical.provider_invoice SET state = 'contested' WHERE id = :id",
    "received again": "UPDATE medical.provider_invoice SET state = 'received' WHERE id = :id",
    "another amount": "UPDATE medical.provider_invoice SET gross_cents = 1 WHERE id = :id",
    "in the secretariat's name": (
        "INSERT INTO medical.invoice_talk (id, tenant_id, created_at, invoice_id, provider_id, kind, account_id, role)"
        " SELECT gen_random_uuid(), tenant_id, now(), id, provider_id, 'disputed', app.account(), 'secretary'"
        " FROM medical.provider_invoice WHERE id = :id"
    ),
}


@pytest.mark.parametrize("statement", BY_PROVIDER.values(), ids=BY_PROVIDER)
def test_raw_sql_of_the_provider_cannot_either(office: Office, referred: Referred, statement: str) -> None:
    """R39: kept by the database too."""
    sent = office.send(office.invoice(referred, **WRONG))
    act(office, office.secretary, dispute_provider_invoice, sent.id, DisputeReason.PRICE)
    with pytest.raises(DBAPIError), office.care(office.provider) as session:
        session.execute(text(statement), {"id": sent.id})


def test_the_talk_is_only_added_to(office: Office, referred: Referred) -> None:
    sent_back(office, referred)
    with pytest.raises(DBAPIError, match="append-only"), Session(office.world.database.owner) as session:
        session.execute(text("UPDATE medical.invoice_talk SET code = 'other'"))
