"""Every page of an employee on the open side."""

from portal.open.employee.looked import router

__all__ = ["router"]
