"""The statement of account: what is told agrees with the ledger to the cent, and is the buyer's own."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from billing.books.ledger import BookingKind, book
from billing.books.ledger_accounts import Account
from billing.books.ledger_entries import Period
from billing.books.ledger_payments import payment_received
from billing.books.statement_files import HEADER, statement_csv, statement_pdf
from billing.books.statements import Statement, statement_of
from billing.invoicing.invoices_read import get_invoice
from billing.payment_tables import Payment, PaymentState
from core.clock import today
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import OPEN, PROVIDER_NAME, Office
from tests.billing.test_books_csv import read

PERIOD = Period(today() - timedelta(days=30), today())
LATER = Period(today() + timedelta(days=1), today() + timedelta(days=30))


def of(office: Office, buyer: Actor, period: Period = PERIOD) -> Statement:
    with office.open(buyer) as session:
        return statement_of(session, buyer, period)


def pay(office: Office, buyer: Actor, invoice_id: UUID) -> None:
    """Let an invoice have been paid, whichever way the money came."""
    with office.open(buyer) as session:
        cents = get_invoice(session, buyer, invoice_id).summary.total_cents
    payment = Payment(
        tenant_id=buyer.tenant_id,
        invoice_id=invoice_id,
        buyer_id=buyer.organisation_id,
        gateway_reference=str(uuid4()),
        cents=cents,
        received_cents=cents,
        state=PaymentState.PAID,
    )
    office.world.add(payment)
    with office.open(office.system) as session:
        booking = payment_received(Account.RECEIVABLE_EMPLOYER, buyer.organisation_id, cents)
        book(session, office.system, BookingKind.PAYMENT, payment.id, booking)


def ledger_says(office: Office, buyer: Actor) -> int:
    with office.world.database.owner.connect() as connection:
        found: int = connection.execute(
            text("SELECT sum(cents) FROM billing.ledger_entry WHERE party_id = :id"), {"id": buyer.organisation_id}
        ).scalar_one()
    return found


def charged(office: Office, buyer: Actor, units: int) -> UUID:
    """Charge open interventions and return the invoice."""
    office.supplied(buyer, intervention=OPEN, units=units)
    (invoice_id,) = office.run().invoices
    return invoice_id


def test_it_says_what_the_ledger_says(office: Office, employer: Actor) -> None:
    first, second = charged(office, employer, 1), charged(office, employer, 2)
    pay(office, employer, first)
    found = of(office, employer)
    assert (found.opening_cents, found.charged_cents, found.paid_cents) == (0, 363_00, 121_00)
    assert found.balance_cents == found.owed_cents == ledger_says(office, employer) == 242_00
    assert [(each.invoice_id, each.standing.open_cents) for each in found.open_items] == [(second, 242_00)]
    assert sum(each.standing.open_cents for each in found.open_items) + found.unallocated_cents == found.owed_cents
    assert found.unallocated_cents == 0
    assert found.movements[-1].balance_cents == found.balance_cents


def test_a_later_period_opens_with_what_was_owed(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    found = of(office, employer, LATER)
    assert (found.opening_cents, found.movements, found.balance_cents) == (121_00, (), 121_00)


def test_another_buyers_account_is_not_seen(office: Office, employer: Actor) -> None:
    other = office.employer("Andere firma")
    charged(office, employer, 1)
    found = of(office, other)
    assert (found.owed_cents, found.movements, found.open_items) == (0, (), ())
    with office.open(other) as session:
        # Whatever he asks for, it is his own.
        assert statement_of(session, other, PERIOD, employer.organisation_id).buyer_id == other.organisation_id


def test_a_buyer_sees_no_booking_but_his_own(office: Office, employer: Actor) -> None:
    other = office.employer("Andere firma")
    charged(office, employer, 1)
    with office.open(other) as session:
        assert session.execute(text("SELECT count(*) FROM billing.ledger_transaction")).scalar_one() == 0
    with office.open(employer) as session:
        assert session.execute(text("SELECT kind FROM billing.ledger_transaction")).scalars().all() == ["invoice"]


def test_the_secretariat_reads_the_same(office: Office, employer: Actor) -> None:
    charged(office, employer, 1)
    with office.care(office.secretary) as session:
        theirs = statement_of(session, office.secretary, PERIOD, employer.organisation_id)
        for stranger in (office.provider_id, None, UUID(int=0)):
            with pytest.raises(NotFound):
                statement_of(session, office.secretary, PERIOD, stranger)
    assert theirs == of(office, employer)


def test_its_files_say_the_same_and_no_more(office: Office, employer: Actor) -> None:
    """R43."""
    charged(office, employer, 1)
    found = of(office, employer)
    with office.open(employer) as session:
        pdf, table = statement_pdf(session, employer, found), statement_csv(session, employer, found)
    head, *rows = read(table.content)
    assert tuple(head) == HEADER
    assert [row[1] for row in rows] == ["beginsaldo", "factuur", "eindsaldo"]
    assert rows[1][3:] == ["121,00", "121,00"]
    reader = PdfReader(BytesIO(pdf.content))
    words = " ".join(page.extract_text() for page in reader.pages)
    assert found.open_items[0].number in words
    assert "€ 121,00" in words.replace("\xa0", " ")
    for secret in (PROVIDER_NAME, "Kanarie", "ADO", "rbeidsdeskundig"):
        assert secret not in words + str(reader.metadata) + table.content.decode()
    assert (pdf.name, table.name) == tuple(f"rekeningoverzicht-{today():%Y%m%d}.{kind}" for kind in ("pdf", "csv"))


def test_nobody_else_asks(office: Office) -> None:
    for role in (Role.PHYSICIAN, Role.PROVIDER):
        who = office.world.actor(role, office.provider_id if role is Role.PROVIDER else None)
        with pytest.raises(Forbidden), office.care(who) as session:
            statement_of(session, who, PERIOD, office.provider_id)
