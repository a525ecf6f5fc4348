"""What must hold after all that was done to the house: read past row-level security, from the tables themselves."""

import time
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from core.database import Door, enter
from demo.people import demo_id
from identity.audit_chain import verify
from identity.roles import Role
from tests.kill.load import Journal
from tests.kill.town import Town
from worker.stage import acting, tenants
from worker.tasks import ROUNDS

TENANT = demo_id("organisation:arbo")
REFERRALS = "SELECT id::text FROM medical.referral WHERE case_id = CAST(:case AS uuid)"
LEDGER = "SELECT transaction_id FROM billing.ledger_entry GROUP BY 1 HAVING sum(cents) <> 0"
SERIES = """
SELECT tenant_id, left(number, 4), array_agg(right(number, 6)::integer ORDER BY number)
FROM billing.invoice GROUP BY 1, 2
"""
INVOICES = "SELECT id::text FROM billing.invoice WHERE id = ANY(CAST(:ids AS uuid[]))"
PAYMENTS = "SELECT id::text, gateway_reference FROM billing.payment WHERE gateway_reference LIKE 'cs_%'"
WAITING = (
    "SELECT task_name, status::text, attempts FROM jobs.procrastinate_jobs"
    " WHERE status IN ('todo', 'doing', 'failed', 'aborted') AND NOT task_name = ANY(:rounds)"
)
LINKS = """
SELECT l.id::text, l.sent_at IS NOT NULL FROM identity.one_time_link l
WHERE EXISTS (SELECT FROM identity.account a WHERE a.email = l.email)
"""
UNSEALED = """
SELECT count(*) FROM identity.audit_event e
WHERE NOT EXISTS (SELECT FROM identity.audit_link l WHERE l.event_id = e.id)
"""


def settle(town: Town, seconds: float) -> list[Any]:
    """Wait until the worker has done everything and sealed the trail; returns what is left when it does not."""
    end = time.monotonic() + seconds
    left: list[Any] = [("nothing was looked at",)]
    rounds = [each.name for each in ROUNDS]
    while left and time.monotonic() < end:
        try:
            left = _rows(town, WAITING, rounds=rounds)
            left += [("unsealed", n) for (n,) in _rows(town, UNSEALED) if n]
        except DBAPIError:
            left = [("no database",)]
        time.sleep(0.3)
    return left


def everything_holds(town: Town, journal: Journal) -> None:
    """See that what was answered is there, that nothing is doubled, and that the books and the trail are whole."""
    assert journal.refused == []
    for case, answered in journal.referrals.items():
        assert [found for (found,) in _rows(town, REFERRALS, case=case)] == [answered]
    for case in set(map(str, town.made.case_ids)) - set(journal.referrals):
        assert len(_rows(town, REFERRALS, case=case)) <= 1
    assert {found for (found,) in _rows(town, INVOICES, ids=journal.invoices)} == set(journal.invoices)
    assert len(journal.invoices) == len(set(journal.invoices))
    for tenant, year, numbers in _rows(town, SERIES):
        assert numbers == list(range(1, len(numbers) + 1)), (tenant, year)
    assert _rows(town, LEDGER) == []
    _payments(town, journal)
    _mail(town)
    _trail(town)


def _payments(town: Town, journal: Journal) -> None:
    """One payment at the provider for each of ours, and each of ours that was answered is kept."""
    kept = dict(_rows(town, PAYMENTS))
    assert set(journal.payments) <= set(kept)
    made = town.payments.objects.of("checkout.session")
    asked = [session["client_reference_id"] for session in made]
    assert len(asked) == len(set(asked))
    assert {made["id"]: made["client_reference_id"] for made in made}.items() >= {
        reference: payment for payment, reference in kept.items()
    }.items()


def _mail(town: Town) -> None:
    """Each letter went, and twice only under one name and when the end of its delivery was cut off."""
    links = dict(_rows(town, LINKS))
    assert all(links.values())
    names = {name.partition("@")[0].lstrip("<") for name in town.letters.taken}
    assert set(links) <= names


def _trail(town: Town) -> None:
    database = town.database
    for tenant_id in tenants(database):
        with acting(database, Door.OPEN, tenant_id) as (session, actor):
            auditor = actor.__class__(role=Role.AUDITOR, tenant_id=tenant_id, organisation_id=tenant_id)
            enter(session, Door.OPEN, auditor.context)
            found = verify(session, auditor)
            assert found.whole, found
            assert found.sealed > 0 or tenant_id != TENANT


def _rows(town: Town, query: str, **values: Any) -> list[Any]:
    with Session(town.database.owner) as session:
        return list(map(tuple, session.execute(text(query), values)))
