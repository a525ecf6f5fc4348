"""Every request has the shape that Stripe's own description of its API asks for: stripe-mock holds it to that."""

import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from shutil import which
from uuid import UUID

import pytest

from billing.paying.gateway import GatewayRefused, PaymentOrder, RefundOrder, TransferOrder
from billing.paying.gateway_stripe import StripeGateway

BINARY = which("stripe-mock")
pytestmark = pytest.mark.skipif(BINARY is None, reason="stripe-mock is not on the PATH")
NAME = UUID(int=7)


@pytest.fixture(scope="module")
def mocked() -> Iterator[StripeGateway]:
    """Stripe's client against stripe-mock, which answers everything that has the right shape with a sample."""
    ports = [free_port() for _each in range(2)]
    started = subprocess.Popen(
        [str(BINARY), "-http-port", str(ports[0]), "-https-port", str(ports[1])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(ports[0])
        yield StripeGateway("sk_test_mock", "whsec_mock", "https://portal.example", f"http://127.0.0.1:{ports[0]}")
    finally:
        started.terminate()
        started.wait(timeout=10)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    for _turn in range(200):
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("stripe-mock did not start")


def test_it_refuses_what_has_the_wrong_shape(mocked: StripeGateway) -> None:
    """Otherwise what follows would prove nothing."""
    with pytest.raises(GatewayRefused):
        mocked.create_payment(PaymentOrder(NAME, "2026-000001", "much"))  # type: ignore[arg-type]


def test_payments(mocked: StripeGateway) -> None:
    opened = mocked.create_payment(PaymentOrder(NAME, "2026-000001", 121_00))
    assert opened.reference.startswith("cs_")
    assert mocked.payment(opened.reference).reference == opened.reference
    mocked.close_payment(opened.reference)


def test_refunds(mocked: StripeGateway) -> None:
    assert mocked.refund(RefundOrder(NAME, "cs_test", 1_00)).startswith("re_")


def test_accounts(mocked: StripeGateway) -> None:
    account = mocked.create_account(NAME)
    assert account.startswith("acct_")
    assert mocked.onboarding_url(account, "https://portal.example/terug").startswith("https://")
    assert mocked.account(account).reference == account


def test_transfers(mocked: StripeGateway) -> None:
    sent = mocked.transfer(TransferOrder(NAME, 1, "acct_123", 60_00))
    assert sent.startswith("tr_")
    mocked.reverse_transfer(sent, NAME)


def test_the_balance(mocked: StripeGateway) -> None:
    first = next(iter(mocked.balance_lines(datetime(2026, 1, 1, tzinfo=UTC))))
    assert first.reference.startswith("txn_")
