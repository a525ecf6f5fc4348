"""What is wrong with an input, field by field, in the language of the person; and the types most inputs are made of."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, get_args

from babel.numbers import format_decimal
from pydantic import AfterValidator, StringConstraints, ValidationError
from pydantic_core.core_schema import ErrorType

from core.clock import first_allowed_day, last_allowed_day
from core.errors import FieldError
from core.language import _, language, speaking

# Where FastAPI says from which part of the request a value came; the caller only knows the field.
REQUEST_PARTS = frozenset({"body", "query", "path", "header", "cookie"})
PYDANTIC_KINDS = frozenset(get_args(ErrorType))
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")


def _without_control_characters(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError(_("Hier staan tekens in die niet te lezen zijn. Typ de tekst opnieuw."))
    return text


def _on_one_line(text: str) -> str:
    if "\n" in text or "\r" in text or "\t" in text:
        raise ValueError(_("Schrijf dit op één regel."))
    return text


def _within_allowed_days(day: date) -> date:
    if day < first_allowed_day():
        raise ValueError(_("Deze datum is te lang geleden: kies een dag vanaf 1 januari 1990."))
    if day > last_allowed_day():
        raise ValueError(_("Deze datum is te ver weg: kies een dag binnen twee jaar."))
    return day


Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_without_control_characters)
]
"""Text of several lines; add the limit where it is used: `Annotated[Prose, Field(max_length=2000)]`."""

OneLine = Annotated[Prose, AfterValidator(_on_one_line)]
"""Text on one line; add the limit where it is used."""

Day = Annotated[date, AfterValidator(_within_allowed_days)]
"""A calendar day from 1990 until two years from now."""


def field_errors(fault: ValidationError | Sequence[Mapping[str, Any]]) -> tuple[FieldError, ...]:
    """Return every fault as a field (dotted, `lines.0.quantity`; empty for the whole) and a sentence.

    Takes pydantic's exception, or the list that FastAPI keeps in its RequestValidationError.
    """
    if isinstance(fault, ValidationError):
        return tuple(FieldError(_dotted(error["loc"]), sentence(error)) for error in fault.errors())
    return tuple(FieldError(_dotted(_within_part(error["loc"])), sentence(error)) for error in fault)


def sentence(error: Mapping[str, Any]) -> str:
    """Return pydantic's `error` as a sentence in the language of the person."""
    kind, context = _kind(error), error.get("ctx") or {}
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    template = _sentences(language()).get(kind)
    if template is None:
        # A room that raises PydanticCustomError under a word of its own has written the sentence itself.
        return _("Deze waarde klopt niet.") if kind in PYDANTIC_KINDS else str(error["msg"])
    return template % {name: _shown(value) for name, value in context.items()}


def _kind(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    # A limit set outside a validator counts as one on "a value"; to the person it is about characters of a text.
    if kind in ("too_short", "too_long") and isinstance(error.get("input"), str):
        kind = f"string_{kind}"
    return "missing" if kind == "string_too_short" and error["ctx"]["min_length"] == 1 else kind


def _within_part(location: Sequence[str | int]) -> Sequence[str | int]:
    if location and location[0] in REQUEST_PARTS:
        # A body that is not JSON is reported with the place of the character, which is no field.
        return [] if len(location) == 2 and isinstance(location[1], int) else location[1:]
    return location


def _dotted(location: Sequence[str | int]) -> str:
    # Steps such as `function-after[...]` name a branch of a union, which the caller never wrote.
    return ".".join(str(step) for step in location if "[" not in str(step))


def _shown(value: object) -> str:
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, int | float | Decimal):
        return str(format_decimal(value, locale=language()))
    # Pydantic lists choices as 'a', 'b' or 'c'; the quoted words are what counts.
    return ", ".join(re.findall(r"'([^']*)'", str(value))) or str(value)


@cache
def _sentences(code: str) -> Mapping[str, str]:
    """Return the sentence of each kind of fault in the language `code`."""
    with speaking(code):
        return _about_shape() | _about_text() | _about_bounds() | _about_numbers() | _about_time()


