"""The auditfile: the elements of XAF 3.2 in their order, sums that agree with the ledger, and ledger facts only."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from lxml import etree

import billing.books.auditfile
from billing.books.auditfile import NAMESPACE, write_auditfile
from billing.books.auditfile_facts import JOURNALS, kinds_of
from billing.books.ledger import BookingKind, trial_balance
from billing.books.ledger_accounts import CHART
from billing.books.ledger_entries import Period
from cases.tables import ConsentScope
from core.clock import today
from core.errors import Forbidden, Invalid, NotFound
from identity.actor import Actor
from identity.roles import Role
from tests.billing.office import DESCRIPTION, OPEN, PROVIDER_NUMBER, Office
from tests.billing.test_ledger_months import invoice

YEAR = Period(today().replace(month=1, day=1), today())
ORDER = {
    "auditfile": ["header", "company"],
    "header": ["fiscalYear", "startDate", "endDate", "curCode", "dateCreated", "softwareDesc", "softwareVersion"],
    "company": [
        "companyIdent", "companyName", "taxRegistrationCountry", "taxRegIdent", "streetAddress", "customersSuppliers",
        "generalLedger", "periods", "openingBalance", "transactions",
    ],
    "streetAddress": ["streetname", "city", "postalCode", "country"],
    "customersSuppliers": ["customerSupplier"],
    "customerSupplier": [
        "custSupID", "custSupName", "commerceNr", "taxRegistrationCountry", "taxRegIdent", "custSupTp",
    ],
    "generalLedger": ["ledgerAccount"],
    "ledgerAccount": ["accID", "accDesc", "accTp"],
    "periods": ["period"],
    "period": ["periodNumber", "periodDesc", "startDatePeriod", "endDatePeriod"],
    "openingBalance": ["opBalDate", "opBalDesc", "linesCount", "totalDebit", "totalCredit", "obLine"],
    "obLine": ["nr", "accID", "amnt", "amntTp"],
    "transactions": ["linesCount", "totalDebit", "totalCredit", "journal"],
    "journal": ["jrnID", "desc", "jrnTp", "transaction"],
    "transaction": ["nr", "periodNumber", "trDt", "trLine"],
    "trLine": ["nr", "accID", "docRef", "effDate", "amnt", "amntTp", "custSupID", "invRef"],
}  # fmt: skip
"""What may stand in each element, in the order in which the format wants it; what has no entry holds a value."""

OPTIONAL = {
    "openingBalance",
    "custSupID",
    "invRef",
    "transaction",
    "taxRegistrationCountry",
    "taxRegIdent",
    "commerceNr",
}
LONGEST = {"custSupID": 35, "custSupName": 50, "accID": 35, "nr": 35, "jrnID": 35, "softwareDesc": 50, "fiscalYear": 9}


def taken(office: Office, period: Period = YEAR) -> tuple[etree._Element, bytes]:
    with office.care(office.secretary) as session, write_auditfile(session, office.secretary, period).content as file:
        content = file.read()
    return etree.fromstring(content), content


def name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def faults(element: etree._Element) -> list[str]:
    """Return what is not as the format wants it: an element out of its place, unknown, missing, or too long."""
    own, children = name(element), [name(child) for child in element]
    allowed = ORDER.get(own, [])
    found = [f"{own}: {child}" for child in children if child not in allowed]
    places = [allowed.index(child) for child in children if child in allowed]
    found += [f"{own}: out of order"] * (places != sorted(places))
    found += [f"{own}: no {each}" for each in allowed if each not in children and each not in OPTIONAL]
    found += [f"{own}: too long"] * (len(element.text or "") > LONGEST.get(own, 999))
    found += [f"{own}: empty"] * (not allowed and not element.text)
    return found + [fault for child in element for fault in faults(child)]


def all_of(root: etree._Element, path: str) -> list[str]:
    return [each.text or "" for each in root.findall(f".//{{*}}{path}")]


def total(root: etree._Element, kind: str) -> Decimal:
    lines = root.findall(".//{*}trLine")
    return sum((Decimal(all_of(each, "amnt")[0]) for each in lines if all_of(each, "amntTp") == [kind]), Decimal(0))


@pytest.fixture
def month(office: Office, employer: Actor) -> Office:
    """A month with an open line, one with consent, and a pool."""
    office.supplied(employer, intervention=OPEN, units=3)
    office.supplied(employer, ConsentScope.EMPLOYER)
    for _person in range(5):
        office.supplied(employer)
    office.run()
    return office


def test_it_is_built_as_the_format_wants_it(month: Office) -> None:
    root, content = taken(month)
    assert root.tag == f"{{{NAMESPACE}}}auditfile"
    assert content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    assert faults(root) == []


def test_the_test_would_see_a_fault() -> None:
    wrong = etree.fromstring("<auditfile><company/><header><endDate/><startDate/></header></auditfile>")
    assert {"auditfile: out of order", "header: out of order", "header: no fiscalYear"} <= set(faults(wrong))


def test_it_adds_up_and_agrees_with_the_ledger(month: Office) -> None:
    root, _content = taken(month)
    debit, credit = total(root, "D"), total(root, "C")
    assert debit == credit > 0
    assert all_of(root, "transactions/{*}totalDebit") == [str(debit)]
    assert all_of(root, "transactions/{*}linesCount") == [str(len(root.findall(".//{*}trLine")))]
    with month.care(month.secretary) as session:
        balances = trial_balance(session, month.secretary, YEAR.first, YEAR.last)
    for each in balances:
        own = [line for line in root.findall(".//{*}trLine") if all_of(line, "accID") == [str(each.number)]]
        signs = {"D": 1, "C": -1}
        said = sum(signs[all_of(line, "amntTp")[0]] * Decimal(all_of(line, "amnt")[0]) for line in own)
        assert said * 100 == each.cents
    for booking in root.findall(".//{*}transaction"):
        assert total(booking, "D") == total(booking, "C")


def test_everything_that_is_referred_to_is_there(month: Office) -> None:
    root, _content = taken(month)
    assert {int(number) for number in all_of(root, "ledgerAccount/{*}accID")} == {f.number for f in CHART.values()}
    for place, known in (("accID", "ledgerAccount/{*}accID"), ("custSupID", "customerSupplier/{*}custSupID")):
        assert set(all_of(root, f"trLine/{{*}}{place}")) <= set(all_of(root, known))
    assert set(all_of(root, "transaction/{*}periodNumber")) <= set(all_of(root, "period/{*}periodNumber"))
    numbers = all_of(root, "transaction/{*}nr")
    assert len(numbers) == len(set(numbers)) > 0
    assert sorted(all_of(root, "customerSupplier/{*}custSupTp")) == ["C", "S"]


def test_it_holds_ledger_facts_only(month: Office) -> None:
    """R43."""
    _root, content = taken(month)
    for secret in (DESCRIPTION, PROVIDER_NUMBER, "Kanarie", "nterventie op advies", "rbeidsdeskundig", "PSY", "ADO"):
        assert secret.encode() not in content


def test_what_stood_there_before_opens_it(office: Office, employer: Actor) -> None:
    invoice(office, employer, date(2025, 12, 31), 40_00, hour=23)
    invoice(office, employer, date(2026, 1, 1), 2_00, hour=0)
    root, _content = taken(office, Period(date(2026, 1, 1), date(2026, 3, 31)))
    assert faults(root) == []
    assert all_of(root, "openingBalance/{*}totalDebit") == all_of(root, "openingBalance/{*}totalCredit") == ["40.00"]
    assert all_of(root, "trLine/{*}amnt") == ["2.00", "2.00"]
    assert all_of(root, "period/{*}periodNumber") == ["1", "2", "3"]


@pytest.mark.parametrize(
    "period",
    [
        Period(None, today()),
        Period(today().replace(year=today().year - 1), today()),
        Period(today(), today() - timedelta(days=1)),
    ],
)
def test_a_period_lies_within_a_year(office: Office, period: Period) -> None:
    with pytest.raises(Invalid), office.care(office.secretary) as session:
        write_auditfile(session, office.secretary, period)


def test_too_many_lines_are_refused(month: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(billing.books.auditfile, "MOST_LINES", 3)
    with pytest.raises(Invalid):
        taken(month)


def test_every_kind_of_booking_has_one_journal() -> None:
    kinds = [kind for journal in JOURNALS for kind in kinds_of(journal)]
    assert sorted(kinds) == sorted(kind.value for kind in BookingKind)


def test_nobody_else_takes_it(office: Office, employer: Actor) -> None:
    physician = office.world.actor(Role.PHYSICIAN)
    with pytest.raises(Forbidden), office.care(physician) as session:
        write_auditfile(session, physician, YEAR)
    with pytest.raises(NotFound), office.open(employer) as session:
        write_auditfile(session, employer, YEAR)
