"""Forms: what was typed, the checked value or the errors, and nothing lost between the two."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin
from uuid import uuid4

from fastapi import Depends, Request
from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import FormData, ImmutableMultiDict, UploadFile

from core.errors import FieldError
from core.validation import field_errors

T = TypeVar("T", bound=BaseModel)
MOST_FIELDS = 500
MOST_FILES = 5
# One field of a form; a file is read in pieces and is bounded by the limit on the whole body.
LARGEST_FIELD = 1024 * 1024
# Fields that belong to the form itself and not to what the person fills in.
OWN_FIELDS = frozenset({"csrf_token", "submission"})
ROW = re.compile(r"^(\w+)\.(\d{1,3})\.(\w+)$")


@dataclass(frozen=True)
class Fault:
    """One line of the error summary: the field, the name under which the page shows it, and the sentence."""

    field: str
    label: str
    message: str


@dataclass(frozen=True)
class Form(Generic[T]):
    """A form as it stands: `value` when all is well, otherwise `errors` per field; always `typed`, as it was typed.

    Fields of rows are named `lines.0.quantity`. The page tells the form the label of each field while it is drawn,
    so that the summary above it can call the fields by the names that the person sees.
    """

    value: T | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """Return what was typed in a field, or nothing."""
        return self.all_of(name)[-1] if self.all_of(name) else ""

    def all_of(self, name: str) -> tuple[str, ...]:
        """Return every choice that was made in a field."""
        return self.typed.get(name, ())

    def error(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return self.errors.get(name, "")

    def name(self, field_name: str, label: str) -> None:
        """Remember under which name the page shows a field."""
        self.labels[field_name] = label

    def rows(self, name: str, least: int = 1) -> range:
        """Return the indices of the rows to draw: all that were typed and at least `least`."""
        typed = [int(match[2]) for key in self.typed if (match := ROW.match(key)) and match[1] == name]
        return range(max([least, *(index + 1 for index in typed)]))

    def faults(self) -> list[Fault]:
        """Return the errors in the order of the page, those of fields that the page does not show last."""
        shown = [name for name in self.labels if name in self.errors]
        unseen = [name for name in self.errors if name not in self.labels]
        # A question reads better without its mark in front of what is wrong with the answer.
        return [Fault(name, self.labels.get(name, "").rstrip("?"), self.errors[name]) for name in shown + unseen]

    @property
    def submission(self) -> str:
        """Return the mark of this form, kept when it comes back, by which a second submit can be recognised."""
        return self.of("submission") or str(uuid4())

    def refused(self, errors: Iterable[FieldError]) -> "Form[T]":
        """Return the same form with what a use case found wrong with it; it no longer has a value."""
        found = {error.field: error.message for error in reversed(list(errors))}
        return replace(self, value=None, errors={**self.errors, **found})


class Place(BaseModel):
    """Which page of the list."""

    page: int = Field(default=1, ge=1, le=10_000)


def blank(initial: Mapping[str, object] | None = None, **more: object) -> Form[Any]:
    """Return a form that nobody has sent yet, with its first values written as a person would type them."""
    values = {**(initial or {}), **more}
    return Form(typed={name: _as_typed(value) for name, value in values.items() if value is not None})


def parse(model: type[T], data: ImmutableMultiDict[str, Any]) -> Form[T]:
    """Check what was sent (a form, or a query string) against `model`; a field left empty counts as not there."""
    sent = {name: _tidy(data.getlist(name)) for name in data}
    typed = {name: tuple(v for v in values if isinstance(v, str)) for name, values in sent.items()}
    values, rows = _structured(model, sent)
    try:
        return Form(value=model.model_validate(values), typed=typed)
    except ValidationError as fault:
        errors = [FieldError(_as_sent(error.field, rows), error.message) for error in field_errors(fault)]
        return Form[T](typed=typed).refused(errors)


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """Read the form of a request for a plain `def` route, and close its files afterwards."""
    async with request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES, max_part_size=LARGEST_FIELD) as data:
        yield data


FormFields = Annotated[FormData, Depends(read_form)]
"""The fields that a route was sent: `def post(request: Request, data: FormFields)`."""


def _as_typed(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(text for item in value for text in _as_typed(item))
    if isinstance(value, bool):
        return ("on",) if value else ()
    return (str(value.value if isinstance(value, Enum) else value),)


def _tidy(values: list[Any]) -> list[Any]:
    """Keep the files that were really chosen, and write line ends as one character, so that lengths are fair."""
    texts = [value.replace("\r\n", "\n") if isinstance(value, str) else value for value in values]
    return [value for value in texts if not isinstance(value, UploadFile) or value.filename]


def _structured(model: type[BaseModel], sent: Mapping[str, list[Any]]) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """Return the values for `model`, and for each list of rows which rows of the page they were."""
    values: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for name, given in sent.items():
        filled = [item.strip() if isinstance(item, str) else item for item in given]
        filled = [item for item in filled if item != ""]
        if not filled or (name in OWN_FIELDS and name not in model.model_fields):
            continue
        if row := ROW.match(name):
            rows.setdefault(row[1], {}).setdefault(int(row[2]), {})[row[3]] = filled[-1]
        else:
            info = model.model_fields.get(name)
            values[name] = filled if info is not None and _takes_many(info.annotation) else filled[-1]
    for name, numbered in rows.items():
        values[name] = [numbered[index] for index in sorted(numbered)]
    return values, {name: sorted(numbered) for name, numbered in rows.items()}


def _takes_many(annotation: object) -> bool:
    origin = get_origin(annotation)
    if origin in (Union, UnionType, Annotated):
        return any(_takes_many(part) for part in get_args(annotation))
    return origin in (list, tuple, set, frozenset)


def _as_sent(name: str, rows: Mapping[str, list[int]]) -> str:
    """Return the name that the field of a row has on the page, where empty rows were skipped."""
    row = ROW.match(name)
    return f"{row[1]}.{rows[row[1]][int(row[2])]}.{row[3]}" if row and row[1] in rows else name
