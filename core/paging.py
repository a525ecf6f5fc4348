"""One page of a longer list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")

LARGEST_PAGE = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """The items of page `page` (from 1 on), which holds at most `page_size` of the `total`."""

    items: tuple[T, ...]
    total: int
    page: int
    page_size: int

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.page_size))

    def map(self, shown: Callable[[T], U]) -> "Page[U]":
        """Return the same page with each item as `shown` makes it."""
        return Page(tuple(shown(item) for item in self.items), self.total, self.page, self.page_size)


def offset(page: int, page_size: int) -> int:
    """Return how many rows come before page `page`."""
    return (page - 1) * page_size
