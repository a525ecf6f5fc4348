"""A run that is killed in the middle leaves nothing, and the next one makes what the first would have (R49)."""

import json
import signal
import subprocess
import sys
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from billing.invoicing.invoices_read import get_invoice
from cases.tables import ConsentScope
from core.clock import today
from core.settings import ROOT
from identity.actor import Actor
from medical.release import run_charging
from portal.rehearsal import rehearse
from tests.billing.given_back import give_back, serve
from tests.billing.office import OPEN, Office
from tests.conftest import SECRET
from tests.medical.interrupted_run import PLACES
from tests.medical.test_release_charges import K

COUNTED = ("billing.charge", "billing.invoice", "billing.charge_run", "billing.ledger_entry", "billing.number_series")


def supply_everything(office: Office, employer: Actor) -> None:
    """One of each kind: a line of its own, an open one, a sum, services, and something given back."""
    invoice_id = office.supply(office.referred(office.sick(employer), OPEN))
    office.run()
    give_back(office, invoice_id, 40_00)
    office.supplied(employer, ConsentScope.EMPLOYER)
    serve(office, employer, 750_00)
    for _person in range(K):
        office.supplied(employer)


def would_make(office: Office, employer: Actor) -> list[str]:
    """Return the documents of a run that is not kept."""
    secretary = office.secretary
    with office.care(secretary) as session:

        def run() -> list[str]:
            done = run_charging(session, secretary, today())
            return [get_invoice(session, secretary, each).document.model_dump_json() for each in done.invoices]

        return rehearse(session, run)


def counts(office: Office) -> list[int]:
    with office.care(office.secretary) as session:
        return [session.execute(text(f"SELECT count(*) FROM {each}")).scalar_one() for each in COUNTED]


def killed_at(office: Office, place: str) -> None:
    """Let a process run the charging until a place, and kill it there as the kernel would."""
    database, actor = office.world.database, office.secretary
    assert database.owner_url is not None
    wanted = {
        "place": place,
        "url": database.owner_url,
        "data_dir": str(database.settings.data_dir),
        "secret": SECRET,
        "actor": {
            "tenant_id": str(actor.tenant_id),
            "organisation_id": str(actor.organisation_id),
            "account_id": str(actor.account_id),
            "membership_id": str(actor.membership_id),
            "person_id": str(actor.person_id),
        },
    }
    command = [sys.executable, "-m", "tests.medical.interrupted_run"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(wanted) + "\n")
        process.stdin.flush()
        assert process.stdout.readline().strip() == "there"
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=20) == -signal.SIGKILL


@pytest.mark.timeout(180)
@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_killed_run_leaves_nothing_and_the_next_makes_the_same(office: Office, employer: Actor, place: str) -> None:
    """R49: no gap and nothing double, wherever it was cut off."""
    supply_everything(office, employer)
    before, expected = counts(office), would_make(office, employer)
    killed_at(office, place)
    assert counts(office) == before
    run = office.run()
    with office.care(office.secretary) as session:
        made = [get_invoice(session, office.secretary, each).document.model_dump_json() for each in run.invoices]
        numbers = session.execute(text("SELECT number FROM billing.invoice ORDER BY number")).scalars().all()
    assert made == expected
    assert [int(number[-6:]) for number in numbers] == list(range(1, len(numbers) + 1))
    assert office.run().invoices == ()


@pytest.mark.timeout(120)
def test_two_runs_at_once_make_everything_once(office: Office, employer: Actor) -> None:
    """R49: credits, services and sums too; the second waits its turn and finds nothing."""
    supply_everything(office, employer)
    expected = len(would_make(office, employer))
    start, runs = Barrier(2), []

    def run() -> None:
        start.wait(timeout=20)
        runs.append(office.run())

    threads = [Thread(target=run) for _nth in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(len(each.invoices) for each in runs) == [0, expected]
