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
    queue,
    reminders,
    services,
    settings,
    statements,
)

router = Section()
for each in (
    queue,
    invoice,
    charging,
    services,
    bearing,
    crediting,
    issued,
    ledger,
    books,
    settings,
    statements,
    reminders,
):
    router.include_router(each.router)
