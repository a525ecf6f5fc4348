"""Tables for the bookkeeper, and for a buyer the lines of his own invoices: constant heads and nothing too much."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

import billing.books.books_csv
from billing.books.books_csv import ENTRIES, INVOICES, LINES, entries_csv, invoice_lines_csv, invoices_csv
from billing.books.ledger_entries import Period
from billing.invoicing.documents import CONFIDENTIAL_TEXT
from cases.tables import ConsentScope
from core.clock import today
from core.errors import Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import DESCRIPTION, OPEN, PROVIDER_NAME, PROVIDER_NUMBER, Office

PERIOD = Period(today() - timedelta(days=30), today())
NOTHING_YET = Period(today() - timedelta(days=90), today() - timedelta(days=60))


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def month(office: Office, employer: Actor) -> Office:
    """A month with an open line, one with consent, and a pool."""
    office.supplied(employer, intervention=OPEN, units=3)
    office.supplied(employer, ConsentScope.EMPLOYER)
    for _person in range(5):
        office.supplied(employer)
    office.run()
    return office


def test_the_entries_add_up_and_name_their_invoice(month: Office) -> None:
    with month.care(month.secretary) as session:
        file = entries_csv(session, month.secretary, PERIOD)
    head, *rows = read(file.content)
    assert tuple(head) == ENTRIES
    debit, credit = (sum(round(float(row[at].replace(",", ".") or 0) * 100) for row in rows) for at in (7, 8))
    assert debit == credit > 0
    of_invoice = [row for row in rows if row[2] == "invoice"]
    assert {row[6] for row in of_invoice} == {f"{today().year}-000001"} or all(row[6] for row in of_invoice)
    assert {row[5] for row in rows} >= {"Bakkerij Zonneveld", PROVIDER_NAME}


def test_the_invoices_stand_there_with_their_sums(month: Office) -> None:
    with month.care(month.secretary) as session:
        head, row = read(invoices_csv(session, month.secretary, PERIOD).content)
    assert tuple(head) == INVOICES
    assert row[1:2] + row[5:7] == ["factuur", "Bakkerij Zonneveld", "12345678"]
    assert row[8:] == ["900,00", "189,00", "1089,00", ""]


def test_a_buyer_gets_his_own_lines_and_nothing_of_the_medical_room(month: Office, employer: Actor) -> None:
    """R43, R44."""
    with month.open(employer) as session:
        file = invoice_lines_csv(session, employer, PERIOD)
    head, *rows = read(file.content)
    assert tuple(head) == LINES
    assert [row[5] for row in rows].count(CONFIDENTIAL_TEXT) == 2
    assert sum(float(row[8].replace(",", ".")) for row in rows) == 900
    for secret in (PROVIDER_NAME, PROVIDER_NUMBER, DESCRIPTION, "Kanarie"):
        assert secret not in file.content.decode()
    assert file.name == f"factuurregels-{PERIOD.first:%Y%m%d}-{PERIOD.last:%Y%m%d}.csv"


def test_another_buyer_gets_an_empty_table_with_the_same_head(month: Office) -> None:
    """R43."""
    stranger = month.employer("Andere firma")
    with month.open(stranger) as session:
        assert read(invoice_lines_csv(session, stranger, PERIOD).content) == [list(LINES)]


def test_an_empty_period_keeps_its_head(month: Office) -> None:
    with month.care(month.secretary) as session:
        assert read(entries_csv(session, month.secretary, NOTHING_YET).content) == [list(ENTRIES)]


def test_too_many_are_refused(month: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(billing.books.books_csv, "MOST_ROWS", 3)
    with pytest.raises(Invalid), month.care(month.secretary) as session:
        entries_csv(session, month.secretary, PERIOD)


def test_nobody_else_takes_them_out(month: Office, employer: Actor) -> None:
    physician = month.world.actor(Role.PHYSICIAN)
    for act in (entries_csv, invoices_csv, invoice_lines_csv):
        with pytest.raises(Forbidden), month.care(physician) as session:
            act(session, physician, PERIOD)
    with pytest.raises(NotFound), month.open(employer) as session:
        entries_csv(session, employer, PERIOD)
