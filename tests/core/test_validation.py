"""Every fault becomes a sentence in the language of the person, with the field as the caller wrote it."""

from datetime import date, timedelta
from typing import Annotated, Literal, get_args

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ErrorType

from core.clock import today
from core.errors import FieldError
from core.validation import Day, OneLine, Prose, field_errors, sentence

CONTEXT = {
    "min_length": 2,
    "max_length": 3,
    "gt": 1,
    "ge": 1,
    "lt": 1,
    "le": 1,
    "multiple_of": 5,
    "max_digits": 4,
    "decimal_places": 2,
    "whole_digits": 2,
    "expected": "'a' or 'b'",
    "expected_tags": "'a', 'b'",
    "error": ValueError("Eigen zin."),
}


class Line(BaseModel):
    quantity: int


class Input(BaseModel, extra="forbid"):
    name: Annotated[OneLine, Field(max_length=5)]
    text: Annotated[Prose, Field(max_length=5)] = "x"
    on: Day = date(2026, 1, 1)
    units: Annotated[int, Field(ge=1, le=4000)] = 1
    kind: Literal["a", "b"] = "a"
    lines: list[Line] = []


def faults(**values: object) -> list[FieldError]:
    with pytest.raises(ValidationError) as caught:
        Input.model_validate({"name": "x", **values})
    return list(field_errors(caught.value))


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_kind_of_fault_speaks_english(kind: str) -> None:
    said = sentence({"type": kind, "msg": "Input should be English", "ctx": CONTEXT, "input": 1})
    assert said
    assert "should" not in said
    assert "%(" not in said


def test_all_faults_are_told_at_once_with_dotted_fields() -> None:
    found = faults(name="te lang voor dit", units=5000, kind="c", lines=[{"quantity": 1}, {"quantity": "x"}], extra=1)
    assert found == [
        FieldError("name", "Gebruik hooguit 5 tekens."),
        FieldError("units", "Dit mag hooguit 4.000 zijn."),
        FieldError("kind", "Kies een van deze waarden: a, b."),
        FieldError("lines.1.quantity", "Geef een heel getal, bijvoorbeeld 12."),
        FieldError("extra", "Dit veld hoort hier niet."),
    ]


def test_empty_text_is_text_that_was_not_filled_in() -> None:
    assert faults(name="   ") == [FieldError("name", "Vul dit in.")]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\u2028b", "\ud800"])
def test_text_that_cannot_be_kept_is_refused(text: str) -> None:
    assert faults(text=text) == [
        FieldError("text", "Hier staan tekens in die niet te lezen zijn. Typ de tekst opnieuw.")
    ]


def test_one_line_has_no_second() -> None:
    assert faults(name="a\nb") == [FieldError("name", "Schrijf dit op één regel.")]
    assert Input.model_validate({"name": "x", "text": "a\n\tb"}).text == "a\n\tb"


@pytest.mark.parametrize(("day", "allowed"), [(date(1990, 1, 1), True), (date(1989, 12, 31), False)])
def test_days_begin_in_1990(day: date, allowed: bool) -> None:
    if allowed:
        assert Input.model_validate({"name": "x", "on": day}).on == day
    else:
        assert faults(on=day)[0].message.startswith("Deze datum is te lang geleden")


def test_days_end_in_two_years() -> None:
    assert Input.model_validate({"name": "x", "on": today() + timedelta(days=731)})
    assert faults(on=today() + timedelta(days=732))[0].message.startswith("Deze datum is te ver weg")


def test_the_part_of_the_request_is_no_field() -> None:
    raw: list[dict[str, object]] = [
        {"type": "missing", "loc": ("body", "goal"), "msg": "Field required", "input": None},
        {"type": "int_parsing", "loc": ("query", "page"), "msg": "English", "input": "x"},
        {"type": "json_invalid", "loc": ("body", 12), "msg": "JSON decode error", "input": {}, "ctx": {"error": "x"}},
        {"type": "missing", "loc": ("body",), "msg": "Field required", "input": None},
    ]
    assert field_errors(raw) == (
        FieldError("goal", "Vul dit in."),
        FieldError("page", "Geef een heel getal, bijvoorbeeld 12."),
        FieldError("", "Dit is geen geldige JSON."),
        FieldError("", "Vul dit in."),
    )


def test_a_field_that_is_called_body_keeps_its_name() -> None:
    class Letter(BaseModel):
        body: str

    with pytest.raises(ValidationError) as caught:
        Letter.model_validate({})
    assert field_errors(caught.value) == (FieldError("body", "Vul dit in."),)


def test_a_room_may_write_its_own_sentence() -> None:
    error = PydanticCustomError("iban", "Dit rekeningnummer bestaat niet.")
    assert sentence({"type": error.type, "msg": error.message(), "input": "x"}) == "Dit rekeningnummer bestaat niet."
