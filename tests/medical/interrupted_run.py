"""A charge run in a process of its own that stops half-way and waits to be killed."""

import json
import sys
import time
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

import billing.charging.charge_runs
import billing.invoicing.invoices_issue
import medical.hatch.run
from core.clock import today
from core.database import Database, Door
from core.settings import Settings
from identity.actor import Actor
from identity.roles import Role

PLACES = {
    "charges": (medical.hatch.run, "bill_month"),  # charges are let out, no document is written
    "numbers": (billing.invoicing.invoices_issue, "write_documents"),  # numbers are taken
    "invoices": (billing.charging.charge_runs, "record"),  # everything is written, nothing committed
}


def main() -> None:
    """Run the charging of this month until the place that was named, say so, and wait."""
    wanted = json.loads(sys.stdin.readline())
    module, name = PLACES[wanted["place"]]

    def stop(*_arguments: object, **_named: object) -> None:
        sys.stdout.write("there\n")
        sys.stdout.flush()
        time.sleep(120)

    setattr(module, name, stop)
    settings = Settings(data_dir=Path(wanted["data_dir"]), secret_key=SecretStr(wanted["secret"]), demo=False)
    database = Database(settings, wanted["url"])
    who = wanted["actor"]
    actor = Actor(
        role=Role.SECRETARY,
        tenant_id=UUID(who["tenant_id"]),
        organisation_id=UUID(who["organisation_id"]),
        account_id=UUID(who["account_id"]),
        membership_id=UUID(who["membership_id"]),
        person_id=UUID(who["person_id"]),
        email="secretary@example.test",
        name="Test",
    )
    with database.transaction(Door.CARE, actor.context) as session:
        medical.hatch.run.run_charging(session, actor, today())


if __name__ == "__main__":
    main()
