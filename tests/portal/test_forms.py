"""Forms: every fault at once, nothing that was typed gets lost, and amounts and days as people type them."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Annotated
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator
from starlette.datastructures import FormData, QueryParams, UploadFile

from core.errors import FieldError
from core.validation import Prose
from portal.forms import Form, blank, parse
from portal.typed import Euros, TypedDay, TypedNumber, typed_euros


class Line(BaseModel):
    description: Prose
    quantity: Annotated[int, Field(ge=1, le=9)]


class Request(BaseModel, extra="forbid"):
    goal: Annotated[Prose, Field(max_length=20)]
    units: Annotated[int, Field(ge=1)]
    start: TypedDay | None = None
    days: list[str] = []
    agreed: bool = False
    lines: list[Line] = []


def sent(*pairs: tuple[str, str]) -> Form[Request]:
    return parse(Request, FormData(list(pairs)))


def test_a_good_form_has_a_value_and_no_errors() -> None:
    form = sent(("goal", " Terug naar werk "), ("units", "8"), ("start", "12-11-2026"), ("agreed", "on"))
    assert form.errors == {}
    assert form.value == Request(goal="Terug naar werk", units=8, start=date(2026, 11, 12), agreed=True)


def test_every_fault_is_told_at_once_and_what_was_typed_stays() -> None:
    form = sent(("goal", "x" * 21), ("units", "acht"), ("start", "31-02-2026"), ("days", "mo"), ("days", "we"))
    assert form.value is None
    assert form.errors == {
        "goal": "Gebruik hooguit 20 tekens.",
        "units": "Geef een heel getal, bijvoorbeeld 12.",
        "start": "Geef een datum die bestaat, met dag, maand en jaar.",
    }
    assert (form.of("goal"), form.of("units"), form.of("start")) == ("x" * 21, "acht", "31-02-2026")
    assert form.all_of("days") == ("mo", "we")


def test_an_empty_field_is_not_there() -> None:
    form = sent(("goal", "  "), ("units", "3"), ("start", ""))
    assert form.errors == {"goal": "Vul dit in."}


def test_one_choice_of_many_is_still_a_list() -> None:
    assert sent(("goal", "x"), ("units", "1"), ("days", "mo")).value == Request(goal="x", units=1, days=["mo"])


def test_a_line_end_counts_as_one_character() -> None:
    form = sent(("goal", "a" * 9 + "\r\n" + "b" * 10), ("units", "1"))
    assert form.value is not None
    assert form.value.goal == "a" * 9 + "\n" + "b" * 10


def test_empty_rows_are_skipped_and_faults_keep_the_row_of_the_page() -> None:
    form = sent(
        ("goal", "x"),
        ("units", "1"),
        ("lines.0.description", ""),
        ("lines.0.quantity", " "),
        ("lines.1.description", "Sessie"),
        ("lines.1.quantity", "2"),
        ("lines.3.description", "Rapport"),
        ("lines.3.quantity", "10"),
    )
    assert form.errors == {"lines.3.quantity": "Dit mag hooguit 9 zijn."}
    assert list(form.rows("lines", least=2)) == [0, 1, 2, 3]
    assert list(form.rows("lines", least=6)) == list(range(6))


def test_fields_of_the_form_itself_are_no_input_but_others_are() -> None:
    form = sent(("csrf_token", "t"), ("submission", "s"), ("goal", "x"), ("units", "1"), ("role", "physician"))
    assert form.errors == {"role": "Dit veld hoort hier niet."}


def test_the_mark_of_a_submission_survives_and_reaches_a_model_that_asks_for_it() -> None:
    class Once(BaseModel):
        submission: UUID

    first = blank()
    mark = first.submission
    again = parse(Once, FormData([("submission", mark)]))
    assert again.submission == mark
    assert again.value == Once(submission=UUID(mark))
    assert blank().submission != mark


def test_what_the_use_case_finds_stands_beside_the_first_fault_of_each_field() -> None:
    form = sent(("goal", "x"), ("units", "1"))
    refused = form.refused(
        [FieldError("units", "Te veel."), FieldError("units", "Ook dit."), FieldError("", "Geheel.")]
    )
    assert refused.value is None
    assert refused.errors == {"units": "Te veel.", "": "Geheel."}
    assert refused.of("goal") == "x"


def test_the_summary_follows_the_page_and_hides_nothing() -> None:
    form = sent(("units", "x"), ("role", "x"))
    form.name("units", "Aantal?")
    form.name("goal", "Doel")
    assert [(fault.field, fault.label) for fault in form.faults()] == [
        ("units", "Aantal"),
        ("goal", "Doel"),
        ("role", ""),
    ]


def test_a_fault_of_the_whole_belongs_to_no_field() -> None:
    class Pair(BaseModel):
        first: int
        last: int

        @model_validator(mode="after")
        def in_order(self) -> "Pair":
            if self.last < self.first:
                raise ValueError("Het einde ligt voor het begin.")
            return self

    assert parse(Pair, QueryParams("first=3&last=1")).errors == {"": "Het einde ligt voor het begin."}


def test_a_file_that_was_not_chosen_is_not_there() -> None:
    class Upload(BaseModel):
        letter: UploadFile

        model_config = {"arbitrary_types_allowed": True}

    chosen = UploadFile(BytesIO(b"x"), filename="brief.pdf")
    assert parse(Upload, FormData([("letter", UploadFile(BytesIO(), filename=""))])).errors == {"letter": "Vul dit in."}
    form = parse(Upload, FormData([("letter", chosen)]))
    assert form.value is not None
    assert form.value.letter is chosen


def test_first_values_are_written_as_they_would_be_typed() -> None:
    form = blank({"goal": "x"}, units=8, start=date(2026, 11, 12), days=["mo", "we"], agreed=True, gone=None)
    assert [form.of(name) for name in ("goal", "units", "start", "agreed", "gone")] == [
        "x",
        "8",
        "2026-11-12",
        "on",
        "",
    ]
    assert form.all_of("days") == ("mo", "we")
    assert blank(agreed=False).of("agreed") == ""


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1.297,50", 129750),
        ("1297,5", 129750),
        ("€ 1.297", 129700),
        ("1297.50", 129750),
        ("1,297.00", 129700),
        ("1.297.000,00", 129700000),
        ("0,05", 5),
        ("12", 1200),
    ],
)
def test_amounts_as_people_type_them(typed: str, cents: int) -> None:
    assert TypeAdapter(Euros).validate_python(typed) == cents


@pytest.mark.parametrize("typed", ["1.2.3", "-5", "1.297.50", "1.297,505", "twaalf", "1e3", "12,", "9" * 17, "NaN"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="bedrag in euro"):
        TypeAdapter(Euros).validate_python(typed)


def test_typed_euros_come_back_as_the_same_amount() -> None:
    for cents in (0, 5, 99, 100, 129750):
        assert TypeAdapter(Euros).validate_python(typed_euros(cents)) == cents


@pytest.mark.parametrize("typed", ["12-11-2026", "12/11/2026", "12.11.2026", "2026-11-12"])
def test_days_as_people_type_them(typed: str) -> None:
    assert TypeAdapter(TypedDay).validate_python(typed) == date(2026, 11, 12)


def test_numbers_with_a_comma() -> None:
    assert TypeAdapter(TypedNumber).validate_python("7,5") == Decimal("7.5")
    assert TypeAdapter(TypedNumber).validate_python("7.5") == Decimal("7.5")
