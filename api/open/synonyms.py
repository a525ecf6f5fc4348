"""Synonyms over JSON: what means the same to who searches in this network."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.paged import Paged, PageQuery
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission
from search.synonym_groups import NewGroup, keep_group, list_groups

router = Section(prefix="/synonyms", tags=["search"])
Manager = Annotated[Work, open_side(Permission.MANAGE_NETWORK)]


class GroupOut(BaseModel):
    """Expressions that mean the same as the preferred one; without others the group is switched off."""

    model_config = ConfigDict(from_attributes=True)

    preferred: str
    others: list[str]
    built_in: bool
    version: int


class GroupsOut(Paged[GroupOut]):
    """A page of groups by name."""


class GroupsQuery(PageQuery):
    """Which groups; `q` is a part of one of the expressions."""

    q: str = Field(default="", max_length=100)


@router.get("")
def groups(work: Manager, query: Annotated[GroupsQuery, Query()]) -> GroupsOut:
    """Return the groups that hold in this network."""
    found = list_groups(work.session, work.actor, query.q, query.page, query.page_size)
    results = [GroupOut.model_validate(group) for group in found.items]
    return GroupsOut(total=found.total, page=found.page, page_size=found.page_size, results=results)


@router.put("")
def kept(work: Manager, body: NewGroup) -> GroupOut:
    """Add a group, or give the one of this name other expressions; the next question already follows it."""
    return GroupOut.model_validate(keep_group(work.session, work.actor, body))
