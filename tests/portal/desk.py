"""The desk of the medical secretariat, for tests of its pages."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from billing.tables import Invoice
from core.clock import today
from tests.portal.visitors import Visitor
from tests.world import World

HOME, CHARGING = "/secretariaat", "/secretariaat/doorbelasten"


CHECK = f"{CHARGING}/controleren"


K = 5


def page_of(invoice_id: UUID) -> str:
    return f"{HOME}/facturen/{invoice_id}"


def issued(world: World) -> list[Invoice]:
    with Session(world.database.owner) as session:
        return list(session.exec(select(Invoice).where(Invoice.tenant_id == world.tenant_id)))


def rehearsed(secretary: Visitor, when: date | None = None) -> str:
    """Let the invoices of a month be made to be looked at; returns where they are, to look at and to send."""
    return str(secretary.get(CHECK, month=f"{when or today():%Y-%m}").headers["location"])


def run_charging(secretary: Visitor, when: date | None = None) -> Any:
    """Look at the invoices of a month and send them, as a person does."""
    where = rehearsed(secretary, when)
    assert secretary.get(where).status_code == 200
    return secretary.send(where)
