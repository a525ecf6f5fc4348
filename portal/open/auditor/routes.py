"""Every page of the data protection officer."""

from core.routing import Section
from portal.open.auditor import chain, emergencies, trail

router = Section()
for each in (trail, emergencies, chain):
    router.include_router(each.router)
