"""What ill will and bad software send: each is refused or becomes an exception, within bounds of time and memory."""

import time
import tracemalloc
from collections.abc import Callable
from decimal import Decimal

import pytest

from core.clock import today
from core.errors import Invalid
from medical.invoices.checks import CheckCode
from medical.invoices.checks_agreed import AGAINST_AGREEMENT, Agreement
from medical.invoices.input import ProviderInvoiceInput
from medical.invoices.read import get_provider_invoice
from medical.invoices.ubl import read_provider_invoice
from medical.tables import ReferralState
from tests.billing.office import Office, Referred
from tests.medical.test_provider_invoices_ubl import send, ubl

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
UNREADABLE: dict[str, Callable[[], bytes]] = {
    "an entity": lambda: ubl().replace(b"<Invoice", b'<!DOCTYPE x [<!ENTITY e "x">]><Invoice', 1),
    "a file of the server": lambda: ubl().replace(
        b"<Invoice", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Invoice', 1
    ),
    "a billion laughs": lambda: ubl().replace(
        b"<Invoice", f'<!DOCTYPE x [<!ENTITY l0 "ha">{BOMB}]><Invoice'.encode(), 1
    ),
    "another encoding": lambda: ubl().decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
    "an encoding that it has not": lambda: ubl().replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
    "no XML": lambda: b"%PDF-1.7",
    "nothing": lambda: b"",
}


@pytest.fixture
def referred(office: Office) -> Referred:
    return office.referred(office.sick(office.employer()))


def failed(office: Office, invoice_id: object) -> set[CheckCode]:
    with office.care(office.secretary) as session:
        view = get_provider_invoice(session, office.secretary, invoice_id)  # type: ignore[arg-type]
    return {check.code for check in view.checks if not check.passed}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_plain_document_is_refused_at_once(name: str) -> None:
    content = UNREADABLE[name]()
    begin = time.perf_counter()
    with pytest.raises(Invalid):
        read_provider_invoice(content)
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    ("quantity", "price", "net"),
    [("-3", "100.00", "-300.00"), ("0", "100.00", "0.00"), ("3", "-100.00", "-300.00"), ("3", "0.00", "0.00")],
)
def test_lines_below_and_of_nothing_become_exceptions(
    office: Office, referred: Referred, quantity: str, price: str, net: str
) -> None:
    """R39: an invoice asks; what gives back is a credit note."""
    vat = f"{Decimal(net) * Decimal('0.21'):.2f}"
    gross = f"{Decimal(net) + Decimal(vat):.2f}"
    content = ubl(reference=referred.number, quantity=quantity, price=price, net=net, vat=vat, gross=gross)
    assert CheckCode.AGREED_PRICE in failed(office, send(office, content).id)


def lines_of(count: int) -> bytes:
    """Return an invoice with so many lines."""
    content = ubl().decode()
    head, line = content.split("<cac:InvoiceLine>")
    body, tail = line.split("</cac:InvoiceLine>")
    return (head + f"<cac:InvoiceLine>{body}</cac:InvoiceLine>" * count + tail).encode()


def test_ten_thousand_lines_are_refused_in_bounded_time_and_memory() -> None:
    content = lines_of(10_000)
    tracemalloc.start()
    begin = time.perf_counter()
    with pytest.raises(Invalid, match="niet te lezen"):
        read_provider_invoice(content)
    spent, (_now, peak) = time.perf_counter() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 10
    assert peak < 12 * len(content)


def test_another_currency_is_an_exception(office: Office, referred: Referred) -> None:
    sent = send(office, ubl(reference=referred.number, currency="GBP"))
    assert failed(office, sent.id) == {CheckCode.IN_EUROS}


@pytest.mark.parametrize(("count", "passes"), [(1, True), (10, True), (11, False), (400, False)])
def test_many_half_cents_do_not_add_up_to_money(count: int, passes: bool) -> None:
    """R39: rounding line by line lifts an invoice by no more than five cents."""
    half = {"description": "deel", "date": today(), "quantity": "0.0001", "unit_price_cents": 50_00, "vat_rate": 21}
    facts = {"referral_number": "V-1", "invoice_number": "F-1", "invoice_date": today(), "lines": [half] * count}
    invoice = ProviderInvoiceInput.model_validate(facts).submitted()
    agreement = Agreement(
        issued_on=today(),
        state=ReferralState.ACCEPTED,
        units=10,
        billed_units=Decimal(0),
        unit_price_cents=50_00,
        vat_rate=21,
    )
    assert invoice.net_cents == count
    assert AGAINST_AGREEMENT[CheckCode.AGREED_PRICE](invoice, agreement).passed is passes


def test_half_cents_in_ubl_are_read_exactly(office: Office, referred: Referred) -> None:
    """A price of half a cent is no price of nothing, and never one above what was agreed."""
    content = ubl(reference=referred.number, quantity="1", price="0.005", net="0.01", vat="0.00", gross="0.01")
    invoice = read_provider_invoice(content)
    assert (invoice.net_cents, invoice.lines[0].unit_price_cents, invoice.faults) == (1, 1, ())
    assert failed(office, send(office, content).id) == set()
