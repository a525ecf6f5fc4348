"""The desk of the medical secretariat, for tests of its pages."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from billing.tables import Invoice
from core.clock import today
from tests.portal.reading import field
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


def mark_on(page: str) -> str:
    return field(page, "seen")


def run_charging(secretary: Visitor, when: date | None = None) -> Any:
    """Look at the invoices of a month and send them, as a person does."""
    wanted = f"{when or today():%Y-%m}"
    looked_at = secretary.get(CHECK, month=wanted)
    return secretary.send(CHECK, month=wanted, seen=mark_on(looked_at.text))
