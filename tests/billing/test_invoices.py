"""Issued invoices: numbered without gaps, immutable, and to be seen by who pays them only (R49, R50, R53, R70)."""

import json
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import Session, select

from billing.invoicing.documents import InvoiceDocument
from billing.invoicing.invoices_issue import issue_month
from billing.invoicing.invoices_read import get_invoice, invoice_pdf, invoice_ubl, list_invoices
from billing.invoicing.numbers import take_numbers
from billing.tables import ChargeRun, Invoice
from core.clock import standing_at, today
from core.database import Door
from core.errors import Forbidden, NotFound
from identity.actor import Actor
from identity.roles import Role
from network.tables import ArbodienstSettings
from tests.billing.office import OPEN, Office
from tests.world import World

YEAR = today().year


def issued(office: Office, buyer: Actor) -> UUID:
    office.supplied(buyer, intervention=OPEN)
    return office.run().invoices[0]


class TestNumbers:
    """R49: consecutive, without gaps, one series for each arbodienst and year."""

    def test_they_run_on_over_buyers_and_runs(self, office: Office, employer: Actor) -> None:
        """R49."""
        other = office.employer("Aannemer Achterberg")
        for buyer in (employer, other):
            office.supplied(buyer, intervention=OPEN)
        office.run()
        office.supplied(employer, intervention=OPEN)
        office.run()
        with office.care(office.secretary) as session:
            numbers = session.exec(select(Invoice.number).order_by(Invoice.number)).all()
        assert numbers == [f"{YEAR}-{number:06}" for number in (1, 2, 3)]

    def test_each_arbodienst_and_each_year_has_its_own(self, office: Office) -> None:
        """R49."""
        with office.care(office.secretary) as session:
            assert take_numbers(session, office.secretary, 2026, 2) == ("2026-000001", "2026-000002")
            assert take_numbers(session, office.secretary, 2027, 1) == ("2027-000001",)
        elsewhere = Office(World(office.world.database))
        with elsewhere.care(elsewhere.secretary) as session:
            assert take_numbers(session, elsewhere.secretary, 2026, 1) == ("2026-000001",)

    def test_many_at_once_and_rollbacks_leave_no_gap(self, office: Office) -> None:
        """R49."""
        secretary, start = office.secretary, Barrier(6)
        taken: list[str] = []

        def take(fails: bool) -> None:
            start.wait(timeout=20)
            for _turn in range(5):
                try:
                    with office.care(secretary) as session:
                        numbers = take_numbers(session, secretary, 2026, 2)
                        if fails:
                            raise InterruptedError
                        taken.extend(numbers)
                except InterruptedError:
                    continue

        threads = [Thread(target=take, args=(number % 3 == 0,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(taken) == [f"2026-{number:06}" for number in range(1, 41)]

    def test_the_year_is_that_of_issue(self, office: Office, employer: Actor) -> None:
        with standing_at(datetime(YEAR + 1, 1, 5, 12, tzinfo=UTC)), office.care(office.secretary) as session:
            assert take_numbers(session, office.secretary, today().year, 1)[0].startswith(f"{YEAR + 1}-")


def test_the_document_is_kept_as_it_was_issued(office: Office, employer: Actor) -> None:
    invoice_id = issued(office, employer)
    with Session(office.world.database.owner) as session:
        settings = session.get_one(ArbodienstSettings, office.world.tenant_id)
        settings.onward_vat_rate = 0
        session.add(settings)
        session.execute(
            text("UPDATE network.organisation_profile SET street = 'Verhuisd 1' WHERE organisation_id = :id"),
            {"id": employer.organisation_id},
        )
        session.commit()
    with office.open(employer) as session:
        found = get_invoice(session, employer, invoice_id)
        again = invoice_pdf(session, employer, invoice_id).content
        row = session.exec(select(Invoice).where(Invoice.id == invoice_id)).one()
    assert (found.document.buyer.street, found.document.vat_cents) == ("Teststraat 1", 21_00)
    assert InvoiceDocument.model_validate(row.document) == found.document
    assert (row.net_cents, row.vat_cents, row.total_cents) == (100_00, 21_00, 121_00)
    assert again.startswith(b"%PDF")


def test_it_says_what_the_tax_office_wants_to_see(office: Office, employer: Actor) -> None:
    """R53."""
    issued(office, employer)
    with office.open(employer) as session:
        summary = list_invoices(session, employer).items[0]
        document = get_invoice(session, employer, summary.id).document
    assert (document.seller.name, document.seller.vat_id, document.seller.kvk) == (
        "Arbodienst",
        "NL123456782B12",
        "12345678",
    )
    assert (document.buyer.name, document.buyer.street, document.buyer.city) == (
        "Bakkerij Zonneveld",
        "Teststraat 1",
        "Utrecht",
    )
    assert str(document.period) == f"{today():%Y-%m}"
    assert (summary.due_date - summary.issue_date).days == 30


RAW = [
    "UPDATE billing.invoice SET total_cents = 0, net_cents = 0, vat_cents = 0",
    "DELETE FROM billing.invoice",
    "UPDATE billing.invoice SET document = '{}'",
    "UPDATE billing.number_series SET tenant_id = gen_random_uuid()",
]


@pytest.mark.parametrize("statement", RAW)
def test_raw_sql_cannot_change_it(office: Office, employer: Actor, statement: str) -> None:
    """R50: not from either door, and the invoices not even as the owner of the database."""
    issued(office, employer)
    for door, actor in ((Door.CARE, office.secretary), (Door.OPEN, employer)):
        with pytest.raises(ProgrammingError, match="permission denied"), office.world.acting(door, actor) as session:
            session.execute(text(statement))
    if "billing.invoice" in statement:
        with pytest.raises(IntegrityError, match="append-only"), office.world.database.owner.begin() as connection:
            connection.execute(text(statement))


def test_two_invoices_never_share_a_number(office: Office, employer: Actor) -> None:
    """R49."""
    invoice_id = issued(office, employer)
    with office.care(office.secretary) as session:
        row = session.exec(select(Invoice).where(Invoice.id == invoice_id)).one()
    with pytest.raises(IntegrityError, match="uq_invoice_number"), office.care(office.secretary) as session:
        session.add(Invoice(**(row.model_dump() | {"id": uuid4()})))


def refusals(office: Office, actor: Actor, invoice_id: UUID) -> set[str]:
    found = set()
    for read in (get_invoice, invoice_pdf, invoice_ubl):
        with pytest.raises(NotFound) as refusal, office.open(actor) as session:
            read(session, actor, invoice_id)
        found.add(refusal.value.message)
    return found


def test_to_others_it_is_not_there(office: Office, employer: Actor) -> None:
    """R70: another's invoice and no invoice get the same words."""
    invoice_id = issued(office, employer)
    other = office.employer("Andere firma")
    insurer = office.insurer(employer)
    elsewhere = Office(World(office.world.database)).employer()
    for stranger in (other, insurer, elsewhere):
        assert refusals(office, stranger, invoice_id) == refusals(office, stranger, uuid4())
        with office.open(stranger) as session:
            assert list_invoices(session, stranger).total == 0
    for role in (Role.CASE_MANAGER, Role.NETWORK_MANAGER, Role.AUDITOR):
        member = office.world.actor(role)
        with pytest.raises(Forbidden), office.open(member) as session:
            get_invoice(session, member, invoice_id)


def test_raw_sql_shows_a_buyer_its_own_rows_only(office: Office, employer: Actor) -> None:
    other = office.employer("Andere firma")
    insurer = office.insurer(other)
    for buyer in (employer, other):
        office.supplied(buyer, intervention=OPEN)
    office.run()
    for table, owner in (("invoice", "buyer_id"), ("charge", "employer_id")):
        with office.open(employer) as session:
            seen = session.execute(text(f"SELECT {owner} FROM billing.{table}")).scalars().all()
        assert seen == [employer.organisation_id], table
    with office.open(insurer) as session:
        for table in ("invoice", "charge", "insurer_share"):
            assert session.execute(text(f"SELECT count(*) FROM billing.{table}")).scalar_one() == 0
    with office.open(office.case_manager(employer)) as session:
        assert session.execute(text("SELECT count(*) FROM billing.invoice")).scalar_one() == 0


def test_an_employer_sees_no_charge_before_its_invoice(office: Office, employer: Actor) -> None:
    """What has no invoice yet could be watched arriving, one by one (leak L8)."""
    office.supplied(employer, intervention=OPEN)
    with office.care(office.secretary) as session:
        session.execute(
            text(
                "INSERT INTO billing.charge (id, tenant_id, created_at, employer_id, kind, month, net_cents,"
                " insurer_cents, vat_rate) VALUES (gen_random_uuid(), app.tenant(), now(), :employer, 'own_line',"
                " :month, 5, 0, 21)"
            ),
            {"employer": employer.organisation_id, "month": today().replace(day=1)},
        )
    with office.open(employer) as session:
        assert session.execute(text("SELECT count(*) FROM billing.charge")).scalar_one() == 0


def test_the_secretariat_reads_all_through_the_open_door(office: Office, employer: Actor) -> None:
    invoice_id = issued(office, employer)
    with office.open(office.secretary) as session:
        assert list_invoices(session, office.secretary).total == 1
        assert get_invoice(session, office.secretary, invoice_id).summary.buyer_id == employer.organisation_id


def test_lists_are_paged_with_the_newest_first(office: Office, employer: Actor) -> None:
    for _invoice in range(3):
        issued(office, employer)
    with office.open(employer) as session:
        first = list_invoices(session, employer, page=1, page_size=2)
        last = list_invoices(session, employer, page=2, page_size=2)
    assert [item.number for item in (*first.items, *last.items)] == [f"{YEAR}-{number:06}" for number in (3, 2, 1)]
    assert (first.total, last.total) == (3, 3)


def test_a_run_without_charges_takes_no_number(office: Office) -> None:
    """R49."""
    with office.care(office.secretary) as session:
        run = ChargeRun(tenant_id=office.world.tenant_id, month=today().replace(day=1), run_by=office.secretary.account)
        session.add(run)
        session.flush()
        assert issue_month(session, office.secretary, run.month, run.id) == ()
        assert take_numbers(session, office.secretary, YEAR, 1) == (f"{YEAR}-000001",)


def test_no_row_that_an_employer_reads_holds_more_than_its_documents_say(office: Office, employer: Actor) -> None:
    """R43: the wall in the rows themselves: whatever an employer can read with SQL has no word of health in it."""
    for _person in range(5):
        office.supplied(employer)
    office.run()
    with office.open(employer) as session:
        for table in ("invoice", "charge", "ledger_entry", "payment"):
            rows = session.execute(text(f"SELECT to_jsonb(t) FROM billing.{table} t")).scalars().all()
            words = json.dumps(rows, ensure_ascii=False)
            assert "Psycholog" not in words
            assert "PSY" not in words
            assert "anarie" not in words
