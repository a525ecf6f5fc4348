"""Every page of the data protection officer."""

from core.routing import Section
from portal.open.auditor import chain, emergencies, removed, trail

router = Section()
for each in (trail, emergencies, chain, removed):
    router.include_router(each.router)
