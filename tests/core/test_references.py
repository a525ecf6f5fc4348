"""Numbers that people read out to one another."""

import re

from core.references import random_number


def test_numbers_are_random_and_easy_to_read_out() -> None:
    numbers = {random_number("Z") for _position in range(500)}
    assert len(numbers) == 500
    assert all(re.fullmatch(r"Z-[0-9A-HJKMNP-TV-Z]{8}", number) for number in numbers)
