"""Every page of the data protection officer."""

from fastapi import APIRouter

from portal.open.auditor import chain, trail

router = APIRouter()
for each in (trail, chain):
    router.include_router(each.router)
