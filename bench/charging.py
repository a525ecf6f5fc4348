"""The month of a secretariat: invoices matched and released, one charge run, and the trial balance of a full ledger."""

import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from decimal import Decimal
from multiprocessing import get_context
from typing import Any, NamedTuple

from sqlalchemy import text

from bench.network import TENANT, Network
from bench.report import Figure
from bench.supplied import Billable, supplied
from billing.books.ledger import trial_balance
from billing.books.ledger_close import close_months
from core.clock import today
from core.database import Database, Door
from core.settings import Settings
from demo.stage import Stage
from medical.hatch.run import run_charging
from medical.invoices.input import LineInput, ProviderInvoiceInput
from medical.invoices.judge import approve_provider_invoice
from medical.invoices.submit import submit_provider_invoice
from worker.stage import acting

FEW, MANY = 10_000, 100_000
MATCHED = 300
"""Invoices that are matched and released one by one, in transactions of their own, beside all that were before."""

ENTRIES = 1_000_000
BOOKED = text(
    "WITH booked AS (INSERT INTO billing.ledger_transaction (id, tenant_id, created_at, kind, sides)"
    " SELECT gen_random_uuid(), :tenant, now() - make_interval(days => number % 1000), 'invoice', 4"
    " FROM generate_series(1, :count) AS number RETURNING id, created_at)"
    " INSERT INTO billing.ledger_entry (id, tenant_id, created_at, transaction_id, account, cents)"
    " SELECT gen_random_uuid(), :tenant, booked.created_at, booked.id, side.account, side.cents"
    " FROM booked, (VALUES ('cost_of_interventions', 100), ('vat_payable', -21), ('bank', 40),"
    " ('revenue_of_interventions', -119)) AS side (account, cents)"
)
"""Bookings of a thousand days."""


class _Ran(NamedTuple):
    """What one measurement took: seconds, and the most memory of the process that did it."""

    seconds: float
    memory_mb: float


def measure(made: Network) -> list[Figure]:
    """Return how fast a month is worked off, and how that grows with what there is."""
    few, many = (_month(made, count) for count in (FEW, MANY))
    return [
        Figure(f"provider invoices matched and released, beside {MANY:,}", MATCHED / many[0].seconds, "/s"),
        Figure(f"  each, of what it takes beside {FEW:,}", many[0].seconds / few[0].seconds, "x", 1.25),
        Figure(f"a charge run over {MANY:,} releases of {MANY // 50:,} employers", many[1].seconds, "s"),
        Figure("  releases a second", MANY / many[1].seconds, "/s"),
        Figure("  most memory of the process that runs it", many[1].memory_mb, "MB"),
        Figure(
            f"  each release, of what one of {FEW:,} takes", many[1].seconds / few[1].seconds / (MANY / FEW), "x", 1
        ),
        *_ledger(made),
    ]


def _month(made: Network, count: int) -> tuple[_Ran, _Ran]:
    name = f"bench_month_{count}"
    database = made.copy(name)
    billable = supplied(database, count, MATCHED)
    database.dispose()
    return _alone(_match, made, name, billable), _alone(_run, made, name, ())


def _alone(act: Callable[[Database, Any], None], made: Network, name: str, given: Sequence[Billable]) -> _Ran:
    """Do it in a process of its own, so that its memory is known."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(_timed, act, made.settings, made.server.url(name, "postgres"), given).result()


def _timed(act: Callable[[Database, Any], None], settings: Settings, url: str, given: Sequence[Billable]) -> _Ran:
    database = Database(settings, url)
    _ = Stage(database).actors  # the first connection and the first query are nobody's work
    began = time.perf_counter()
    act(database, given)
    return _Ran(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _match(database: Database, billable: Sequence[Billable]) -> None:
    stage = Stage(database)
    for number, each in enumerate(billable):
        with stage.acting(stage.provider(each.provider_id)) as act:
            sent = submit_provider_invoice(act.session, act.actor, _invoice(number, each).submitted())
        with stage.acting(stage.actors["secretariaat"]) as act:
            approve_provider_invoice(act.session, act.actor, sent.id)


def _invoice(number: int, each: Billable) -> ProviderInvoiceInput:
    day = today() - timedelta(days=1)
    line = LineInput(
        description="Meting",
        date=day,
        quantity=Decimal(1),
        unit_price_cents=each.unit_price_cents,
        vat_rate=each.vat_rate,
    )
    return ProviderInvoiceInput(
        referral_number=each.number, invoice_number=f"M-{number}", invoice_date=day, lines=[line]
    )


def _run(database: Database, _given: object) -> None:
    stage = Stage(database)
    with stage.acting(stage.actors["secretariaat"]) as act:
        if not run_charging(act.session, act.actor, today()).invoices:
            raise RuntimeError("nothing was charged, so nothing can be said of how long it takes")


def _ledger(made: Network) -> list[Figure]:
    database = made.copy("bench_ledger")
    with database.owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(BOOKED, {"tenant": TENANT, "count": ENTRIES // 4})
        connection.execute(text("ANALYZE"))
    whole = _balanced(database)
    with acting(database, Door.OPEN, TENANT) as (session, actor):
        close_months(session, actor)
    closed = _balanced(database)
    database.dispose()
    return [
        Figure(f"trial balance over {ENTRIES:,} entries, no month closed", whole, "s"),
        Figure("  with every month that is over closed", closed, "s", 1),
    ]


def _balanced(database: Database) -> float:
    stage = Stage(database)
    with stage.acting(stage.actors["secretariaat"]) as act:
        began = time.perf_counter()
        balance = trial_balance(act.session, act.actor)
        took = time.perf_counter() - began
    cents = [each.cents for each in balance]
    if not any(cents) or sum(cents) != 0:
        raise RuntimeError("the ledger does not balance")
    return took
