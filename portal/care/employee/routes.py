"""Every page of an employee on the medical side; who looked stands on the open side."""

from fastapi import APIRouter

from portal.care.employee import consents, interventions, overview, shared

router = APIRouter()
for each in (overview, interventions, consents, shared):
    router.include_router(each.router)
