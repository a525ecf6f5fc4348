"""Shows a page of the medical side, with the navigation of the role around it."""

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import HTMLResponse

from identity.guard import Work
from identity.roles import Role
from portal.care.physician.navigation import navigation as physician
from portal.care.provider.navigation import navigation as provider
from portal.care.secretary.navigation import navigation as secretary
from portal.navigation import Navigation, navigate
from portal.open.employee.navigation import navigation as employee
from portal.page import render

NAVIGATIONS: Mapping[Role, Navigation] = {
    Role.PHYSICIAN: physician,
    Role.DELEGATE: physician,
    Role.PROVIDER: provider,
    Role.EMPLOYEE: employee,
    Role.SECRETARY: secretary,
}
"""The navigation of each role of this side."""


def show(request: Request, work: Work, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return the page that `template` draws with `values`, for whoever works; the counts stand in its navigation."""
    request.state.nav = navigate(work, request.url.path, NAVIGATIONS)
    return render(request, template, status=status, **values)
