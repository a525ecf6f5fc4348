"""Every route of the HTML door, on one list."""

from typing import Annotated

from fastapi import Depends, FastAPI
from starlette.responses import RedirectResponse

from core.routing import Section
from identity.counting import count_at_the_door
from identity.guard import Work, open_side
from identity.policy import Permission
from portal.account import (
    arrival,
    notices,
    password,
    people,
    provider_links,
    provider_sign_in,
    second_step,
    security,
    set_up,
    sign_in,
    tokens,
)
from portal.assets import Assets
from portal.care import calendar as care_calendar
from portal.care.employee import routes as employee
from portal.care.physician import routes as physician
from portal.care.provider import routes as provider
from portal.care.secretary import routes as secretary
from portal.csrf import protect
from portal.homes import home_of
from portal.open import paying
from portal.open.auditor import routes as auditor
from portal.open.case_manager import routes as case_manager
from portal.open.employee import routes as employee_looked
from portal.open.employer import routes as employer
from portal.open.insurer import routes as insurer
from portal.open.network_manager import routes as network_manager
from portal.open.provider import routes as provider_offerings
from portal.public import calendar, search_order

router = Section(dependencies=[Depends(count_at_the_door), Depends(protect)], include_in_schema=False)
ROLES = (
    sign_in,
    provider_sign_in,
    provider_links,
    second_step,
    set_up,
    arrival,
    people,
    security,
    password,
    tokens,
    notices,
    care_calendar,
    calendar,
    search_order,
    physician,
    provider,
    provider_offerings,
    employee,
    employee_looked,
    network_manager,
    case_manager,
    auditor,
    secretary,
    employer,
    insurer,
    paying,
)
for each in ROLES:
    router.include_router(each.router)


@router.get("/")
def front_door(work: Annotated[Work, open_side(Permission.SEE_SELF)]) -> RedirectResponse:
    """Send everybody to his own worklist."""
    return RedirectResponse(home_of(work.actor.role), status_code=303)


def install(app: FastAPI) -> None:
    """Add the portal and its static files to `app`."""
    app.include_router(router)
    app.mount("/static", Assets(), name="static")
