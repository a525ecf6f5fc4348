"""Every page of the data protection officer."""

from core.routing import Section
from portal.open.auditor import chain, trail

router = Section()
for each in (trail, chain):
    router.include_router(each.router)
