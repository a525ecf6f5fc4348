"""What every list over JSON has in common: it is paged."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from core.paging import LARGEST_PAGE

T = TypeVar("T")


class PageQuery(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(default=1, ge=1, le=10_000)
    page_size: int = Field(default=50, ge=1, le=LARGEST_PAGE)


class Paged(BaseModel, Generic[T]):
    """A page of a list, and how long the list is."""

    total: int
    page: int
    page_size: int
    results: list[T]
