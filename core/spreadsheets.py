"""Tables as CSV for a spreadsheet: text stays text, whatever it begins with, and is never taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from core.money import euros

MEDIA_TYPE = "text/csv; charset=utf-8"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # by which a spreadsheet knows that this is UTF-8

Cell = str | int | date | Decimal | None


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as CSV the Dutch way: semicolons between cells, a comma before decimals.

    What begins like a formula gets an apostrophe before it, so that no spreadsheet runs it (leak L10).
    """
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def amount(cents: int) -> Decimal:
    """Return cents as the amount that a cell shows."""
    return euros(cents)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" ").startswith(BEGINS_A_FORMULA) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell).replace(".", ",")
