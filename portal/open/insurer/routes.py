"""Every page of the insurer."""

from fastapi import APIRouter

from portal.open.insurer import decision, invoices, requests

router = APIRouter()
for each in (requests, decision, invoices):
    router.include_router(each.router)
