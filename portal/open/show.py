"""Shows a page of the side of whoever pays or manages, with the navigation of the role around it."""

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import HTMLResponse

from identity.guard import Work
from identity.roles import Role
from portal.navigation import Navigation, navigate
from portal.open.auditor.navigation import navigation as auditor
from portal.open.case_manager.navigation import navigation as case_manager
from portal.open.employee.navigation import navigation as employee
from portal.open.employer.navigation import navigation as employer
from portal.open.insurer.navigation import navigation as insurer
from portal.open.network_manager.navigation import navigation as network_manager
from portal.open.provider.navigation import navigation as provider
from portal.page import render

NAVIGATIONS: Mapping[Role, Navigation] = {
    Role.NETWORK_MANAGER: network_manager,
    Role.CASE_MANAGER: case_manager,
    Role.AUDITOR: auditor,
    Role.PROVIDER: provider,
    Role.EMPLOYEE: employee,
    Role.EMPLOYER: employer,
    Role.INSURER: insurer,
}
"""The navigation of each role of this side."""


def show(request: Request, work: Work, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return the page that `template` draws with `values`, for whoever works; the counts stand in its navigation."""
    request.state.nav = navigate(work, request.url.path, NAVIGATIONS)
    return render(request, template, status=status, **values)
