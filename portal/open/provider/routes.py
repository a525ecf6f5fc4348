"""Every page of a provider about its offerings and registrations."""

from core.routing import Section
from portal.open.provider import measured, offering_form, offerings, registrations, waits

router = Section()
# The form comes first: `nieuw` stands where an id could stand too.
for each in (offering_form, offerings, waits, registrations, measured):
    router.include_router(each.router)
