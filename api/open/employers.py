"""The employers for whom the caller works."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from api.paged import Paged, PageQuery
from cases.employers import list_employers
from core.routing import Section
from identity.guard import Work, open_side
from identity.policy import Permission

router = Section(prefix="/employers", tags=["cases"])


class EmployerOut(BaseModel):
    """An employer by name."""

    id: UUID
    name: str


class EmployersOut(Paged[EmployerOut]):
    """A page of employers, by name."""


class EmployersQuery(PageQuery):
    """Which employers; `q` is a part of the name."""

    q: str | None = Field(default=None, max_length=100)


@router.get("")
def employers(
    work: Annotated[Work, open_side(Permission.SEE_EMPLOYERS)], query: Annotated[EmployersQuery, Query()]
) -> EmployersOut:
    """Return the employers for whom the caller works: all of the arbodienst, or those to whom he is assigned."""
    found = list_employers(work.session, work.actor, query.q, query.page, query.page_size)
    return EmployersOut(
        total=found.total,
        page=found.page,
        page_size=found.page_size,
        results=[EmployerOut(id=employer.id, name=employer.name) for employer in found.items],
    )
