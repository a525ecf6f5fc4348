"""Numbers of registers: their form and their check digits (rules chapter 4)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from network import numbers

DIGITS = st.text("0123456789", min_size=1, max_size=14)
LENGTHS: dict[Callable[[str], str], int] = {
    numbers.agb: 8,
    numbers.kvk: 8,
    numbers.establishment: 12,
    numbers.big: 11,
    numbers.uzovi: 4,
}


def remainder_by_97(text: str) -> int:
    """The check of IBAN and VAT numbers as its standard describes it, written apart from the code under test."""
    return int("".join(str(int(sign, 36)) for sign in text)) % 97


@given(DIGITS)
def test_a_register_number_is_taken_at_exactly_its_own_length(text: str) -> None:
    for rule, length in LENGTHS.items():
        if len(text) == length and set(text) != {"0"}:
            assert rule(text) == text
        else:
            with pytest.raises(ValueError, match="cijfers"):
                rule(text)


@pytest.mark.parametrize("rule", LENGTHS)
@pytest.mark.parametrize("text", ["", "abc", "1234567x", "١٢٣٤٥٦٧٨", "²" * 8, "+1234567", "12345678\x00"])
def test_what_is_no_number_is_refused(rule: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match="cijfers"):
        rule(text)


def test_separators_are_left_out() -> None:
    assert numbers.agb(" 90.10 19-01 ") == "90101901"


def test_a_big_number_tells_the_profession() -> None:
    assert numbers.big_profession("19012345601") == "physician"
    assert numbers.big_profession("69012345604") == "physiotherapist"
    assert numbers.big_profession("19012345699") is None


@given(st.integers(1, 999_999_999), st.integers(0, 99))
def test_a_vat_number_with_the_modern_check_sum_is_taken(nine: int, check: int) -> None:
    number = f"NL{nine:09}B{check:02}"
    right = remainder_by_97(number) == 1
    if right and check:
        assert numbers.vat_id(number) == number
    elif not right and not elevens(f"{nine:09}"):
        with pytest.raises(ValueError, match="btw-nummer"):
            numbers.vat_id(number)


def elevens(nine: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, nine, strict=True)) % 11 == 0


@pytest.mark.parametrize("text", ["NL 0044.95.445 B01", "nl004495445b01"])
def test_a_vat_number_with_the_older_check_sum_is_taken_and_written_in_one_way(text: str) -> None:
    assert numbers.vat_id(text) == "NL004495445B01"


@pytest.mark.parametrize(
    "text", ["", "NL", "DE136695976", "NL123456789C01", "NL123456789B1", "004495445B01", "NL004495446B01"]
)
def test_a_wrong_vat_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="btw-nummer"):
        numbers.vat_id(text)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=4), st.integers(0, 9_999_999_999))
def test_an_account_number_is_right_with_exactly_one_pair_of_check_digits(bank: str, account: int) -> None:
    body = f"{bank}{account:010}"
    check = 98 - remainder_by_97(f"{body}NL00")
    right = f"NL{check:02}{body}"
    assert numbers.iban(f"{right[:4]} {right[4:8]} {right[8:]}".lower()) == right
    with pytest.raises(ValueError, match="IBAN"):
        numbers.iban(f"NL{check % 96 + 1 if check != 96 else 2:02}{body}")


@pytest.mark.parametrize("text", ["", "NL91ABNA041716430", "NL91ABNA04171643000", "XX00", "NL91ABNA0417164301"])
def test_a_wrong_account_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="IBAN"):
        numbers.iban(text)


def test_the_types_work_in_a_schema() -> None:
    assert TypeAdapter(numbers.Iban).validate_python("nl91 abna 0417 1643 00") == "NL91ABNA0417164300"
    with pytest.raises(ValidationError):
        TypeAdapter(numbers.Kvk).validate_python("123")
