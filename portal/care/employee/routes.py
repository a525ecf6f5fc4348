"""Every page of an employee on the medical side; who looked stands on the open side."""

from core.routing import Section
from portal.care.employee import consents, interventions, overview, shared

router = Section()
for each in (overview, interventions, consents, shared):
    router.include_router(each.router)
