"""A page knows how many there are."""

import pytest

from core.paging import Page, offset


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (101, 3)])
def test_number_of_pages(total: int, pages: int) -> None:
    assert Page[int]((), total, 1, 50).pages == pages


def test_map_keeps_the_rest() -> None:
    assert Page((1, 2), 12, 2, 5).map(str) == Page(("1", "2"), 12, 2, 5)


def test_offset_counts_from_page_one() -> None:
    assert [offset(page, 20) for page in (1, 2, 3)] == [0, 20, 40]
