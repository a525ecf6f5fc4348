"""The navigation of a role: what stands in it is said by its pages, where one is in it follows from the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session

from identity.actor import Actor
from identity.guard import Work
from identity.roles import Role
from portal.page import NavItem

Navigation = Callable[[Session, Actor], tuple[NavItem, ...]]
"""Returns the places of a role, with how much waits there, for one actor."""


def navigate(work: Work, path: str, navigations: Mapping[Role, Navigation]) -> tuple[NavItem, ...]:
    """Return the navigation of whoever works, with the place of `path` marked; nothing for a role that has none yet."""
    of_role = navigations.get(work.actor.role)
    items = of_role(work.session, work.actor) if of_role else ()
    here = place_of(path, items)
    return tuple(replace(item, current=item.href == here) for item in items)


def place_of(path: str, items: Sequence[NavItem]) -> str | None:
    """Return the address of the place to which `path` belongs: the longest one that it begins with."""
    above = [item.href for item in items if path == item.href or path.startswith(f"{item.href}/")]
    return max(above, key=len, default=None)