def _about_shape() -> dict[str, str]:
    many = _("Geef hier een lijst.")
    several = _("Geef hier een geheel van velden.")
    mark = _("Dit is geen geldig kenmerk.")
    return {
        "missing": _("Vul dit in."),
        "extra_forbidden": _("Dit veld hoort hier niet."),
        "json_invalid": _("Dit is geen geldige JSON."),
        "bool_type": _("Kies ja of nee."),
        "bool_parsing": _("Kies ja of nee."),
        "enum": _("Kies een van deze waarden: %(expected)s."),
        "literal_error": _("Kies een van deze waarden: %(expected)s."),
        "union_tag_invalid": _("Kies een van deze waarden: %(expected_tags)s."),
        "union_tag_not_found": _("Vul dit in."),
        "uuid_type": mark,
        "uuid_parsing": mark,
        "uuid_version": mark,
        "list_type": many,
        "tuple_type": many,
        "set_type": many,
        "frozen_set_type": many,
        "dict_type": several,
        "model_type": several,
        "model_attributes_type": several,
        "dataclass_type": several,
    }


def _about_text() -> dict[str, str]:
    return {
        "string_type": _("Geef hier tekst."),
        "string_unicode": _("Hier staan tekens in die niet te lezen zijn. Typ de tekst opnieuw."),
        "string_too_short": _("Gebruik ten minste %(min_length)s tekens."),
        "string_too_long": _("Gebruik hooguit %(max_length)s tekens."),
        "string_pattern_mismatch": _("Dit heeft niet de vorm die hier hoort."),
    }


def _about_bounds() -> dict[str, str]:
    return {
        "too_short": _("Geef er ten minste %(min_length)s."),
        "too_long": _("Geef er hooguit %(max_length)s."),
        "greater_than": _("Dit moet meer zijn dan %(gt)s."),
        "greater_than_equal": _("Dit moet ten minste %(ge)s zijn."),
        "less_than": _("Dit moet minder zijn dan %(lt)s."),
        "less_than_equal": _("Dit mag hooguit %(le)s zijn."),
        "multiple_of": _("Dit moet een veelvoud zijn van %(multiple_of)s."),
    }


def _about_numbers() -> dict[str, str]:
    number = _("Geef een getal, bijvoorbeeld 12.")
    whole = _("Geef een heel getal, bijvoorbeeld 12.")
    return {
        "finite_number": number,
        "float_type": number,
        "float_parsing": number,
        "decimal_type": number,
        "decimal_parsing": number,
        "decimal_max_digits": _("Gebruik hooguit %(max_digits)s cijfers."),
        "decimal_max_places": _("Gebruik hooguit %(decimal_places)s cijfers achter de komma."),
        "decimal_whole_digits": _("Gebruik hooguit %(whole_digits)s cijfers voor de komma."),
        "int_type": whole,
        "int_parsing": whole,
        "int_parsing_size": _("Dit getal is te groot."),
        "int_from_float": whole,
    }


def _about_time() -> dict[str, str]:
    day = _("Geef een datum die bestaat, met dag, maand en jaar.")
    moment = _("Geef een datum met een tijd die bestaat.")
    clock = _("Geef een tijd, bijvoorbeeld 14:30.")
    return {
        "date_type": day,
        "date_parsing": day,
        "date_from_datetime_parsing": day,
        "date_from_datetime_inexact": _("Geef alleen een datum, zonder tijd."),
        "date_past": _("Kies een dag vóór vandaag."),
        "date_future": _("Kies een dag na vandaag."),
        "datetime_type": moment,
        "datetime_parsing": moment,
        "datetime_object_invalid": moment,
        "datetime_from_date_parsing": moment,
        "timezone_naive": _("Geef de tijd zonder tijdzone."),
        "timezone_aware": _("Geef de tijd met een tijdzone, bijvoorbeeld Z."),
        "time_type": clock,
        "time_parsing": clock,
    }
