"""Amounts as bars beside their figures: per month, in parts; a part may be hidden because too few people are in it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Part:
    """One kind of part of every bar, named in the legend; `tone` is 1, 2 or 3 and picks its colour and its hatching."""

    label: str
    tone: int = 1


@dataclass(frozen=True)
class Amount:
    """One bar: its name and a value in cents for each part; None where the value is hidden (R47)."""

    label: str
    cents: tuple[int | None, ...]
    href: str = ""

    @property
    def shown(self) -> int:
        """Return the sum of what may be shown."""
        return sum(value for value in self.cents if value is not None)

    @property
    def hidden(self) -> bool:
        """Return whether a part is hidden; then there is no total either, since it would give the part away."""
        return None in self.cents


@dataclass(frozen=True)
class Segment:
    """A piece of a bar in its place, in hundredths of the width."""

    x: Decimal
    width: Decimal
    tone: int


@dataclass(frozen=True)
class Bars:
    """Bars with their table: the rows are the bars, the columns the parts."""

    parts: tuple[Part, ...]
    amounts: tuple[Amount, ...]

    @property
    def largest(self) -> int:
        """Return what the longest bar stands for; at least one cent, so that a year of nothing can be drawn too."""
        return max([1, *(amount.shown for amount in self.amounts)])

    def segments(self, amount: Amount) -> tuple[Segment, ...]:
        """Return the pieces of one bar, from the left."""
        pieces, x = [], Decimal(0)
        for part, cents in zip(self.parts, amount.cents, strict=True):
            width = share(cents or 0, self.largest)
            pieces.append(Segment(x, width, part.tone))
            x += width
        return tuple(piece for piece in pieces if piece.width)


def share(part: int, whole: int) -> Decimal:
    """Return `part` in hundredths of `whole`, between 0 and 100; nothing of nothing is 0."""
    if whole <= 0:
        return Decimal(0)
    return (Decimal(max(0, min(part, whole))) * 100 / whole).quantize(Decimal("0.01"))
