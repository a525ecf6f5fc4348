"""Filters in the server's language, put together so that no value can end what it stands in."""

from collections.abc import Iterable

# The server undoes a backslash before a quote and no other one, so these two cannot be written safely at all.
_UNSAFE = str.maketrans(dict.fromkeys('"\\', "\ufffd"))


def plain(value: str) -> str:
    """Return a text as it is kept on the server and asked for there: without signs that could end a quotation."""
    return value.translate(_UNSAFE)


def equal(field: str, value: str | int) -> str:
    """Return the filter for a field that holds exactly this value."""
    return f"{field} = {_written(value)}"


def one_of(field: str, values: Iterable[str | int]) -> str:
    """Return the filter for a field that holds one of these values; nothing passes when there are none."""
    return f"{field} IN [{', '.join(map(_written, values))}]"


def begins(field: str, value: str) -> str:
    """Return the filter for a field with a value that begins so."""
    return f"{field} STARTS WITH {_written(value)}"


def at_most(field: str, number: int) -> str:
    """Return the filter for a number up to and including this one; what has none does not pass."""
    return f"{field} <= {number:d}"


def at_least(field: str, number: int) -> str:
    """Return the filter for a number from this one on; what has none does not pass."""
    return f"{field} >= {number:d}"


def all_of(filters: Iterable[str]) -> str:
    """Return the filter that everything passes that passes all of these, one at the least."""
    return f"({' AND '.join(filters)})"


def any_of(filters: Iterable[str]) -> str:
    """Return the filter that everything passes that passes one of these, one at the least."""
    return f"({' OR '.join(filters)})"


def none_of(filters: Iterable[str]) -> str:
    """Return the filter that everything passes that passes none of these, one at the least."""
    return f"NOT {any_of(filters)}"


def _written(value: str | int) -> str:
    return f'"{plain(value)}"' if isinstance(value, str) else f"{value:d}"
