"""Every column of the medical room that could hold words, from the tables themselves, and which had a canary."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, get_args

from sqlalchemy import JSON, Engine, Insert, LargeBinary, String, Update, event
from sqlalchemy.orm import Mapper
from sqlmodel import SQLModel

STEM = "kanarie"

NO_WORDS = {
    "assessment.cause": "a code of the list of causes",
    "referral_basis.cause": "a code of the list of causes",
    "referral.intervention": "a code of the list of interventions",
    "referral.number": "made by us, and looked for as it is",
    "referral_content.postcode": "four digits",
    "referral_event.action": "the name of an act",
    "referral_event.reason": "a code of one of several lists of reasons",
    "provider_invoice.dispute_reason": "a code of the list of reasons",
    "provider_invoice.lines_digest": "a digest",
    "provider_invoice.corrects_number": "the number of an invoice that is there: looked for as an invoice number",
    "invoice_check.code": "a code of the list of checks",
    "invoice_check.detail": "a sentence of ours with a number or an amount in it",
    "invoice_talk.code": "a code of the list of answers",
    "attachment.sha256": "a digest",
    "attachment_content.key_id": "the name of a key",
    "answered_act.sealed": "sealed by the app before the database sees it, for a day",
    "answered_act.key_id": "the name of a key",
    "answered_act.key_hash": "a digest",
    "answered_act.asked": "a digest",
    "data_key.handle": "the name of a key",
    "data_key.wrapped": "a key, sealed by another",
    "tenant_key.wrapped": "a key, sealed by another",
    "direct_specification.invoice_reference": "digits, held to a pattern by the database",
    "direct_specification.provider_name": "what the employer calls his own provider",
}
"""Columns of text that no canary can be in, each with its reason; whoever adds one puts a canary in or says why."""


def columns_of_words() -> set[str]:
    """Return every column of schema `medical` that holds text or bytes, but for closed lists."""
    return {
        f"{mapper.local_table.name}.{column.name}"  # type: ignore[attr-defined]
        for mapper in medical()
        for column in mapper.local_table.columns
        if isinstance(column.type, String | LargeBinary | JSON) or isinstance(_impl(column.type), String | LargeBinary)
        if not _is_closed(mapper.class_, column.name)
    }


def medical() -> Iterator[Mapper[Any]]:
    """Yield every class whose table stands in the medical room."""
    for mapper in SQLModel._sa_registry.mappers:
        if getattr(mapper.local_table, "schema", None) == "medical":
            yield mapper


def _impl(kind: Any) -> Any:
    return getattr(kind, "impl", None)


def _is_closed(model: Any, name: str) -> bool:
    """Tell whether a column holds one of a list, which the model itself keeps to."""
    annotation = model.model_fields[name].annotation if name in model.model_fields else None
    return any(isinstance(each, type) and issubclass(each, StrEnum) for each in (annotation, *get_args(annotation)))


@contextmanager
def watching() -> Iterator[set[str]]:
    """See which columns of the medical room get a canary while the block runs, whatever becomes of it on its way."""
    seen: set[str] = set()

    def look(_connection: object, clause: Any, many: Any, one: Any, _options: object) -> None:
        if not isinstance(clause, Insert | Update) or getattr(clause.table, "schema", None) != "medical":
            return
        table = str(getattr(clause.table, "name", ""))
        for values in (clause.compile().params, one or {}, *(many or ())):
            names = {NUMBERED.sub("", name) for name, value in values.items() if _holds(value)}
            seen.update(f"{table}.{name}" for name in names)

    event.listen(Engine, "before_execute", look)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_execute", look)


NUMBERED = re.compile(r"_m\d+$")
"""How the values of a row are called when one statement writes several."""


def _holds(value: object) -> bool:
    if isinstance(value, bytes):
        return STEM.encode() in value.lower() or len(value) > LEAST_SEALED
    return isinstance(value, str) and STEM in value.casefold()


LEAST_SEALED = 200
"""Bytes that are longer are a file; of one that is sealed the words cannot be seen, and it was a canary's."""
