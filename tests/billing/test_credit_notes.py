"""Giving invoices back: a credit note that refers to its invoice, books the reverse and never gives too much (R50)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import Session

from billing.books.ledger import trial_balance
from billing.books.ledger_accounts import Account
from billing.cofinancing.shares import Outcome
from billing.invoicing.credit_notes import REASONS, credit_invoice
from billing.invoicing.documents import CONFIDENTIAL_TEXT, InvoiceDocument
from billing.invoicing.invoice_balance import cents_to_give_back
from billing.invoicing.invoices_read import IssuedInvoice, credit_notes_of, get_invoice, list_invoices
from billing.payment_tables import Payment, PaymentState
from billing.tables import ChargeKind, CreditReason, InvoiceKind
from core.clock import standing_at, today
from core.errors import Conflict, Forbidden, Invalid, NotFound
from identity.actor import Actor
from network.tables import ArbodienstSettings
from tests.billing.document_samples import credit_note, invoice, line
from tests.billing.office import OPEN, Office
from tests.medical.test_release_charges import asked, decided, submitted

K = 5


def credited(
    office: Office, invoice_id: UUID, reason: CreditReason = CreditReason.WRONG_AMOUNT, *, anew: bool = False
) -> IssuedInvoice:
    with office.care(office.secretary) as session:
        return credit_invoice(session, office.secretary, invoice_id, reason, charge_anew=anew)


def charged(office: Office, buyer: Actor) -> UUID:
    office.supplied(buyer, intervention=OPEN)
    return office.run().invoices[0]


def balances(office: Office) -> dict[Account, int]:
    with office.care(office.secretary) as session:
        return {each.account: each.cents for each in trial_balance(session, office.secretary) if each.cents}


def set_vat(office: Office, rate: int) -> None:
    with Session(office.world.database.owner) as session:
        settings = session.get_one(ArbodienstSettings, office.world.tenant_id)
        settings.onward_vat_rate = rate
        session.add(settings)
        session.commit()


def paid(office: Office, buyer: Actor, invoice_id: UUID, cents: int) -> None:
    office.world.add(
        Payment(
            tenant_id=office.world.tenant_id,
            invoice_id=invoice_id,
            buyer_id=buyer.organisation_id,
            gateway_reference=f"test-{uuid4().hex}",
            cents=cents,
            state=PaymentState.PAID,
            received_cents=cents,
        )
    )


def test_it_refers_to_its_invoice_and_gives_back_what_was_asked(office: Office, employer: Actor) -> None:
    """R50."""
    invoice_id = charged(office, employer)
    note = credited(office, invoice_id)
    with office.open(employer) as session:
        original = get_invoice(session, employer, invoice_id)
        seen = get_invoice(session, employer, note.summary.id)
        beside = credit_notes_of(session, employer, invoice_id)
    assert seen.document.corrects == original.document.number
    assert seen.document.lines == original.document.lines
    assert (seen.document.net_cents, seen.document.vat_cents) == (100_00, 21_00)
    assert [each.id for each in beside] == [note.summary.id]
    assert (original.summary.open_cents, original.summary.is_overdue) == (0, False)


def test_the_ledger_is_as_if_it_had_never_been(office: Office, employer: Actor) -> None:
    """R50, R51: what the provider is owed stays; of the sale nothing is left."""
    office.supplied(employer, intervention=OPEN)
    before = balances(office)
    invoice_id = office.run().invoices[0]
    assert balances(office) != before
    credited(office, invoice_id)
    assert balances(office) == before
    assert sum(before.values()) == 0


def test_its_number_is_the_next_of_the_one_series(office: Office, employer: Actor) -> None:
    """R49, leak L12."""
    first = charged(office, employer)
    note = credited(office, first)
    charged(office, employer)
    with office.open(employer) as session:
        numbers = [each.number for each in list_invoices(session, employer).items]
    assert numbers == [f"{today().year}-{number:06}" for number in (3, 2, 1)]
    assert note.summary.number == numbers[1]


def test_once_is_enough(office: Office, employer: Actor) -> None:
    """R50."""
    invoice_id = charged(office, employer)
    note = credited(office, invoice_id)
    with pytest.raises(Conflict, match="al helemaal gecrediteerd"):
        credited(office, invoice_id)
    with pytest.raises(Conflict, match="Een creditnota"):
        credited(office, note.summary.id)
    with pytest.raises(NotFound):
        credited(office, uuid4())
    with pytest.raises(Invalid):
        credited(office, invoice_id, CreditReason.PROVIDER_CREDIT)


def test_only_the_secretariat_gives_back(office: Office, employer: Actor) -> None:
    invoice_id = charged(office, employer)
    for actor, refused in ((office.physician, Forbidden), (office.provider, Forbidden), (employer, NotFound)):
        with pytest.raises(refused), office.care(actor) as session:
            credit_invoice(session, actor, invoice_id, CreditReason.GOODWILL, charge_anew=False)


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_stands_on_no_document(office: Office, employer: Actor, reason: CreditReason) -> None:
    """Leak L10: the secretariat keeps it."""
    note = credited(office, charged(office, employer), reason)
    assert reason.value not in note.document.model_dump_json()


def test_what_is_charged_anew_comes_once_with_the_vat_that_is_then_set(office: Office, employer: Actor) -> None:
    """R48, R50: the credit note keeps the rate of its invoice, the new invoice has the rate of now."""
    for _person in range(K):
        office.supplied(employer)
    first = office.run().invoices[0]
    set_vat(office, 9)
    note = credited(office, first, CreditReason.WRONG_VAT, anew=True)
    assert {each.vat_rate for each in note.document.lines} == {Decimal(21)}
    run = office.run()
    (document,) = office.documents(run, employer)
    assert [(each.description, each.net_cents, each.vat_rate) for each in document.lines] == [
        (CONFIDENTIAL_TEXT, 500_00, Decimal(9))
    ]
    assert office.run().invoices == ()
    credited(office, run.invoices[0], anew=True)
    (again,) = office.documents(office.run(), employer)
    assert again.net_cents == 500_00


def test_what_is_not_charged_anew_does_not_come_again(office: Office, employer: Actor) -> None:
    credited(office, charged(office, employer))
    assert office.run().invoices == ()
    assert sum(each.net_cents for each in office.charges(employer)) == 0


def test_an_exempt_invoice_is_given_back_exempt_after_a_change_of_setting(office: Office, employer: Actor) -> None:
    """R48."""
    set_vat(office, 0)
    first = charged(office, employer)
    set_vat(office, 21)
    note = credited(office, first)
    assert (note.document.vat_cents, note.document.exemption_text) == (0, "Vrijgesteld van btw")
    assert {each.vat_rate for each in note.document.lines} == {Decimal(0)}


def test_what_was_paid_before_has_to_go_back(office: Office, employer: Actor) -> None:
    invoice_id = charged(office, employer)
    paid(office, employer, invoice_id, 121_00)
    credited(office, invoice_id)
    with office.open(employer) as session:
        summary = get_invoice(session, employer, invoice_id).summary
        assert cents_to_give_back(session, invoice_id) == 121_00
        assert list_invoices(session, employer, open_only=True).total == 0
    assert (summary.give_back_cents, summary.open_cents, summary.is_paid) == (121_00, 0, True)


def test_what_is_credited_is_never_overdue(office: Office, employer: Actor) -> None:
    invoice_id = charged(office, employer)
    late = datetime.now(UTC) + timedelta(days=60)
    with standing_at(late), office.open(employer) as session:
        assert get_invoice(session, employer, invoice_id).summary.is_overdue
    credited(office, invoice_id)
    with standing_at(late), office.open(employer) as session:
        assert not get_invoice(session, employer, invoice_id).summary.is_overdue


INSERT = (
    "INSERT INTO billing.invoice (id, tenant_id, created_at, number, kind, buyer_id, issue_date, due_date, month,"
    " net_cents, vat_cents, total_cents, document, corrects_id, credit_reason, charge_anew)"
    " SELECT gen_random_uuid(), tenant_id, now(), number || 'X', 'credit_note', {buyer}, issue_date, due_date, month,"
    " {net}, 0, {net}, document, {corrects}, 'goodwill', false FROM billing.invoice WHERE kind = '{kind}'"
)


@pytest.mark.parametrize(
    "facts",
    [
        {"net": 101_00},  # more than was asked
        {"buyer": "tenant_id"},  # to somebody else
        {"corrects": "gen_random_uuid()"},  # of nothing
        {"net": -1},
        {"kind": "credit_note", "net": 1},  # a credit note to a credit note
    ],
)
def test_raw_sql_cannot_give_back_what_was_not_asked(office: Office, employer: Actor, facts: dict[str, object]) -> None:
    """R50: as the login role of the care side, past every use case."""
    invoice_id = charged(office, employer)
    if facts.get("kind"):
        credited(office, invoice_id)
    statement = INSERT.format(**{"net": 50_00, "buyer": "buyer_id", "corrects": "id", "kind": "invoice"} | facts)
    with pytest.raises(IntegrityError), office.care(office.secretary) as session:
        session.execute(text(statement))


CHARGE_BACK = (
    "INSERT INTO billing.charge (id, tenant_id, created_at, employer_id, kind, intervention, employee_reference, month,"
    " net_cents, insurer_cents, vat_rate, corrects_id) SELECT gen_random_uuid(), tenant_id, now(), {employer}, {kind},"
    " intervention, employee_reference, month, {net}, 0, {rate}, id FROM billing.charge WHERE corrects_id IS NULL"
)


@pytest.mark.parametrize(
    "facts",
    [{"net": -100_01}, {"net": 5}, {"employer": "tenant_id"}, {"rate": 0}, {"kind": "'own_line'"}],
)
def test_raw_sql_cannot_correct_a_charge_into_another(
    office: Office, employer: Actor, facts: dict[str, object]
) -> None:
    """R50, R51."""
    charged(office, employer)
    usual: dict[str, object] = {"net": -50_00, "employer": "employer_id", "kind": "kind", "rate": "vat_rate"}
    with pytest.raises(IntegrityError), office.care(office.secretary) as session:
        session.execute(text(CHARGE_BACK.format(**usual | facts)))
    with office.care(office.secretary) as session:
        session.execute(text(CHARGE_BACK.format(**usual)))
        assert session.execute(text("SELECT sum(net_cents) FROM billing.charge")).scalar_one() == 50_00
        session.rollback()


def test_nobody_charges_anew_what_was_not_given_back_for_that(office: Office, employer: Actor) -> None:
    credited(office, charged(office, employer))
    with pytest.raises(IntegrityError, match="charged anew"), office.care(office.secretary) as session:
        session.execute(
            text(
                "INSERT INTO billing.charge (id, tenant_id, created_at, employer_id, kind, intervention,"
                " employee_reference, month, net_cents, insurer_cents, vat_rate, replaces_id) SELECT gen_random_uuid(),"
                " tenant_id, now(), employer_id, kind, intervention, employee_reference, month, -net_cents, 0,"
                " vat_rate, id FROM billing.charge WHERE corrects_id IS NOT NULL"
            )
        )
    with pytest.raises(ProgrammingError, match="permission denied"), office.care(office.secretary) as session:
        session.execute(text("UPDATE billing.invoice SET charge_anew = true"))


AMOUNTS = st.lists(st.integers(1, 999), min_size=2, max_size=8)


@given(AMOUNTS, st.sampled_from([Decimal(21), Decimal(9), Decimal(0)]))
def test_given_back_in_parts_is_given_back_to_the_cent(amounts: list[int], rate: Decimal) -> None:
    """R51: whatever the parts, together they give back the very VAT that was asked."""
    lines = [line(cents, vat_rate=rate) for cents in amounts]
    whole = invoice(*lines)
    notes: list[InvoiceDocument] = []
    for nth, each in enumerate(lines):
        notes.append(credit_note(whole, number=f"2026-{200 + nth:06}", lines=[each], earlier=tuple(notes)))
    assert sum(note.gross_cents for note in notes) == whole.gross_cents
    assert sum(note.vat_cents for note in notes) == whole.vat_cents
    with pytest.raises(ValueError, match="at most what was asked"):
        credit_note(whole, number="2026-000999", lines=[line(1, vat_rate=rate)], earlier=tuple(notes))


def test_a_pool_comes_back_as_the_same_pool(office: Office, employer: Actor) -> None:
    """R47: made of other persons, the two sums could be taken off each other."""
    for _person in range(K):
        office.supplied(employer)
    first = office.run().invoices[0]
    credited(office, first, anew=True)
    for _person in range(K):
        office.supplied(employer, units=2)
    (document,) = office.documents(office.run(), employer)
    assert sorted(each.net_cents for each in document.lines) == [500_00, 1_000_00]
    assert {each.kind for each in office.charges(employer)} == {ChargeKind.POOLED}


def test_the_insurers_invoice_is_given_back_by_itself(office: Office, employer: Actor) -> None:
    referred = asked(office, employer)
    decided(office, submitted(office, employer, referred), Outcome.APPROVED)
    office.supply(referred, 4)
    run = office.run()
    (insurer,) = office.insurers.values()
    with office.open(insurer) as session:
        (mine,) = list_invoices(session, insurer).items
    note = credited(office, mine.id, anew=True)
    assert (note.document.net_cents, note.summary.kind) == (200_00, InvoiceKind.CREDIT_NOTE)
    (again,) = office.documents(office.run(), insurer)
    assert again.net_cents == 200_00
    assert len(run.invoices) == 2
