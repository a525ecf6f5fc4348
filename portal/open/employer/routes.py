"""Every page of the employer."""

from fastapi import APIRouter

from portal.open.employer import costs, invoices, steps, worklist

router = APIRouter()
for each in (worklist, costs, invoices, steps):
    router.include_router(each.router)
