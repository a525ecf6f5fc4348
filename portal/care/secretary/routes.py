"""Every page of the medical secretariat."""

from fastapi import APIRouter

from portal.care.secretary import charging, invoice, issued, ledger, queue

router = APIRouter()
for each in (queue, invoice, charging, issued, ledger):
    router.include_router(each.router)
