"""Every page of the medical secretariat."""

from core.routing import Section
from portal.care.secretary import (
    bearing,
    books,
    charging,
    crediting,
    invoice,
    issued,
    ledger,
    operation,
    paying,
    queue,
    receiving,
    reminders,
    services,
    settings,
    specifications,
    statements,
)

router = Section()
CHARGES = (queue, invoice, charging, services, bearing, crediting, issued)
MONEY = (ledger, books, settings, statements, reminders, paying, receiving, specifications, operation)
for each in (*CHARGES, *MONEY):
    router.include_router(each.router)
