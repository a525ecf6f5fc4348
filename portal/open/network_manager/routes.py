"""Every page under /netwerk, for the network manager."""

from core.routing import Section
from portal.open.network_manager import (
    contracts,
    offering_decide,
    offerings,
    policies,
    provider,
    provider_facts,
    providers,
    registrations,
    synonyms,
    terms,
    waits,
    worklist,
)
from portal.open.network_manager.navigation import HOME

router = Section()
router.include_router(worklist.router)
# The pages with a fixed name come before those that take an id in the same place.
for each in (
    offerings,
    offering_decide,
    providers,
    provider_facts,
    provider,
    contracts,
    registrations,
    synonyms,
    terms,
    waits,
    policies,
):
    router.include_router(each.router, prefix=HOME)
